"""The daily e-mail: its readers' pages, which have no session and where a GET never changes anything; and its desk."""

from flask import Blueprint

blueprint = Blueprint("newsletter", __name__, url_prefix="/newsletter")
desk = Blueprint("letter_desk", __name__, url_prefix="/newsroom")  # what editors do with an issue of a day

from portal.web.newsletter import editing, issues, joining, leaving, past_issues, preferring, suppressions  # noqa: E402, F401  # the views join the blueprint
