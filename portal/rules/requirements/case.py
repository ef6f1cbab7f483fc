"""What every check is handed: one revision, what was measured in it, and the circumstances."""

from dataclasses import dataclass
from datetime import datetime

from portal.rules.kinds import KINDS
from portal.rules.kinds.fields import Field, Values, typed
from portal.rules.kinds.kind import Kind
from portal.rules.reading import primary_language
from portal.rules.requirements.measured import Measured


@dataclass(frozen=True)
class Case:
    """`declared` holds the names of the declarations that were ticked; None where nobody has been asked yet."""

    kind_name: str
    values: Values
    measured: Measured
    fields: tuple[Field, ...]
    now: datetime
    organisation_name: str
    site_timezone: str
    countries: frozenset[str]
    declared: frozenset[str] | None
    is_correction: bool
    min_embargo_minutes: int
    min_schedule_minutes: int

    @property
    def kind(self) -> Kind:
        return KINDS[self.kind_name]

    @property
    def english(self) -> bool:
        return primary_language(self.values) == "en"

    def typed(self, name: str) -> str:
        return typed(self.values, name)


def public_text(fields: tuple[Field, ...], values: Values, measured: Measured) -> str:
    """All prose that readers would see: headline, lines, facts, quotes and the story."""
    names = [field.name for field in fields if field.public and field.type in ("line", "text")]
    return "\n".join([*(typed(values, name) for name in names if name != "body"), measured.body_text])
