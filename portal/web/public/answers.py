"""How public answers are sent: kept for a moment by caches, asked for again by their ETag, never tied to a visitor.

Browsers ask anew every time (an editor who approves must see it at once) and mostly get a 304. Shared caches may keep an
answer for a second, and never past the instant in which the next release becomes due: whoever obeys us forgets a killed
text within that second. Our own process keeps what it has made (`portal/front`), so asking anew costs nearly nothing.
"""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from flask import Flask, Response, current_app, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from portal.front.keeping import Keep
from portal.front.next_changes import NextChanges
from portal.storage.queries import public_releases
from portal.web.at_hand import mark_before, may_be_kept

BY_PROGRAM = Keep(by_program_alone=True)
HTML = "text/html; charset=utf-8"
ONE_DAY = 24 * 60 * 60
LONGEST_LIFE = 1
"""Seconds in a shared cache that nobody tells of a kill."""


def open_to_scripts(response: AnyResponse) -> AnyResponse:
    """Feeds and calendars may be read by the scripts of any site: they are the same for all and need no login."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def fixed_answer(body: str, content_type: str = HTML) -> AnyResponse:
    """A page that shows no release, so that nothing can become due on it."""
    return _answer(body, _kept_for(LONGEST_LIFE), content_type, keep=BY_PROGRAM)


def file_answer(body: bytes, content_type: str) -> AnyResponse:
    """A file of the program, which changes with the program alone: kept for a day."""
    return _answer(body, f"public, max-age={ONE_DAY}", content_type, keep=BY_PROGRAM)


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
    may_be_kept(Keep())
    response = Response(status=301, content_type="text/plain; charset=utf-8")
    response.headers["Location"] = address
    response.headers["Cache-Control"] = lifetime(session, now)
    _for_a_second(response)
    return response


def lifetime(session: Session, now: datetime) -> str:
    """The Cache-Control of a public answer."""
    due = next_change(session, now)
    seconds = LONGEST_LIFE if due is None else min(LONGEST_LIFE, int((due - now).total_seconds()))
    return _kept_for(seconds)


def _for_a_second(response: Response) -> None:
    """nginx counts whole seconds and would make two of one, so it is told to keep nothing at all."""
    response.headers["X-Accel-Expires"] = "0"


def next_change(session: Session, now: datetime) -> datetime | None:
    """When the next release becomes due or leaves the lists; asked once for all answers between two changes."""
    known: NextChanges = current_app.extensions["next_changes"]
    return known.after(now, mark_before(), lambda moment: public_releases.next_change(session, moment))


def next_change_of(app: Flask) -> Callable[[datetime, int], datetime | None]:
    """The same for whoever keeps answers; asked with a moment, and with the mark that was read before it."""
    known: NextChanges = app.extensions["next_changes"]
    database = app.extensions["portal"].database

    def ask(moment: datetime) -> datetime | None:
        with database.reading() as session:
            return public_releases.next_change(session, moment)

    return lambda moment, mark: known.after(moment, mark, ask)


def _kept_for(seconds: int) -> str:
    return f"public, max-age=0, s-maxage={seconds}, stale-while-revalidate=0"


def _answer(
    body: str | bytes,
    cache_control: str,
    content_type: str,
    changed: datetime | None = None,
    status: int = 200,
    keep: Keep | None = None,
) -> AnyResponse:
    may_be_kept(keep or Keep())
    response = Response(body, status=status, content_type=content_type)
    response.headers["Cache-Control"] = cache_control
    if "s-maxage" in cache_control:
        _for_a_second(response)
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
