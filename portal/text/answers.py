"""An answer to one question of a form, cleaned: the one rule that forms and actions share."""

from portal.rules.kinds.fields import Field
from portal.text import plain

SEVERAL_LINES = "text"


def cleaned(field: Field, typed: str) -> str:
    """NFC, without control and override characters; on one line, unless the field takes several."""
    return plain.clean_text(typed) if field.type == SEVERAL_LINES else plain.clean_line(typed)
