"""The public site: the same bytes for everyone, never a session, and only what the one public query gives."""

from flask import Blueprint

blueprint = Blueprint("public", __name__)

from portal.web.public import (  # noqa: E402  # views need the blueprint
    calendar,  # noqa: F401
    feeds,  # noqa: F401
    icons,  # noqa: F401
    reasons,  # noqa: F401
    search,  # noqa: F401
    sitemaps,  # noqa: F401
    spelled,  # noqa: F401
    views,  # noqa: F401
)
