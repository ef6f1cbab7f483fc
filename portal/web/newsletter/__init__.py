"""The daily e-mail: joining, changing and leaving it. No page here has a session; a GET never changes anything."""

from flask import Blueprint

blueprint = Blueprint("newsletter", __name__, url_prefix="/newsletter")

from portal.web.newsletter import issues, joining, leaving, preferring  # noqa: E402, F401  # the views join the blueprint
