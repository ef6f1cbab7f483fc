"""An answer to one question of a form, cleaned: the one rule that forms and actions share."""

from portal.rules.kinds.fields import Field
from portal.text import plain
from portal.text.addresses import completed, mail_typed
from portal.text.zones import named_zone

SEVERAL_LINES, TICK, MAIL, SITE, ZONE = "text", "tick", "email", "url", "zone"


def cleaned(field: Field, typed: str) -> str:
    """NFC, without control and override characters; on one line, unless the field takes several. A tick is `y` or empty.

    A web address is completed (`www.example.org`), a city becomes its zone (`London`); what cannot be read stays as typed.
    """
    if field.type == TICK:
        return "y" if typed == "y" else ""
    if field.type == SEVERAL_LINES:
        return plain.clean_text(typed)
    line = plain.clean_line(typed)
    if field.type == ZONE:
        return named_zone(line)
    if field.type == SITE:
        return completed(line) or line
    return mail_typed(line) if field.type == MAIL else line
