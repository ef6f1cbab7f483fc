"""Everything that may differ from one machine to the next, read once and refused where it is unsafe."""

from portal.settings.declared import Settings, setting_names, shown_value
from portal.settings.loading import DERIVED, SettingsRefused, load_settings

__all__ = ["DERIVED", "Settings", "SettingsRefused", "load_settings", "setting_names", "shown_value"]
