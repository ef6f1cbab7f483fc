"""How public answers are sent: kept for a moment by caches, asked for again by their ETag, never tied to a visitor.

Browsers ask anew every time (an editor who approves must see it at once) and mostly get a 304. Shared caches may
keep an answer for a minute, but never past the instant in which the next release becomes due.
"""

from datetime import datetime
from hashlib import sha256

from flask import Response, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from portal.storage.queries import public_releases

HTML = "text/html; charset=utf-8"
ONE_DAY = 24 * 60 * 60
LONGEST_LIFE = 60
"""Seconds."""


def open_to_scripts(response: AnyResponse) -> AnyResponse:
    """Feeds and calendars may be read by the scripts of any site: they are the same for all and need no login."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def fixed_answer(body: str, content_type: str = HTML) -> AnyResponse:
    """A page that shows no release, so that nothing can become due on it."""
    return _answer(body, _kept_for(LONGEST_LIFE), content_type)


def file_answer(body: bytes, content_type: str) -> AnyResponse:
    """A file of the program, which changes with the program alone: kept for a day."""
    return _answer(body, f"public, max-age={ONE_DAY}", content_type)


def public_answer(
    session: Session,
    now: datetime,
    body: str | bytes,
    *,
    content_type: str = HTML,
    changed: datetime | None = None,
    status: int = 200,
) -> AnyResponse:
    """A body that is the same for all, or the 304 that says it has not changed. `changed` becomes Last-Modified."""
    return _answer(body, lifetime(session, now), content_type, changed, status)


def moved_for_good(session: Session, now: datetime, address: str) -> AnyResponse:
    """A 301 that caches forget as soon as anything else of ours."""
    response = Response(status=301, content_type="text/plain; charset=utf-8")
    response.headers["Location"] = address
    response.headers["Cache-Control"] = lifetime(session, now)
    return response


def lifetime(session: Session, now: datetime) -> str:
    """The Cache-Control of a public answer."""
    due = public_releases.next_change(session, now)
    seconds = LONGEST_LIFE if due is None else min(LONGEST_LIFE, int((due - now).total_seconds()))
    return _kept_for(seconds)


def _kept_for(seconds: int) -> str:
    return f"public, max-age=0, s-maxage={seconds}"


def _answer(
    body: str | bytes,
    cache_control: str,
    content_type: str,
    changed: datetime | None = None,
    status: int = 200,
) -> AnyResponse:
    response = Response(body, status=status, content_type=content_type)
    response.headers["Cache-Control"] = cache_control
    # Made from the body, which holds public things only: so nothing hidden can move it.
    response.set_etag(sha256(response.get_data()).hexdigest()[:32])
    if changed is not None:
        response.last_modified = changed.replace(microsecond=0)
    # What is gone is said as often as somebody asks.
    return response.make_conditional(request) if status == 200 and _may_be_304(response) else response


def _may_be_304(response: Response) -> bool:
    """By the ETag, or by exactly our own date: a release that left a list can make the newest date an older one."""
    if "If-None-Match" in request.headers:
        return True
    return response.last_modified is not None and request.if_modified_since == response.last_modified
