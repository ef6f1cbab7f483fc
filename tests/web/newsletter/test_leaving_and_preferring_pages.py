"""Leaving by one press, by mail programs and by people; changing, pausing, deleting by a signed link."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.rigs.readers import READER, every_row

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def links(readers):
    """A reader's links, as a mail carries them."""
    readers.confirmed(kinds=["sports"], places=["laos"])
    readers.ask_for_link()
    return {what: f"/newsletter/{what}/{token}" for what, token in readers.links().items()}


@pytest.mark.parametrize("multipart", [False, True])
def test_a_mail_program_unsubscribes_at_once_without_cookie_or_form(visitor, readers, links, multipart):
    headers = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    kind = {"content_type": "multipart/form-data"} if multipart else {}

    for _ in range(2):
        answer = visitor.post(links["unsubscribe"], data=ONE_CLICK, headers=headers, **kind)
        assert answer.status_code == 200
        assert "Location" not in answer.headers
        assert "Set-Cookie" not in answer.headers
        assert readers.reader().state == "left"


def test_the_page_to_leave_has_one_button_and_opening_it_takes_nobody_off(visitor, readers, links):
    page = visitor.get(links["unsubscribe"])

    assert page.text.partition("<main")[2].count("<button") == 1
    assert readers.reader().state == "confirmed"
    answer = visitor.post(links["unsubscribe"])
    assert (answer.status_code, answer.headers["Location"]) == (303, links["unsubscribe"])
    assert "You have left the daily e-mail" in visitor.get(links["unsubscribe"]).text
    assert readers.reader().state == "left"


def test_a_button_on_another_site_does_not_unsubscribe(visitor, readers, links):
    assert visitor.post(links["unsubscribe"], headers={"Origin": "https://evil.example"}).status_code == 400
    assert readers.reader().state == "confirmed"


def test_preferences_are_shown_and_kept(visitor, readers, links):
    page = visitor.get(links["preferences"]).text
    assert set(re.findall(r'value="([\w-]+)" checked', page)) == {"sports", "laos"}

    answer = visitor.post(
        links["preferences"],
        data={"kinds": ["event"], "corrections_only": "y", "pause_until": "2026-04-14"},
    )

    assert (answer.status_code, answer.headers["Location"]) == (303, links["preferences"] + "?after=saved")
    page = visitor.get(answer.headers["Location"]).text
    assert "Letters start again on 14 Apr 2026." in page
    assert set(re.findall(r'value="([\w-]+)" checked', page)) == {"event", "y"}
    assert 'value="2026-04-14"' in page
    assert readers.choice() == (("event",), ())


def test_a_date_that_cannot_be_read_comes_back_as_typed_with_the_rest(visitor, readers, links):
    page = visitor.post(
        links["preferences"], data={"kinds": ["event"], "corrections_only": "y", "pause_until": "after Tet"}
    )

    assert page.status_code == 422
    assert 'id="pause_until-error"' in page.text
    assert 'value="after Tet"' in page.text
    assert set(re.findall(r'value="([\w-]+)" checked', page.text)) == {"event", "y"}
    assert readers.choice() == (("sports",), ("laos",))


def test_what_somebody_asked_for_waits_for_the_readers_own_button(visitor, readers, links):
    visitor.post("/newsletter", data={"email": READER, "kinds": ["event"], "places": ["malaysia"]})
    assert readers.choice() == (("sports",), ("laos",))
    assert "They chose <bdi>events from Malaysia" in visitor.get(links["preferences"]).text

    visitor.post(links["preferences"], data={"go": "asked"})

    assert readers.choice() == (("event",), ("malaysia",))
    assert "Somebody filled in the form" not in visitor.get(links["preferences"]).text


def test_deleting_needs_the_tick_and_forgets_the_reader(visitor, readers, links):
    untouched = visitor.post(links["preferences"], data={"go": "delete"})
    assert untouched.status_code == 422
    assert 'id="delete-error"' in untouched.text
    assert readers.choice() == (("sports",), ("laos",))

    answer = visitor.post(links["preferences"], data={"go": "delete", "delete": "y"})

    assert answer.status_code == 303
    assert "Everything about you is deleted" in visitor.get(answer.headers["Location"]).text
    assert readers.find() is None
    assert visitor.get(links["preferences"]).status_code == 404


def test_the_old_letter_of_somebody_erased_is_answered_with_the_truth_and_a_made_up_link_is_not(
    visitor, readers, links
):
    visitor.post(links["preferences"], data={"go": "delete", "delete": "y"})
    before = every_row(readers.portal)

    for _ in range(2):
        answer = visitor.post(links["unsubscribe"], data=ONE_CLICK)
        assert (answer.status_code, answer.text) == (200, "No letter comes to you by this list.\n")
    for page in (visitor.get(links["unsubscribe"]), visitor.post(links["unsubscribe"])):
        assert page.status_code == 200
        assert "No letter comes any more" in page.text
    made_up = links["unsubscribe"][:-1] + ("A" if links["unsubscribe"][-1] != "A" else "B")
    assert visitor.post(made_up, data=ONE_CLICK).status_code == 404
    assert every_row(readers.portal) == before


def test_who_left_is_told_so_and_their_words_change_nothing(visitor, readers, links):
    visitor.post(links["unsubscribe"], data=ONE_CLICK)

    page = visitor.post(links["preferences"], data={"kinds": ["event"]})

    assert page.status_code == 409
    assert "You are not on the list" in page.text
    assert readers.reader().state == "left"
    assert "Delete my data" in visitor.get(links["preferences"]).text


def test_pages_behind_a_link_are_kept_by_no_cache_and_found_by_no_search_engine(visitor, links):
    for address in links.values():
        answer = visitor.get(address)
        assert answer.headers["Cache-Control"] == "no-store"
        assert 'name="robots" content="noindex"' in answer.text


def test_a_pause_that_is_over_is_not_shown(visitor, readers, links, standing_clock):
    visitor.post(links["preferences"], data={"pause_until": "2026-04-14"})
    assert "Paused until 14 Apr 2026" in visitor.get(links["preferences"]).text

    standing_clock.move(days=30)

    assert "Paused until" not in visitor.get(links["preferences"]).text
    assert readers.reader().paused_until < NOON + timedelta(days=30)
