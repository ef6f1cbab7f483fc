"""An answer to one question of a form, cleaned: the one rule that forms and actions share."""

from portal.rules.kinds.fields import Field
from portal.text import plain

SEVERAL_LINES, TICK = "text", "tick"


def cleaned(field: Field, typed: str) -> str:
    """NFC, without control and override characters; on one line, unless the field takes several. A tick is `y` or empty."""
    if field.type == TICK:
        return "y" if typed == "y" else ""
    return plain.clean_text(typed) if field.type == SEVERAL_LINES else plain.clean_line(typed)
