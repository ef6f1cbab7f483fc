"""Who may open an address. Every view says it with `@access(…)`; a view that says nothing opens for nobody.

anyone      public: the session is never touched, so that the answer is the same for all
visitor     account pages: open to all, with a session
logged_in   any person
member      somebody who acts for organisations
newsroom    editors, senior editors, administrators
admin       administrators
operator    probes and programs; the view checks its own token
developer   development only
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Flask, current_app, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.rules import permissions
from portal.rules.permissions import Person
from portal.rules.refusals import NotFound
from portal.web import parked
from portal.web.at_hand import now, portal, settings
from portal.web.tokens_in_forms import require_token

__all__ = ["access", "access_of", "current_person", "now", "portal", "settings", "visiting_person"]

View = TypeVar("View", bound=Callable[..., Any])
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
WITHOUT_SESSION = ("anyone", "operator", "developer")

MAY_ENTER: dict[str, Callable[[Person], bool]] = {
    "logged_in": lambda _person: True,
    "member": lambda person: bool(person.memberships) or person.role == permissions.MEMBER,
    "newsroom": permissions.may_read_newsroom,
    "admin": lambda person: person.role == permissions.ADMIN,
}
LEVELS = (*WITHOUT_SESSION, "visitor", *MAY_ENTER)


def access(level: str) -> Callable[[View], View]:
    """Declare who may enter a view; stands below the route."""
    if level not in LEVELS:
        raise ValueError(f"{level} is no level of access")

    def declare(view: View) -> View:
        view.access = level  # type: ignore[attr-defined]  # functions carry attributes
        return view

    return declare


def access_of(app: Flask, endpoint: str | None) -> str | None:
    """What the view behind an endpoint declared."""
    return getattr(app.view_functions.get(endpoint or ""), "access", None)


def install(app: Flask) -> None:
    access("anyone")(app.view_functions["static"])
    app.before_request(_watch_the_door)


def current_person() -> Person:
    """Who is logged in. Only for views that let nobody else in."""
    person = visiting_person()
    if person is None:
        raise NotFound
    return person


def visiting_person() -> Person | None:
    """Who is logged in, or nobody. For pages with a session."""
    return current_user.person if current_user.is_authenticated else None


def _watch_the_door() -> Response | None:
    if request.endpoint is None:
        return None  # no such address: the 404 follows
    level = access_of(current_app, request.endpoint)
    if level is None:
        raise LookupError(f"the view {request.endpoint} does not say who may enter")
    if level == "developer" and settings().is_production:
        raise NotFound
    return None if level in WITHOUT_SESSION else _let_in_with_session(level)


def _let_in_with_session(level: str) -> Response | None:
    if level != "visitor":
        person = visiting_person()
        if person is None:
            return _ask_to_log_in()
        if not MAY_ENTER[level](person):
            raise NotFound
    if request.method not in SAFE_METHODS:
        require_token()
    return None


def _ask_to_log_in() -> Response:
    """What was typed waits for the same person, where the cookie still says who that was."""
    if request.method in SAFE_METHODS:
        return redirect(login_address(request.full_path.rstrip("?")), 302)
    return redirect(login_address(parked.park_for_expired_login()), 303)


def login_address(then: str) -> str:
    return "/account/login?next=" + quote(then, safe="/")
