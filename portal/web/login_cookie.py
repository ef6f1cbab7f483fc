"""Flask-Login whose user id is the token of a row in `sessions`, so that ending the row ends every copy of the cookie.

Flask-Login is not installed in its usual way: that would read the session at every answer, also the public ones.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from flask import Flask, session
from flask_login import LoginManager, UserMixin, current_user, login_user
from sqlalchemy.exc import OperationalError

from portal.actions.accounts import sessions
from portal.actions.accounts.sessions import Login
from portal.rules.logins import ABSOLUTE
from portal.rules.permissions import Person
from portal.settings import Settings
from portal.web.at_hand import now, portal

TOKEN = "_user_id"  # noqa: S105  # the key under which Flask-Login keeps it

_log = structlog.get_logger("portal.web")


class LoggedIn(UserMixin):  # type: ignore[misc]  # Flask-Login comes without types
    """Whom templates know as `current_user`."""

    def __init__(self, token: str, login: Login) -> None:
        self.token = token
        self.login = login

    @property
    def person(self) -> Person:
        return self.login.person

    @property
    def session_id(self) -> int:
        return self.login.session_id

    @property
    def name(self) -> str:
        return self.login.person.name

    @property
    def role(self) -> str:
        return self.login.person.role

    @property
    def organisation_name(self) -> str:
        return self.login.organisation_name

    def get_id(self) -> str:
        return self.token


def install(app: Flask, settings: Settings) -> None:
    app.config.update(
        SESSION_COOKIE_NAME="__Host-portal" if settings.is_https else "portal_session",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=ABSOLUTE,
    )
    manager = LoginManager()
    manager.session_protection = None
    manager.user_loader(load)
    app.login_manager = manager  # type: ignore[attr-defined]  # where Flask-Login looks for it
    app.jinja_env.globals["current_user"] = current_user  # looked at only by pages that name it


def load(token: str) -> LoggedIn | None:
    """The person behind a cookie, as of this request."""
    login = sessions.find(portal(), token, now=now())
    if login is None:
        return None
    _note_use(login, now())
    return LoggedIn(token, login)


def _note_use(login: Login, moment: datetime) -> None:
    try:
        sessions.note_use(portal(), login, now=moment)
    except OperationalError:
        _log.warning("the last use of a session was not noted")


def cookie_token() -> str | None:
    """The token in the cookie, whether its login is still good or not."""
    found: Any = session.get(TOKEN)
    return found if isinstance(found, str) else None


def enter(token: str) -> None:
    """Log in: nothing of the earlier cookie is kept, neither the token nor the key of its forms."""
    session.clear()
    login = sessions.find(portal(), token, now=now())
    if login is not None:
        login_user(LoggedIn(token, login))
    for unused in ("_fresh", "_id"):
        session.pop(unused, None)


def leave() -> None:
    """Log out of this browser; the row is ended by the action."""
    session.clear()
