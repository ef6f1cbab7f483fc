"""Which requests ask for the same, and which have to go to the application."""

from __future__ import annotations

import pytest

from portal.front.door import MOST_REMEMBERED, Door

HEADERS = {"host": "press.example"}
PAGES = {"/": (), "/releases/": ("kind", "after"), "/releases/SEAP-2026-AB/a-slug": ()}


def door(proxies: int = 0) -> Door:
    return Door(PAGES.get, ("press.example", "127.0.0.1"), proxies)


def asked(target: str, headers: dict[str, str] | None = None, proxies: int = 0):
    return door(proxies).asked(target.encode(), headers or HEADERS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/", "/?utm_source=letter"),
        ("/releases/?kind=event", "/releases/?kind=event&fbclid=1"),
        ("/releases/?kind=event", "/releases/?x=1&kind=event"),
        ("/releases/SEAP-2026-AB/a-slug", "/releases/SEAP-2026-AB/a%2Dslug"),
    ],
)
def test_the_same_page(one: str, other: str) -> None:
    assert asked(one).key == asked(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/releases/", "/releases/?kind=event"),
        ("/releases/?kind=event", "/releases/?kind=sports"),
        ("/releases/?kind=event&after=1", "/releases/?kind=event&after=2"),
        ("/releases/?kind=", "/releases/"),
    ],
)
def test_different_pages(one: str, other: str) -> None:
    assert asked(one).key != asked(other).key


def test_what_the_page_does_not_read_is_not_told_to_whoever_makes_it() -> None:
    found = asked("/releases/?utm_source=x&kind=event")

    assert found.target == b"/releases/?kind=event"
    assert found.is_all is False
    assert asked("/releases/?kind=event").is_all is True


@pytest.mark.parametrize(
    "target",
    [
        "/desk",
        "/releases/?Kind=event",
        "/releases/?kind%20=event",
        "/nothing",
        "*",
        "/?q=\xe9",
        "/" + "a" * 2001,
    ],
)
def test_what_the_application_is_asked_for_every_time(target: str) -> None:
    assert door().asked(target.encode("latin-1"), HEADERS) is None


@pytest.mark.parametrize(
    ("headers", "proxies", "is_ours"),
    [
        ({"host": "press.example"}, 0, True),
        ({"host": "press.example:8000"}, 0, True),
        ({"host": "evil.example"}, 0, False),
        ({"accept": "*/*"}, 0, False),
        ({"host": "press.example", "x-forwarded-host": "evil.example"}, 0, True),
        ({"host": "press.example", "x-forwarded-host": "evil.example"}, 1, False),
        ({"host": "127.0.0.1", "x-forwarded-host": "evil.example, press.example"}, 1, True),
        ({"host": "127.0.0.1", "x-forwarded-host": "press.example, evil.example"}, 1, False),
        ({"host": "press.example", "x-forwarded-host": "evil.example"}, 2, True),
    ],
)
def test_only_our_own_hosts_are_answered(headers: dict[str, str], proxies: int, is_ours: bool) -> None:
    assert (asked("/", headers, proxies) is not None) is is_ours


def test_made_up_addresses_are_forgotten() -> None:
    remembers = door()
    for number in range(MOST_REMEMBERED + 10):
        remembers.asked(b"/?x=%d" % number, HEADERS)

    assert len(remembers._known) <= MOST_REMEMBERED
