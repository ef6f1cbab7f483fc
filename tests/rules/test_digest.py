"""When an issue is due on every kind of day, and what a reader finds in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.rules import digest
from portal.rules.digest import AHEAD, CORRECTION, KILL, Afterword, Entry, Wants, pick, to_close
from portal.rules.reader_choice import Choice

ZONES = (
    "Asia/Singapore",
    "Asia/Yangon",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
)


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("Asia/Singapore", date(2026, 3, 24), time(6), "2026-03-23T22:00"),
        ("Asia/Yangon", date(2026, 3, 24), time(6), "2026-03-23T23:30"),
        # 23 hours: 02:30 never comes and is due at 03:00; 25 hours: 02:30 comes twice and the earlier counts.
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29T01:00"),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),
        ("America/New_York", date(2026, 3, 8), time(2, 30), "2026-03-08T07:00"),
        ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01T05:30"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-03T15:30"),
        ("Africa/Cairo", date(2026, 4, 24), time(0), "2026-04-23T22:00"),
    ],
)
def test_an_issue_is_due_at_one_instant_also_where_clocks_jump(
    zone: str, day: date, at: time, expected: str
) -> None:
    assert digest.due_at(day, at, ZoneInfo(zone)) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", [time(0), time(2, 30), time(6), time(23, 59)])
def test_every_date_of_a_year_is_closed_once_and_in_order(zone: str, at: time) -> None:
    """A clock that looks twice each time: every hour around a change of the clocks, else every seven hours."""
    place, closed = ZoneInfo(zone), []
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    while moment < datetime(2027, 1, 1, tzinfo=UTC):
        for _ in range(2):
            closed += to_close(moment, at, place, closed[-9:])
        around = {(moment + timedelta(days=days)).astimezone(place).utcoffset() for days in (-3, 3)}
        moment += timedelta(hours=1 if len(around) > 1 else 7)

    assert closed == [closed[0] + timedelta(days=number) for number in range(len(closed))]
    assert len(closed) in (365, 366)


def test_a_date_that_a_zone_left_out_has_no_issue() -> None:
    apia = ZoneInfo("Pacific/Apia")
    days = to_close(datetime(2011, 12, 31, 0, tzinfo=UTC), time(6), apia, [date(2011, 12, 28)])

    assert days == [date(2011, 12, 29), date(2011, 12, 31)]


def test_after_a_standstill_the_last_three_are_made_up_for_and_a_first_start_makes_one() -> None:
    zone, now = ZoneInfo("Asia/Singapore"), datetime(2026, 3, 24, 3, tzinfo=UTC)

    assert to_close(now, time(6), zone, []) == [date(2026, 3, 24)]
    assert to_close(now, time(6), zone, [date(2026, 3, 1)]) == [date(2026, 3, day) for day in (22, 23, 24)]
    # One that was built ahead hinders none of those before it.
    assert to_close(now, time(6), zone, [date(2026, 3, 23), date(2026, 3, 26)]) == [date(2026, 3, 24)]


def test_what_is_off_neither_leads_nor_stands_in_the_subject() -> None:
    off = replace(MILL, is_off=True)
    fair, later = replace(FAIR, is_off=True), replace(FAIR, release_id=6)
    everything = Wants(Choice())

    found = pick([off, CUP, COFFEE, fair, later], (), everything, ())

    assert (found.lead, found.first_date) == (CUP.release_id, 6)
    assert found.by_kind == (("business", (off.release_id, COFFEE.release_id)),)
    assert found.ahead == (fair.release_id, 6)


def test_a_letter_of_nothing_but_what_is_off_has_no_lead_and_is_a_letter_all_the_same() -> None:
    found = pick([replace(MILL, is_off=True)], (), Wants(Choice()), ())

    assert (found.lead, found.by_kind, found.is_empty) == (None, (("business", (1,)),), False)
    assert found.named() == {1: digest.NEWS}


MILL = Entry(1, "business", "cambodia", "cambodia-battambang")
CUP = Entry(2, "sports", "malaysia", "malaysia-ipoh")
COFFEE = Entry(3, "business", "thailand", "thailand-chiang-mai")
LIBRARY = Entry(4, "community", "cambodia", "cambodia-phnom-penh")
FAIR = Entry(5, "event", "laos", "laos-luang-prabang", AHEAD)
ALL = (MILL, CUP, COFFEE, LIBRARY, FAIR)


@pytest.mark.parametrize(
    ("kinds", "places", "expected"),
    [
        ((), (), [1, 2, 3, 4, 5]),
        (("business",), (), [1, 3]),
        ((), ("cambodia",), [1, 4]),
        ((), ("cambodia-battambang", "laos"), [1, 5]),
        (("business", "sports"), ("cambodia", "malaysia"), [1, 2]),
        (("appointment",), (), []),
        (("business",), ("laos",), []),
        ((), ("laos",), [5]),
    ],
)
def test_a_reader_finds_the_kinds_and_the_places_they_chose(
    kinds: tuple[str, ...], places: tuple[str, ...], expected: list[int]
) -> None:
    picked = pick(ALL, (), Wants(Choice(kinds, places)), ())

    assert sorted(picked.named()) == expected
    assert picked.is_empty == (expected in ([], [FAIR.release_id]))


def test_the_order_is_corrections_lead_kinds_and_dates() -> None:
    told = (Afterword(8, CORRECTION), Afterword(9, KILL), Afterword(7, KILL), Afterword(9, CORRECTION))

    picked = pick(ALL, told, Wants(Choice()), {8, 9})

    assert [(each.release_id, each.what) for each in picked.afterwords] == [(9, KILL), (8, CORRECTION)]
    assert picked.lead == 1
    assert picked.by_kind == (("business", (3,)), ("community", (4,)), ("sports", (2,)))
    assert picked.ahead == (5,)
    assert picked.named()[9] == KILL


def test_whoever_wants_corrections_only_gets_those_of_what_they_had_and_nothing_else() -> None:
    told = (Afterword(8, CORRECTION), Afterword(9, KILL))

    picked = pick(ALL, told, Wants(Choice(), corrections_only=True), {8})

    assert picked.named() == {8: CORRECTION}
    assert pick(ALL, told, Wants(Choice(), corrections_only=True), ()).is_empty


def test_editors_place_what_they_name_and_the_rest_follows_as_it_stood() -> None:
    contents = [{"reference": name} for name in "ABCD"]

    ordered = digest.in_order(contents, ["C", "X", "A"])

    assert [each["reference"] for each in ordered] == ["C", "A", "B", "D"]


def test_a_long_issue_ends_where_a_mail_has_to() -> None:
    many = [Entry(number, "business", "laos", "") for number in range(1, 61)]

    picked = pick(many, (), Wants(Choice()), ())

    assert (len(picked.named()), picked.left_out) == (digest.MOST_NEWS, 60 - digest.MOST_NEWS)


def test_an_issue_is_late_after_a_quarter_of_an_hour() -> None:
    due = datetime(2026, 3, 24, 22, tzinfo=UTC)

    assert digest.is_late(due, due + timedelta(minutes=15)) is False
    assert digest.is_late(due, due + timedelta(minutes=15, microseconds=1)) is True


def test_what_was_kept_of_an_issue_is_read_again() -> None:
    entry = {"release_id": 7, "kind": "event", "country": "kh", "city": "kh-battambang", "section": AHEAD}

    assert digest.entries_of([entry | {"reference": "SEAP-2026-AAAAA"}]) == [
        Entry(7, "event", "kh", "kh-battambang", AHEAD)
    ]
    assert digest.afterwords_of([{"release_id": 7, "what": KILL, "words": "x"}]) == [Afterword(7, KILL)]


def test_the_ledger_of_a_letter_says_as_what_each_was_named() -> None:
    picked = digest.Picked(
        afterwords=(Afterword(1, KILL), Afterword(2, CORRECTION)),
        lead=3,
        by_kind=(("business", (4, 5)), ("event", (6,))),
        ahead=(6, 7),
    )

    assert picked.named() == {1: KILL, 2: CORRECTION, 3: "news", 4: "news", 5: "news", 6: "news", 7: AHEAD}
    assert digest.Picked(ahead=(7,)).named() == {7: AHEAD}
