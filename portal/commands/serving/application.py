"""Asks the application, in a thread: WSGI in, an `Answer` out, packed where the reader takes that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog

from portal.commands.serving.refusals import refusal
from portal.commands.serving.requests import Request, environ_of
from portal.front import compressing
from portal.front.answers import Answer, Headers, as_packed
from portal.front.keeping import KEEP, MARK, Keep

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
WITHOUT_BODY = (204, 304)
PASSED_ON = (
    "host",
    "user-agent",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-port",
)
"""What is told of a request whose answer may be kept for others. Its cookies are not among it."""

_log = structlog.get_logger("portal.web")


class Askable:
    """The application, and where it is asked."""

    def __init__(self, application: Application, here: tuple[str, int]) -> None:
        self._application = application
        self._here = here

    def for_one(self, request: Request) -> Answer:
        """An answer for this request alone."""
        answer = self._told(request, environ_of(request, request.headers, self._here))
        return answer if request.method == "HEAD" else _packed(answer, request.headers)

    def for_all(self, request: Request, target: bytes, mark: int | None) -> tuple[Answer, Keep | None]:
        """The whole answer for this target, made as if nothing were known of who asks; and whether it may be kept."""
        whole = Request("GET", target, request.version, client=request.client)
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        environ = environ_of(whole, headers, self._here)
        environ[MARK] = mark
        return self._told(whole, environ), environ.get(KEEP)

    def _told(self, request: Request, environ: dict[str, Any]) -> Answer:
        said: dict[str, Any] = {}

        def start_response(status: str, headers: Headers, _problem: Any = None) -> Callable[[bytes], None]:
            said.update(status=int(status[:3]), headers=headers)
            return lambda _data: None

        try:
            parts = self._application(environ, start_response)
            try:
                body = b"".join(parts)
            finally:
                getattr(parts, "close", lambda: None)()
        except Exception:  # noqa: BLE001  # whatever it is, its reader gets an answer
            _log.exception("the application failed", path=request.path)
            return refusal(500)
        return Answer(said["status"], said["headers"], body)


def _packed(answer: Answer, headers: Mapping[str, str]) -> Answer:
    kind = answer.header("content-type")
    if answer.header("content-encoding") or not compressing.is_worth_it(kind, len(answer.body)):
        return answer
    coding = compressing.accepted(headers.get("accept-encoding", ""))
    body = compressing.packed(answer.body, coding, quality=compressing.ONCE) if coding else answer.body
    return Answer(answer.status, as_packed(answer.headers, coding), body)
