"""A form that arrives after its login ran out: kept for the same person, or handed back on the page."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from portal.actions.accounts import parking, sessions
from portal.actions.accounts.parking import Parked
from portal.rules.permissions import Person
from portal.web.at_hand import now, portal
from portal.web.forms import raw
from portal.web.login_cookie import cookie_token
from portal.web.tokens_in_forms import LoginRanOut, refuse_other_sites, require_token

KEPT = "We kept what you typed when your login ran out."
WORDS_WAIT = "Your login ran out. Your words are kept: log in, and they stand in the form again."
LONGEST_PAGE = 300
STANDS_ELSEWHERE = {"/submit": "/edit/check"}
"""How the address of a form ends that stands on no page above it, and how that of its page does: a release is sent from
the check page."""


def install(app: Flask) -> None:
    app.after_request(_forget_what_was_saved)


def take(person: Person, path: str) -> MultiDict[str, str] | None:
    """What this person typed at this page when their login had run out.

    It stays until a form of the page is saved, so that a reload loses nothing.
    """
    form = waiting(person, path)
    return MultiDict(form.fields) if form else None


def waiting(person: Person, path: str) -> Parked | None:
    """The same with the address to which it was sent."""
    if _nothing_waits(person):
        return None
    return parking.parked(portal(), person.id, path, now=now())


def park_for_expired_login() -> str:
    """Keep the posted form for its sender and return the address of its page.

    Raises CSRFError for a bad token and for what another site sent, and LoginRanOut where nobody is known to keep it for:
    its page takes the login and goes on.
    """
    refuse_other_sites()
    sender = _whose_ran_out()
    if sender is None:
        raise LoginRanOut
    require_token()
    return park_for(sender, request.path, raw.everything_typed())


def park_for(person_id: int, sent_to: str, pairs: raw.Pairs) -> str:
    """Keep a form for somebody at the page on which it stands, and return the address of that page."""
    page = page_of(sent_to)
    fields = raw.fit_to_keep(pairs)
    if fields and len(page) <= LONGEST_PAGE:
        parking.park(portal(), person_id, page, Parked(sent_to, fields), now=now())
    return page


def said_at_login(wanted: str | None) -> str | None:
    """That words wait behind this login; nothing where none do."""
    sender = _whose_ran_out() if wanted else None
    waits = sender is not None and parking.parked(portal(), sender, str(wanted), now=now()) is not None
    return WORDS_WAIT if waits else None


def _whose_ran_out() -> int | None:
    token = cookie_token()
    return sessions.whose_ran_out(portal(), token) if token else None


def page_of(path: str) -> str:
    """The page on which a form stands: the address itself, or the nearest one above it that can be opened; a few stand
    somewhere else."""
    for ending, page in STANDS_ELSEWHERE.items():
        if path.endswith(ending) and _opens(path.removesuffix(ending) + page):
            return path.removesuffix(ending) + page
    while path and not _opens(path):
        path = path.rpartition("/")[0]
    return path or "/desk"


def _opens(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter is not None and bool(adapter.match(path, method="GET"))
    except HTTPException:
        return False


def _forget_what_was_saved(response: Response) -> Response:
    """The same form has been accepted now. Another form of the same page leaves what waits alone."""
    if request.method != "POST" or response.status_code != 303 or "_login_user" not in g:
        return response
    if current_user.is_authenticated and not _nothing_waits(current_user.person):
        page = page_of(request.path)
        form = parking.parked(portal(), current_user.person.id, page, now=now())
        if form is not None and form.sent_to == request.path:
            parking.forget(portal(), current_user.person.id, page)
    return response


def _nothing_waits(person: Person) -> bool:
    """Known with the login, so that most pages need not ask."""
    login = current_user.login if current_user.is_authenticated else None
    return login is not None and login.person.id == person.id and not login.has_parked
