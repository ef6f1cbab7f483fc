"""Flags are few and sure, because each costs the desk a second person."""

from datetime import timedelta

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
