"""The promise counts the hours in which the desk is open, whatever the week-end or the clocks do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.rules.promise import DeskHours, ladder, new_promise, promise_by
from portal.settings import values

WEEK = "Mo-Fr 08:00-18:00"


def local(text: str, offset: int) -> datetime:
    return datetime.fromisoformat(f"{text}{offset:+03}:00").astimezone(UTC)


def promised(received: str, hours: float, desk_hours: str = WEEK) -> datetime:
    return promise_by(local(received, 8), hours, DeskHours.parse(desk_hours), "Asia/Singapore")


@pytest.mark.parametrize(("received", "hours", "by"), [
    ("2026-03-24T09:00", 4, "2026-03-24T13:00"),  # a Tuesday
    ("2026-03-24T14:00", 4, "2026-03-24T18:00"),
    ("2026-03-24T14:01", 4, "2026-03-25T08:01"),
    ("2026-03-24T05:00", 4, "2026-03-24T12:00"),
    ("2026-03-24T23:00", 4, "2026-03-25T12:00"),
    ("2026-03-27T17:00", 4, "2026-03-30T11:00"),  # over the week-end
    ("2026-03-28T12:00", 4, "2026-03-30T12:00"),
    ("2026-03-24T09:00", 100, "2026-04-07T09:00"),
    ("2026-03-24T09:00", 0.5, "2026-03-24T09:30"),
])  # fmt: skip
def test_only_open_hours_count(received, hours, by):
    assert promised(received, hours) == local(by, 8)


@pytest.mark.parametrize("always", ["", "always", "24/7", " Always "])
def test_a_desk_that_never_closes_counts_every_hour(always):
    assert promised("2026-03-28T22:00", 4, always) == local("2026-03-29T02:00", 8)


@pytest.mark.parametrize(("desk_hours", "received", "by"), [
    ("Mo-Fr 08:00-18:00, Sa 09:00-13:00", "2026-03-27T17:00", "2026-03-28T12:00"),
    ("Mo-Fr 08:00-12:00,13:00-17:00", "2026-03-24T10:00", "2026-03-24T15:00"),
    ("Fr-Mo 22:00-02:00", "2026-03-28T23:00", "2026-03-29T23:00"),
    ("Mo-Su 00:00-24:00", "2026-03-28T22:00", "2026-03-29T02:00"),
    ("Su 10:00-11:00", "2026-03-28T22:00", "2026-04-19T11:00"),
    ("08:00-18:00", "2026-03-28T17:00", "2026-03-29T11:00"),
    ("Mo-We 08:00-12:00; Tu 11:00-18:00", "2026-03-24T10:00", "2026-03-24T14:00"),
])  # fmt: skip
def test_several_ranges_are_kept(desk_hours, received, by):
    assert promised(received, 4, desk_hours) == local(by, 8)


def test_the_clocks_going_forward_cost_no_open_hour():
    received, around_the_clock = local("2026-03-28T23:00", 0), DeskHours.parse("Mo-Su 00:00-24:00")

    assert promise_by(received, 4, around_the_clock, "Europe/London") == received + timedelta(hours=4)


@pytest.mark.parametrize(("received", "by"), [
    ("2026-03-28T23:30:00+00:00", "2026-03-29T04:30:00+01:00"),  # 01:00 to 02:00 does not exist in that night
    ("2026-10-24T23:30:00+01:00", "2026-10-25T02:30:00+00:00"),  # 01:00 to 02:00 comes twice
])  # fmt: skip
def test_open_hours_are_real_hours_in_the_nights_of_change(received, by):
    night = DeskHours.parse("Mo-Su 22:00-06:00")

    assert promise_by(datetime.fromisoformat(received), 4, night, "Europe/London") == datetime.fromisoformat(
        by
    )


def test_opening_times_follow_the_clock_on_the_wall():
    desk_hours = DeskHours.parse(WEEK)

    assert promise_by(datetime(2026, 3, 27, 17, tzinfo=UTC), 4, desk_hours, "Europe/London") == datetime(
        2026, 3, 30, 10, tzinfo=UTC
    )


@pytest.mark.parametrize("text", ["nine to five", "Mo-Fr", "Xx 08:00-18:00", "Mo-Fr 08:00-25:00", "Mo-Fr 08:00-08:00", "Mo-Fr 8-18",
                                  "Mo 08:60-09:00", "Mo 24:00-02:00", "Mo-Fr 08:00-18:00, , Sa 09:00-13:00"])  # fmt: skip
def test_desk_hours_that_cannot_be_read_say_how_to_write_them(text):
    with pytest.raises(ValueError, match=r"desk hours .*\."):
        DeskHours.parse(text)
    with pytest.raises(values.UnreadableSetting, match="must be hours such as"):
        values.desk_hours(text)


@pytest.mark.parametrize(
    "text",
    [WEEK, "", " Always ", "24/7", "Mo-Fr 8:00 - 12:00,13:00-17:00;", "fr-mo 22:00-02:00", "Su 00:00-24:00"],
)
def test_what_the_setting_takes_can_be_read_as_desk_hours(text):
    assert values.desk_hours(text) == DeskHours.parse(text)
    assert values.plainly(values.desk_hours(text)) == text.strip()


def test_the_ladder_climbs_from_the_duty_editor_to_the_administrators():
    sent, promise = datetime(2026, 3, 24, 3, tzinfo=UTC), datetime(2026, 3, 24, 7, tzinfo=UTC)

    assert [(rung.audience, rung.at.hour) for rung in ladder(sent, promise)] == [
        ("duty", 6),
        ("duty", 7),
        ("editors", 8),
        ("administrators", 9),
    ]


def test_the_ladder_follows_the_promised_hours_and_not_the_week_end():
    sent, promise = local("2026-03-27T17:00", 8), local("2026-03-30T11:00", 8)

    assert [rung.at for rung in ladder(sent, promise, hours=4)] == [
        local(f"2026-03-30T{hour}:00", 8) for hour in ("10", "11", "12", "13")
    ]


def test_no_rung_stands_before_the_sending():
    sent = datetime(2026, 3, 24, 3, tzinfo=UTC)

    assert ladder(sent, sent + timedelta(minutes=10), hours=4)[0].at == sent


def test_a_late_answer_gets_one_new_promise_from_then_on():
    desk_hours = DeskHours.parse(WEEK)
    first, noticed = local("2026-03-27T16:00", 8), local("2026-03-27T16:05", 8)

    assert new_promise(first, noticed, 4, desk_hours, "Asia/Singapore") == local("2026-03-30T10:05", 8)


EVERY_DAY = tuple((day, 480, 1080) for day in range(7))


@pytest.mark.parametrize(("text", "spans"), [
    ("Mo 08:00-18:00", ((0, 480, 1080),)), ("Su 23:59-24:00", ((6, 1439, 1440),)), ("08:00-18:00", EVERY_DAY),
    ("Sa-Mo 09:15-10:45", ((0, 555, 645), (5, 555, 645), (6, 555, 645))),
    ("Su 22:00-02:00", ((0, 0, 120), (6, 1320, 1440))), ("Mo 22:00-00:00", ((0, 1320, 1440),)),
    ("Mo 08:00-12:00, 12:00-13:00", ((0, 480, 780),)), ("Mo 08:00-12:00, 12:01-13:00", ((0, 480, 720), (0, 721, 780))),
    ("Mo 08:00-18:00, 09:00-10:00", ((0, 480, 1080),)), ("Mo 08:00-24:00, Tu 00:00-01:00", ((0, 480, 1440), (1, 0, 60))),
    ("Mo 00:00-01:00, Mo 00:30-02:00, Mo 04:00-05:00", ((0, 0, 120), (0, 240, 300))), ("Tu 08:00-18:00,", ((1, 480, 1080),)),
    ("We 08:00-18:00 ;", ((2, 480, 1080),)), ("", ()), ("always", ()),
])  # fmt: skip
def test_desk_hours_are_kept_by_day_and_minute(text, spans):
    assert DeskHours.parse(text).open_times == spans
    assert DeskHours.parse(text).always == (spans == ())


HOW = "Write them like Mo-Fr 08:00-18:00, Sa 09:00-13:00, or always."


@pytest.mark.parametrize(("text", "sentence"), [
    ("nine to five", f"The desk hours “nine to five” cannot be read. {HOW}"),
    ("Mo 08:00-08:00", f"The desk hours “Mo 08:00-08:00” have no length. {HOW}"),
    ("Mo 24:00-02:00", f"The desk hours “Mo 24:00-02:00” have no length. {HOW}"),
    ("Mo 08:60-09:00", f"“08:60” in the desk hours “Mo 08:60-09:00” is not a time of day. {HOW}"),
    ("Mo 08:00-24:01", f"“24:01” in the desk hours “Mo 08:00-24:01” is not a time of day. {HOW}"),
    ("Xx-Mo 08:00-09:00", "“Xx” in the desk hours “Xx-Mo 08:00-09:00” is not a day. The days are Mo, Tu, We, Th, Fr, Sa, Su."),
    ("Mo-Xx 08:00-09:00", "“Xx” in the desk hours “Mo-Xx 08:00-09:00” is not a day. The days are Mo, Tu, We, Th, Fr, Sa, Su."),
])  # fmt: skip
def test_what_cannot_be_read_is_quoted_with_what_to_write(text, sentence):
    with pytest.raises(ValueError, match="desk hours") as refused:
        DeskHours.parse(text)

    assert str(refused.value) == sentence


def test_a_minute_before_the_full_hour_is_a_minute():
    assert DeskHours.parse("Mo 08:59-09:00").open_times == ((0, 539, 540),)


def test_the_rungs_of_the_ladder_have_names():
    sent = datetime(2026, 3, 24, 3, tzinfo=UTC)

    names = [rung.name for rung in ladder(sent, sent + timedelta(hours=4))]
    assert names == ["promise_near", "promise_reached", "promise_missed", "promise_long_missed"]


def test_a_promise_of_no_time_is_the_moment_itself():
    assert promised("2026-03-28T12:00", 0) == local("2026-03-28T12:00", 8)


@pytest.mark.parametrize("zone", ["Asia/Singapore", "Pacific/Auckland", "America/Los_Angeles"])
def test_the_day_of_the_desk_is_that_of_its_zone(zone):
    """Late on a Sunday in UTC it is Monday at one end of the world and Sunday at the other."""
    received = datetime(2026, 3, 22, 21, tzinfo=UTC)

    found = promise_by(received, 1, DeskHours.parse("Mo 08:00-18:00"), zone)
    opens = datetime(2026, 3, 23, 8, tzinfo=ZoneInfo(zone))
    assert found == max(received, opens) + timedelta(hours=1)
    assert found.tzinfo is UTC


def test_a_promise_is_an_instant_in_utc():
    received = datetime(2026, 3, 24, 11, tzinfo=ZoneInfo("Asia/Singapore"))

    assert promise_by(received, 4, DeskHours(), "Asia/Singapore").tzinfo is UTC
    assert promise_by(received, 0, DeskHours.parse(WEEK), "Asia/Singapore").tzinfo is UTC


def test_a_span_that_is_over_to_the_minute_gives_no_time():
    assert promised("2026-03-24T18:00", 1) == local("2026-03-25T09:00", 8)
