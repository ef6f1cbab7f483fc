"""Flags are few and sure, because each costs the desk a second person."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.rules.kinds import KINDS
from portal.rules.requirements import FLAGS, priority, risk_flags
from tests.rules.examples import EXAMPLES, NOW, measured


def flags_of(kind_name: str, changes: dict[str, str] | None = None, story: str = "") -> set[str]:
    values = {**EXAMPLES[kind_name], **(changes or {})}
    values["body"] = f"{values['body']} {story}"
    return risk_flags(kind_name, values, measured(values))


@pytest.mark.parametrize("kind_name", KINDS)
def test_plain_news_raises_no_flag(kind_name):
    assert flags_of(kind_name, {"counterpart": "", "counterpart_consent": ""}) == set()


@pytest.mark.parametrize(
    ("kind_name", "changes", "story", "flag"),
    [
        ("business", {}, "", "third_party"),
        ("business", {"counterpart": "", "ticker": "SGX: D05"}, "", "listed"),
        ("business", {"counterpart": "", "forward_looking": "y"}, "", "listed"),
        ("community", {"minors_named": "y"}, "", "minors"),
        ("sports", {"minors_named": "y"}, "", "minors"),
        ("community", {}, "Thiri, aged 9, opened the door.", "minors"),
        ("community", {}, "The group was sued in the High Court.", "legal"),
        ("community", {}, "The tea cures cancer.", "health"),
        ("community", {}, "Residents should vote for the mayor.", "political"),
        ("community", {}, "It offers guaranteed returns.", "financial"),
    ],
)
def test_a_risk_raises_its_flag(kind_name, changes, story, flag):
    assert flags_of(kind_name, changes, story) == {flag}
    assert flag in FLAGS


@pytest.mark.parametrize("story", [
    "They play on a tennis court.", "Books for children aged 5 to 15.", "A 12-year-old ferry.", "The health centre opens.",
    "The council election of members was held.", "She was elected to the board.", "It sells shares of rice.",
])  # fmt: skip
def test_words_that_only_sound_risky_raise_none(story):
    assert flags_of("community", {}, story) == set()


def test_answers_of_another_kind_raise_no_flag():
    assert flags_of("event", {"counterpart": "Port", "ticker": "X", "minors_named": "y"}) == set()


def test_a_near_wish_comes_first():
    soon = {"timing": "schedule", "release_at": "2026-03-24T15:00", "release_timezone": "Asia/Singapore"}
    later = {**soon, "release_at": "2026-03-30T15:00"}

    assert (
        priority(soon, set(), NOW)
        > priority({"timing": "immediate"}, set(), NOW)
        > priority(later, set(), NOW)
    )


def test_news_of_today_and_checks_that_take_longer_come_earlier():
    today = {"date": NOW.date().isoformat()}
    next_month = {"date": (NOW + timedelta(days=30)).date().isoformat()}

    assert priority(today, set(), NOW) > priority(next_month, set(), NOW)
    assert priority(today, {"legal"}, NOW) > priority(today, set(), NOW)


def test_priority_stays_within_its_bounds():
    values = {"timing": "embargo", "release_at": "2026-03-24T15:00", "starts_at": "2026-03-24T15:00"}

    assert priority(values, {"legal"}, NOW, site_timezone="Asia/Singapore") == 100
    assert priority({"timing": "embargo", "release_at": "rubbish"}, set(), NOW) == 10


HOURS = timedelta(hours=1)


@pytest.mark.parametrize(("hours", "expected"), [(6, 60), (6.1, 40), (24, 40), (24.1, 0), (200, 0)])
def test_the_nearer_the_wish_the_more_it_counts(hours, expected):
    wished = NOW + hours * HOURS
    values = {"timing": "schedule", "release_at": f"{wished:%Y-%m-%dT%H:%M}", "release_timezone": "UTC"}

    assert priority(values, set(), NOW) == expected


@pytest.mark.parametrize("changes", [
    {"release_timezone": "Asia/Singapore", "release_at": "2026-03-24T16:00"},
    {"release_at": "2026-03-24T08:00"},
])  # fmt: skip
def test_a_wish_is_read_in_its_zone_or_in_that_of_the_site(changes):
    values = {"timing": "schedule", **changes}

    assert priority(values, set(), NOW) == 60


def test_of_an_hour_that_comes_twice_the_one_that_was_chosen_counts():
    now = datetime(2026, 10, 24, 19, 0, tzinfo=UTC)
    values = {"timing": "schedule", "release_at": "2026-10-25T01:30", "release_timezone": "Europe/London"}

    chosen = [priority({**values, "release_fold": fold}, set(), now) for fold in ("earlier", "later", "")]
    assert chosen == [60, 40, 10]


@pytest.mark.parametrize("name", ["date", "effective_date", "starts_at"])
@pytest.mark.parametrize(("days", "expected"), [
    (0, 30), (1, 30), (-1, 30), (2, 15), (-2, 15), (7, 15), (-7, 15), (8, 0), (-8, 0),
])  # fmt: skip
def test_news_counts_by_how_near_its_day_is(name, days, expected):
    day = NOW.date() + timedelta(days=days)
    values = {"timing": "immediate", name: f"{day}T09:00" if name == "starts_at" else f"{day}"}

    assert priority(values, set(), NOW) == 10 + expected


def test_a_flag_counts_ten_and_without_a_day_there_is_none():
    assert priority({}, set(), NOW) == 10
    assert priority({}, {"legal"}, NOW) == priority({}, {"legal", "health"}, NOW) == 20
    assert priority({"date": "2026-12-01", "effective_date": f"{NOW.date()}"}, set(), NOW) == 40


@pytest.mark.parametrize("name", ["headline", "subheadline", "summary", "what_happens", "quotes-0-text"])
def test_words_are_looked_for_in_all_public_prose(name):
    assert flags_of("community", {name: "It offers guaranteed returns."}) == {"financial"}


@pytest.mark.parametrize("name", ["notes_to_editors", "newsroom_hours", "contact_site", "date"])
def test_words_are_not_looked_for_elsewhere(name):
    assert flags_of("community", {name: "It offers guaranteed returns."}) == set()


def test_words_across_two_answers_raise_nothing():
    assert (
        flags_of("community", {"headline": "It is guaranteed", "subheadline": "returns are wished"}) == set()
    )
