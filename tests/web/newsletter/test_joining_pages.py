"""Asking for the daily e-mail by its pages: no session, one answer for all, nothing typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.actions.mailing import suppressing
from portal.rules.kinds import KINDS
from portal.rules.login_limits import LIMITS, NEWSLETTER
from tests import builders
from tests.builders import NOON
from tests.rigs.readers import READER


def ticked(page):
    return set(re.findall(r'name="(?:kinds|places)" value="([\w-]+)" checked', page.text))


def wrong_fields(page):
    return set(re.findall(r'<p class="err" id="(\w+)-error"', page.text))


@pytest.fixture
def releases(portal_app):
    with portal_app.extensions["portal"].work() as work:
        found = builders.published_release(work, city="Ipoh", country="MY", at=NOON - timedelta(hours=1))
        builders.scheduled_release(work, city="Vientiane", country="LA", live_from=NOON + timedelta(days=1))
        work.commit()
    return found


def test_the_page_offers_kinds_and_the_places_that_have_public_releases(visitor, releases):
    page = visitor.get("/newsletter").text

    assert re.findall(r'name="kinds" value="(\w+)"', page) == list(KINDS)
    assert re.findall(r'name="places" value="([\w-]+)"', page) == ["malaysia"]
    assert "One more tap follows" in page


@pytest.mark.parametrize("where", ["/", "/releases/", "release", "/search"])
def test_the_form_stands_beside_the_news(visitor, releases, where):
    address = f"/releases/{releases.reference}/{releases.slug}" if where == "release" else where
    page = visitor.get(address).text
    box = page.partition('action="/newsletter"')[2].partition("</form>")[0]

    assert 'name="email"' in box
    assert box.count('name="kinds"') == len(KINDS)
    assert "csrf_token" not in box
    assert re.findall(r'name="places" value="([\w-]+)"', box) == ([] if where == "/search" else ["malaysia"])
    assert "One more tap follows" in page


def test_every_address_is_answered_alike(visitor, readers):
    readers.confirmed("known@home.example")
    with readers.portal.work() as work:
        suppressing.suppress(work, "refused@home.example", reason="refused", detail="", now=NOON)
        work.commit()

    answers = [
        visitor.post(path, data={"email": f"{who}@home.example"})
        for path in ("/newsletter", "/newsletter/preferences")
        for who in ("known", "unknown", "refused")
    ]

    assert {(each.status_code, each.headers["Location"]) for each in answers} == {(303, "/newsletter/sent")}
    assert len({each.data for each in answers}) == 1
    assert not any("Set-Cookie" in each.headers for each in answers)
    assert "Look in spam" in visitor.get("/newsletter/sent").text


def test_a_bad_address_comes_back_with_everything_kept(visitor):
    page = visitor.post(
        "/newsletter",
        data={"email": "<b>nobody", "kinds": ["sports", "event"], "places": ["laos", "malaysia"]},
    )

    assert page.status_code == 422
    assert wrong_fields(page) == {"email"}
    assert 'value="&lt;b&gt;nobody"' in page.text
    assert ticked(page) == {"sports", "event", "laos", "malaysia"}
    assert 'role="alert"' in page.text
    assert "Set-Cookie" not in page.headers


def test_too_many_askings_are_throttled_with_everything_kept(visitor):
    form = {"email": READER, "kinds": ["sports"], "places": ["laos"]}
    answers = [visitor.post("/newsletter", data=form) for _ in range(LIMITS[NEWSLETTER].account.most + 1)]

    assert [each.status_code for each in answers] == [303] * LIMITS[NEWSLETTER].account.most + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert ticked(answers[-1]) == {"sports", "laos"}
    assert f'value="{READER}"' in answers[-1].text
    assert visitor.post("/newsletter/preferences", data=form).status_code == 429


@pytest.mark.parametrize("path", ["/newsletter", "/newsletter/preferences"])
@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]
)
def test_a_form_on_another_site_asks_for_nothing(visitor, readers, path, headers):
    answer = visitor.post(path, data={"email": READER}, headers=headers)

    assert answer.status_code == 400
    assert f'value="{READER}"' in answer.text
    assert "Set-Cookie" not in answer.headers
    assert readers.mails() == []


def test_an_answer_to_a_form_too_large_sets_no_cookie(visitor):
    answer = visitor.post("/newsletter", data={"email": READER, "kinds": "x" * 2_500_000})

    assert answer.status_code == 413
    assert "Set-Cookie" not in answer.headers


def test_the_link_opens_a_page_with_one_button_that_confirms(visitor, readers, standing_clock):
    readers.ask(kinds=["sports"], places=["laos"])
    address = f"/newsletter/confirm/{readers.links()['confirm']}"

    page = visitor.get(address)
    assert page.text.partition("<main")[2].count("<button") == 1
    assert "One more tap" in page.text
    assert "Sport from Laos" in page.text
    assert readers.reader().state == "asked"

    for _ in range(2):
        answer = visitor.post(address)
        assert (answer.status_code, answer.headers["Location"]) == (303, address)
    after = visitor.get(address).text
    assert "You are on the list" in after
    assert "<button" not in after.partition("<main")[2]
    assert readers.reader().state == "confirmed"


def test_an_expired_link_offers_a_fresh_one_by_one_button(visitor, readers, standing_clock):
    readers.ask()
    address = f"/newsletter/confirm/{readers.links()['confirm']}"
    standing_clock.move(days=8)

    visitor.post(address)
    page = visitor.get(address)
    assert readers.reader().state == "asked"
    assert "This link has expired" in page.text
    assert page.text.partition("<main")[2].count("<button") == 1

    answer = visitor.post(address, data={"again": "y"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/newsletter/sent")
    fresh = readers.links(now=standing_clock.now())["confirm"]
    visitor.post(f"/newsletter/confirm/{fresh}")
    assert readers.reader().state == "confirmed"


@pytest.mark.parametrize("what", ["confirm", "unsubscribe", "preferences"])
@pytest.mark.parametrize("token", ["1-x", "nothing", "1-" + "a" * 43, "99999999999999-" + "a" * 43, "💥"])
def test_a_made_up_link_is_a_404_that_offers_the_right_one(visitor, what, token):
    for answer in (visitor.get(f"/newsletter/{what}/{token}"), visitor.post(f"/newsletter/{what}/{token}")):
        assert answer.status_code == 404
        assert 'action="/newsletter/preferences"' in answer.text
        assert "Set-Cookie" not in answer.headers
