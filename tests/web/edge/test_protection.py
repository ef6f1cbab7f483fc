"""What every answer carries, whatever the address."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from portal.app import create_app
from portal.settings import Settings
from portal.storage.unit_of_work import silent
from portal.web.access import LEVELS, access_of
from portal.web.static_files import static_url
from tests.rigs.people import StandingClock
from tests.rigs.visitor import Visitor

PUBLIC = [
    "/",
    "/releases/",
    "/feeds/all.rss",
    "/newsletter",
    "/robots.txt",
    "/.well-known/security.txt",
    "/nothing-here",
    "/releases/SEAP-2026-ZZZZZ/x",
]
SECRET = "k3Jx9mQ2vL7pR4sT8wZ1yB6nC5dF0gH-"


@pytest.fixture
def production(portal_settings: Settings, standing_clock: StandingClock) -> Iterator[Flask]:
    made = create_app(
        replace(
            portal_settings,
            env="production",
            base_url="https://press.example.org",
            secret_key=SECRET,
            allowed_hosts=("press.example.org",),
            metrics_token="a token for numbers",
        ),
        clock=standing_clock,
        doorbell=silent,
    )
    made.extensions["portal"].settings.instance_path.mkdir(exist_ok=True)
    yield made
    made.extensions["portal"].database.dispose()


def paths_of(app: Flask) -> list[str]:
    """An address for every route that can be opened."""
    values = {
        "filename": "portal.css", "which": "all", "form": "rss", "reference": "SEAP-2026-ZZZZZ", "slug": "x",
        "token": "1-x", "code": "HYPE", "name": "x.eml", "page": "news", "number": 1, "on": "2026-03-24",
    }  # fmt: skip
    with app.test_request_context():
        adapter = app.create_url_adapter(None)
        urls = app.url_map.bind("localhost")
        assert adapter is None or adapter is not None
        return [
            urls.build(rule.endpoint, {name: values[name] for name in rule.arguments})
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ())
        ]


def test_every_route_says_who_may_enter(portal_app: Flask) -> None:
    silent_routes = [
        rule.rule
        for rule in portal_app.url_map.iter_rules()
        if access_of(portal_app, rule.endpoint) not in LEVELS
    ]

    assert silent_routes == []


def test_every_answer_carries_the_headers(portal_app: Flask, stranger: Visitor) -> None:
    for path in [*paths_of(portal_app), "/nothing-here"]:
        headers = stranger.open(path).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy, path
        for words in ("default-src 'none'", "base-uri 'none'", "form-action 'self'"):
            assert words in policy, path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert headers["Permissions-Policy"], path
        assert headers["Cache-Control"], path
        assert "Server" not in headers, path
        assert "Strict-Transport-Security" not in headers, path


def test_no_page_has_a_script_or_a_style_of_its_own(
    portal_app: Flask, member: Visitor, editor: Visitor
) -> None:
    for path in paths_of(portal_app):
        for visitor in (member, editor):
            page = visitor.open(path)
            # A letter is a mail: it brings its styles, and stands in a frame with a policy of its own.
            is_letter = path.startswith("/newsroom/newsletter/letter/")
            if page.mimetype == "text/html" and path != "/newsroom" and not is_letter:
                assert "<style" not in page.text, path
                assert ' style="' not in page.text, path
                assert " onclick=" not in page.text, path


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_neither_set_nor_read_the_cookie(member: Visitor, stranger: Visitor, path: str) -> None:
    for visitor in (member, stranger):
        answer = visitor.open(path)
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
    assert member.open(path).text == stranger.open(path).text or path in (
        "/nothing-here",
        "/releases/SEAP-2026-ZZZZZ/x",
    )


def test_pages_with_a_session_are_never_stored(member: Visitor) -> None:
    for path in ("/desk", "/desk/organisation", "/account/security", "/account/login", "/account/register"):
        assert member.open(path).headers["Cache-Control"] == "no-store", path


@pytest.mark.parametrize("path", ["/", "/account/login", "/healthz", "/static/portal.css", "/nothing-here"])
def test_a_foreign_host_is_refused(stranger: Visitor, path: str) -> None:
    answer = stranger.open(path, headers={"Host": "evil.example"})

    assert answer.status_code == 400
    assert "evil.example" not in answer.text


def test_only_the_named_host_is_served_in_production(production: Flask) -> None:
    client = production.test_client()

    assert client.get("/healthz", headers={"Host": "press.example.org"}).status_code == 200
    assert client.get("/healthz", headers={"Host": "127.0.0.1:8000"}).status_code == 400


def test_production_asks_for_https_and_a_guarded_cookie(production: Flask) -> None:
    answer = production.test_client().get("/account/login", base_url="https://press.example.org")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-portal=")
    for words in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert words in cookie
    assert "Domain" not in cookie


def test_the_mailbox_is_there_in_development_only(production: Flask, stranger: Visitor) -> None:
    assert stranger.open("/dev/mailbox").status_code == 200
    assert (
        production.test_client().get("/dev/mailbox", base_url="https://press.example.org").status_code == 404
    )


def test_numbers_need_their_token(production: Flask) -> None:
    importlib.import_module("workers.queues")  # where the doorbell counts; a running portal has it loaded
    client = production.test_client()
    address = {"path": "/metrics", "base_url": "https://press.example.org"}

    assert client.get(**address).status_code == 404
    assert client.get(**address, headers={"Authorization": "Bearer wrong"}).status_code == 404
    answer = client.get(**address, headers={"Authorization": "Bearer a token for numbers"})
    assert answer.status_code == 200
    for name in (
        "portal_queue_oldest_seconds",
        "portal_outbox_pending",
        "portal_outbox_oldest_seconds",
        "portal_unexamined",
        "portal_requests_total",
        "portal_doorbell_failures_total",
    ):
        assert name in answer.text


def test_forwarded_headers_count_only_behind_a_proxy(portal_settings: Settings) -> None:
    seen = {}
    for hops in (0, 1):
        app = create_app(replace(portal_settings, proxy_hops=hops), doorbell=silent)
        with app.test_client() as client:
            from flask import request

            client.get("/healthz", headers={"X-Forwarded-For": "203.0.113.9"})
            seen[hops] = request.remote_addr
        app.extensions["portal"].database.dispose()

    assert seen == {0: "127.0.0.1", 1: "203.0.113.9"}


def test_a_static_file_with_its_mark_is_kept_for_a_year(stranger: Visitor) -> None:
    assert "max-age=31536000" in stranger.open(static_url("portal.css")).headers["Cache-Control"]


@pytest.mark.parametrize(
    "address", ["portal.css", "portal.css?v=abc", "portal.css?v={}&v=1", "./portal.css?v={}"]
)
def test_a_static_file_under_any_other_address_is_asked_for_anew(stranger: Visitor, address: str) -> None:
    """A shared cache that was asked for a mark to come would keep the file of today under it for a year."""
    _, _, mark = static_url("portal.css").partition("?v=")

    assert stranger.open("/static/" + address.format(mark)).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/releases/%00", "/releases/?org=%00", "/account/confirm/%00", "/?after=a%00b"]
)
def test_an_address_that_no_row_could_hold_is_not_there(stranger: Visitor, path: str) -> None:
    assert stranger.open(path).status_code == 404
