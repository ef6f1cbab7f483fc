"""What a form of the desk or the newsroom carries besides its fields."""

from flask import request

from portal.rules.issues import blocking
from portal.rules.refusals import Invalid

MISSING_VERSION = "This form came without its version. Open the page again and send it from there."


def fields() -> dict[str, str]:
    """Every posted field; of a tick and its hidden companion the last one counts."""
    return {name: request.form.getlist(name)[-1] for name in request.form}


def version() -> int:
    """The version of the release that the page showed. Raises Invalid where it is missing or no number."""
    text = request.form.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid(MISSING_VERSION, [blocking("FORMAT", "version", MISSING_VERSION)])
    return int(text)
