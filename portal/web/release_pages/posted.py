"""What a form of the desk or the newsroom carries besides its fields."""

from flask import request

from portal.rules.issues import blocking
from portal.rules.refusals import Invalid
from portal.text import plain

MISSING_VERSION = "This form came without its version. Open the page again and send it from there."


def fields() -> dict[str, str]:
    """Every posted field; of a tick and its hidden companion the last one counts."""
    return {name: request.form.getlist(name)[-1] for name in request.form}


def words(name: str) -> str:
    """A text of several lines, cleaned; empty where the form has none."""
    return plain.clean_text(fields().get(name, ""))


def line(name: str) -> str:
    """The same on one line."""
    return plain.clean_line(fields().get(name, ""))


def chosen(name: str) -> list[str]:
    """What was ticked or selected; a select in which nothing is chosen, and the companion of ticks, send nothing."""
    return [value for value in request.form.getlist(name) if value]


def version() -> int:
    """The version of the release that the page showed. Raises Invalid where it is missing or no number."""
    text = request.form.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid(MISSING_VERSION, [blocking("FORMAT", "version", MISSING_VERSION)])
    return int(text)
