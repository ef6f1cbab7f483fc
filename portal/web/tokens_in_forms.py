"""The token in every form, against requests that another site makes in somebody's name."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import BadRequest


class LoginRanOut(BadRequest):
    """A form came without a login, from nobody that we know; its text is handed back."""


def require_token() -> None:
    """Raises CSRFError for a missing, foreign or stale token, and for a request that another site made."""
    refuse_other_sites()
    protect: CSRFProtect = current_app.extensions["csrf"]
    protect.protect()


def refuse_other_sites() -> None:
    """Raises CSRFError for a request that another site made."""
    if made_by_another_site():
        raise CSRFError("The request came from another site.")


def made_by_another_site() -> bool:
    """Browsers say where a form came from; programs say nothing, and then the token alone decides."""
    if request.headers.get("Sec-Fetch-Site", "") in ("cross-site", "same-site"):
        return True
    origin = request.headers.get("Origin")
    return origin is not None and _host_in(origin) != request.host.lower()


def _host_in(origin: str) -> str | None:
    """Host and port of an Origin; None for `null` and for what cannot be read as an address."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None
