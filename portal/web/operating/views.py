"""Probes, numbers, and the two files that crawlers and finders of faults look for."""

from __future__ import annotations

from datetime import timedelta
from hmac import compare_digest

from flask import Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST

from portal.rules.refusals import NotFound
from portal.text.mailboxes import mailto
from portal.web.access import access, now, portal, settings
from portal.web.operating import blueprint
from portal.web.operating.numbers import all_numbers
from portal.web.operating.readiness import look

GOING = "going"
"""Extension of the application: whether the process was told to stop."""
KEPT = "kept"
"""Extension: how often a public page was a hit, unchanged, a miss; the server counts."""
CLOSED_TO_CRAWLERS = ("/account/", "/desk", "/newsroom", "/submit/", "/dev/")


@blueprint.get("/healthz")
@access("operator")
def healthz() -> dict[str, str]:
    """The process answers; nothing else is asked."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@access("operator")
def readyz() -> tuple[dict[str, object], int]:
    readiness = look(portal(), is_going=current_app.extensions[GOING])
    return {
        "status": readiness.status,
        "checks": readiness.checks,
    }, 503 if readiness.status == "down" else 200


@blueprint.get("/metrics")
@access("operator")
def metrics() -> Response:
    if not _may_read_numbers():
        raise NotFound
    return Response(
        all_numbers(portal(), now(), current_app.extensions[KEPT]), content_type=CONTENT_TYPE_LATEST
    )


@blueprint.get("/robots.txt")
@access("anyone")
def robots() -> Response:
    closed = [f"Disallow: {path}" for path in CLOSED_TO_CRAWLERS]
    maps = [
        f"Sitemap: {settings().base_url.rstrip('/')}/{name}" for name in ("sitemap.xml", "news-sitemap.xml")
    ]
    return _text("\n".join(["User-agent: *", *closed, "", *maps, ""]))


@blueprint.get("/.well-known/security.txt")
@access("anyone")
def security_txt() -> Response:
    """RFC 9116. It must carry a date at which it stops being true."""
    expires = (now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {_contact()}",
        f"Expires: {expires}",
        "Preferred-Languages: en",
        f"Canonical: {settings().base_url}/.well-known/security.txt",
        "",
    ]
    return _text("\n".join(lines))


def _may_read_numbers() -> bool:
    """In production the token always; in development only where one is set."""
    token = settings().metrics_token
    if not token:
        return not settings().is_production
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return compare_digest(given.encode(), token.encode())


def _contact() -> str:
    address = settings().duty_email or settings().mail_from
    return mailto(address.partition("<")[2].rstrip("> ") if "<" in address else address)


def _text(content: str) -> Response:
    answer = Response(content, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer
