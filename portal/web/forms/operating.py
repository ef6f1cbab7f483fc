"""The form of the health page."""

from __future__ import annotations

from portal.web.forms.fields import Text
from portal.web.forms.protocol import PortalForm


class LiftHoldForm(PortalForm):
    """Which clock was compared; then what is due goes public."""

    message = Text(
        "Which clock did you compare, and what did you find?",
        "Kept in the records with your name.",
        required=True,
        rows=2,
    )
