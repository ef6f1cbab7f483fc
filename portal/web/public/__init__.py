"""The public site: the same bytes for everyone, never a session, and only what the one public query gives."""

from flask import Blueprint

blueprint = Blueprint("public", __name__)

from portal.web.public import feeds, newsletter, reasons, views  # noqa: E402, F401  # views need the blueprint
