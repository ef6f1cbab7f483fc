"""What every answer carries and every request must satisfy, whatever the view: headers, hosts, sizes, ids."""

from __future__ import annotations

import secrets
import time

import structlog
from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFProtect
from prometheus_client import Counter, Histogram
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.front.keeping import Keep
from portal.rules.refusals import NotFound
from portal.settings import Settings
from portal.web.access import WITHOUT_SESSION, access_of
from portal.web.at_hand import may_be_kept
from portal.web.forms.decoding import MOST_FIELDS
from portal.web.static_files import static_url

LARGEST_REQUEST = 4 * 1024 * 1024
"""Bytes. Beyond this nothing is read."""
LARGEST_FORM = 2_400_000
"""Bytes. A body of 200,000 Burmese letters takes 1.8 million when it is posted; a larger form is read only to
hand its text back."""
LARGEST_FORM_OF_A_STRANGER = 64 * 1024
"""Bytes, for the forms that are open to everybody: the largest of them, a registration, is a hundredth of that."""

POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' data:; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "manifest-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "object-src 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
PROBES = ("operating.healthz", "operating.readyz")
SEARCHED = ("public.search", "public.listing")
ONE_YEAR = "public, max-age=31536000, immutable"

REQUESTS = Counter("portal_requests_total", "Answers by status.", ["status"])
SECONDS = Histogram("portal_request_seconds", "Time from the first look at a request to its answer.")

_log = structlog.get_logger("portal.web")


def install(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=list(settings.allowed_hosts),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        MAX_FORM_PARTS=MOST_FIELDS,
        WTF_CSRF_CHECK_DEFAULT=False,  # access.py asks for the token once it knows who may enter
        WTF_CSRF_TIME_LIMIT=None,  # it lives as long as its session; whoever writes for hours loses nothing
        WTF_CSRF_SSL_STRICT=False,  # Origin and Sec-Fetch-Site are looked at instead
    )
    CSRFProtect(app)
    app.before_request(_begin)
    app.before_request(_refuse_unstorable_addresses)
    app.before_request(_refuse_large_forms)
    app.after_request(_protect)
    app.after_request(_record)
    app.extensions["headers"] = HEADERS | (
        {"Strict-Transport-Security": STRICT_TRANSPORT} if settings.is_production else {}
    )
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _begin() -> None:
    g.request_id = secrets.token_hex(8)
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _refuse_unstorable_addresses() -> None:
    """No row has a NUL in it, and PostgreSQL will not even be asked about one. In the words of a search it is a blank."""
    words = ("q",) if request.endpoint in SEARCHED else ()
    if "\x00" in request.path or any(
        "\x00" in request.args[name] for name in request.args if name not in words
    ):
        raise NotFound


def _refuse_large_forms() -> None:
    if request.routing_exception is None and (request.content_length or 0) > largest_form():
        raise RequestEntityTooLarge


def largest_form() -> int:
    """Bytes, for the view of this request.

    A form that needs a login may come after its login was lost: then its text is handed back, so it may be large; and so
    may the form that logs in, which carries that text along.
    """
    is_open_to_all = access_of(current_app, request.endpoint) in (*WITHOUT_SESSION, "visitor")
    carries = request.endpoint == "accounts.send_login"
    return LARGEST_FORM_OF_A_STRANGER if is_open_to_all and not carries else LARGEST_FORM


def _protect(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code in (200, 304):
        _protect_file(response)
    for name, value in _app_headers().items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-Id"] = g.get("request_id", "")
    return response


def _protect_file(response: Response) -> None:
    """A file under the mark of its content never changes; under any other it is asked for anew."""
    response.headers["Cache-Control"] = ONE_YEAR if "v" in request.args else "no-cache"
    name = (request.view_args or {}).get("filename", "")
    if request.args.get("v") and f"?v={request.args['v']}" in static_url(name):
        may_be_kept(Keep(by_program_alone=True))


def _app_headers() -> dict[str, str]:
    headers: dict[str, str] = current_app.extensions["headers"]
    return headers


def _record(response: Response) -> Response:
    took = time.perf_counter() - g.get("began", time.perf_counter())
    REQUESTS.labels(response.status_code).inc()
    SECONDS.observe(took)
    # A probe that is well asks again and again, and says nothing new.
    says_nothing = request.endpoint in PROBES and response.status_code == 200
    (_log.debug if says_nothing else _log.info)(
        "request",
        method=request.method,
        route=request.url_rule.rule if request.url_rule else "(none)",
        status=response.status_code,
        ms=round(took * 1000, 1),
    )
    return response
