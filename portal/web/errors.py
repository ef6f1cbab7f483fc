"""Refusals become pages. None says more than its reader may know, and none throws away what was typed."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from flask import Flask, current_app, g, make_response, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge, SecurityError
from werkzeug.wrappers import Response

from portal.rules.facts import FACTS
from portal.rules.refusals import BeingRead, Conflict, Invalid, NotFound, Throttled, Winner
from portal.web import login_lost, parked
from portal.web.access import WITHOUT_SESSION, access_of
from portal.web.at_hand import clock_zone
from portal.web.forms import raw
from portal.web.forms.accounts import LoginForm
from portal.web.forms.labels import labelled
from portal.web.forms.ticks import tick_names
from portal.web.protection import LARGEST_FORM, largest_form
from portal.web.times import clock, when
from portal.web.tokens_in_forms import LoginRanOut

WITH_A_PAGE = (400, 404, 409, 410, 413, 429, 500, 503)
_log = structlog.get_logger("portal.web")


def install(app: Flask) -> None:
    answers: tuple[tuple[type[Exception], Callable[..., Response]], ...] = (
        (CSRFError, _stale_token),
        (LoginRanOut, _login_ran_out),
        (NotFound, _not_found),
        (Conflict, _conflict),
        (Invalid, _invalid),
        (Throttled, _throttled),
        (RequestEntityTooLarge, _too_large),
        (OperationalError, _database_away),
        (PoolExhausted, _database_away),
        (SecurityError, _foreign_host),
        (HTTPException, _plain),
        (Exception, _failed),
    )
    for kind, answer in answers:
        app.register_error_handler(kind, answer)


def error_page(status: int, template: str = "", /, **words: object) -> Response:
    """The page of a status; what was typed is handed back by the templates that take it."""
    known = {
        "status": status,
        "kept": labelled(request.path, readable_fields()),
        "ticks": tick_names(),
        "action": request.path,
        "request_id": g.get("request_id", ""),
        "has_session": access_of(current_app, request.endpoint) not in WITHOUT_SESSION,
    }
    page = render_template(template or f"errors/{status}.html", **(known | words))
    return make_response(page, status)


def readable_fields() -> list[tuple[str, str]]:
    """What was posted, where it can be read at all."""
    if request.method != "POST":
        return []
    try:
        return raw.everything_typed()
    except HTTPException:
        return []


def sentence_about(winner: Winner | None) -> str:
    """Who did what, when: `Aye Chan approved the release (24 Mar 2026, 11:20 GMT+8).`"""
    if winner is None:
        return ""
    what = FACTS[winner.fact].told_of(_who(winner)).rstrip(".")
    return f"{what} ({when(winner.at, clock_zone())})."


def _who(winner: Winner) -> str:
    """By name; oneself as such, since one's own other tab looks like a stranger's work."""
    is_oneself = winner.user_id is not None and current_user.is_authenticated
    if is_oneself and current_user.person.id == winner.user_id:
        return "You, in another tab,"
    return winner.name or "Somebody"


def told(refusal: Conflict) -> str:
    """Why not, and who did what, when."""
    winner = refusal.winner
    if isinstance(refusal, BeingRead) and winner is not None and winner.fact in ("claimed", "taken_over"):
        return f"{winner.name} has been reading it since {clock(winner.at, clock_zone())}."
    return f"{refusal.sentence} {sentence_about(winner)}".strip()


def _stale_token(_refusal: CSRFError) -> Response:
    return error_page(400, "errors/token.html")


def _login_ran_out(_refusal: LoginRanOut) -> Response:
    return login_lost.page(LoginForm(next=parked.page_of(request.path)), readable_fields(), request.path, 400)


def _not_found(_refusal: NotFound) -> Response:
    return error_page(404)


def _conflict(refusal: Conflict) -> Response:
    return error_page(409, message=told(refusal))


def _invalid(refusal: Invalid) -> Response:
    return error_page(422, "errors/400.html", heading="We can’t take that yet", message=refusal.sentence)


def _throttled(refusal: Throttled) -> Response:
    answer = error_page(429, message=refusal.sentence, retry_after=refusal.retry_after)
    answer.headers["Retry-After"] = str(refusal.retry_after)
    return answer


def _too_large(_refusal: RequestEntityTooLarge) -> Response:
    """Handed back is only what is longest in this portal, a release; the body of a stranger's form is not read at all."""
    return error_page(413, **({} if largest_form() == LARGEST_FORM else {"kept": []}))


def _database_away(problem: Exception) -> Response:
    _log.error("the database does not answer", problem=type(problem).__name__)
    answer = error_page(503)
    answer.headers["Retry-After"] = "5"
    return answer


def _foreign_host(_problem: SecurityError) -> Response:
    """Somebody else's name for this site: nothing is handed back there."""
    return error_page(400, kept=[])


def _plain(problem: HTTPException) -> Response:
    """What Flask and Werkzeug refuse by themselves: same pages, same words."""
    status = problem.code or 500
    if status < 400:
        return problem.get_response()  # redirects of the router
    answer = (
        error_page(status)
        if status in WITH_A_PAGE
        else error_page(status, "errors/simple.html", **_words(status))
    )
    if isinstance(problem, MethodNotAllowed):
        answer.headers["Allow"] = ", ".join(problem.valid_methods or ())
    return answer


def _words(status: int) -> dict[str, object]:
    if status == 405:
        return {
            "status": status,
            "heading": "This address takes something else",
            "message": "The page cannot be opened, or not be sent to, in this way. Go back and use its button.",
        }
    return {"status": status, "heading": "We can’t answer that", "message": "Go back and try it another way."}


def _failed(problem: Exception) -> Response:
    _log.error("a request failed", exc_info=(type(problem), problem, problem.__traceback__))
    return error_page(500)
