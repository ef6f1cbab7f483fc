"""An answer to one question of a form, cleaned: the one rule that forms and actions share."""

from portal.rules.kinds.fields import Field
from portal.text import plain
from portal.text.addresses import completed, mail_typed
from portal.text.languages import tag_of
from portal.text.zones import zone_of

SEVERAL_LINES, TICK, MAIL, SITE, LANGUAGE, ZONE = "text", "tick", "email", "url", "language", "zone"


def cleaned(field: Field, typed: str) -> str:
    """NFC, without control and override characters; on one line, unless the field takes several. A tick is `y` or empty.

    A web address is completed (`www.example.org`), a language named by its tag (`Burmese`: `my`), a zone by its name (`London`: `Europe/London`); what cannot be read
    stays as typed.
    """
    if field.type == TICK:
        return "y" if typed == "y" else ""
    if field.type == SEVERAL_LINES:
        return plain.clean_text(typed)
    line = plain.clean_line(typed)
    if field.type == SITE:
        return completed(line) or line
    if field.type == LANGUAGE:
        return tag_of(line) or line
    if field.type == ZONE:
        return zone_of(line) or line
    return mail_typed(line) if field.type == MAIL else line
