"""Events in readers' calendars: one uid for life, changes that move SEQUENCE, and a word when one is off."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from tests import builders


def read(answer):
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.data)


def events(answer):
    return list(read(answer).walk("VEVENT"))


def ids(answer):
    return [str(event["UID"]) for event in events(answer)]


def event(work, **more):
    return builders.published_release(work, kind="event", **more)


def own(reader, row):
    (found,) = events(reader.get(f"/releases/{row.reference}/event.ics"))
    return found


def test_an_event_says_what_when_and_where(reader, saving):
    with saving() as work:
        row = event(work, summary="Looms, dyes; and silk – " + "three days of it " * 8)

    answer = reader.get(f"/releases/{row.reference}/event.ics")
    found = own(reader, row)

    assert str(found["UID"]) == row.feed_id
    assert found.decoded("DTSTART") == datetime(2026, 4, 11, 2, 0, tzinfo=UTC)
    assert found.decoded("DTEND") == datetime(2026, 4, 12, 10, 0, tzinfo=UTC)
    assert str(found["SUMMARY"]) == "Mekong Looms Fair"
    assert str(found["LOCATION"]) == "The old market, Sisavangvong Road, Luang Prabang"
    assert str(found["URL"]) == f"https://post.example/releases/{row.reference}/{row.slug}"
    assert str(found["DESCRIPTION"]).startswith("Looms, dyes; and silk –")
    assert (str(found["STATUS"]), int(found["SEQUENCE"])) == ("CONFIRMED", 0)
    assert (str(found["TRANSP"]), str(found["X-MICROSOFT-CDO-BUSYSTATUS"])) == ("TRANSPARENT", "FREE")
    assert found["CATEGORIES"].to_ical() == b"Market"
    assert "X-WR-CALNAME" not in read(answer)  # or programs open a calendar of its own for one event
    assert max(len(line) for line in answer.data.split(b"\r\n")) <= 75


def test_the_calendar_says_its_name_and_how_often_to_ask(reader, saving):
    with saving() as work:
        event(work, event_kind="other")

    found = read(reader.get("/feeds/events.ics"))

    assert str(found["X-WR-CALNAME"]) == "South East Asia Post: Events"
    assert found["REFRESH-INTERVAL"].to_ical() == b"PT1H"
    assert found["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert str(found["X-PUBLISHED-TTL"]) == "PT1H"
    assert [each["CATEGORIES"].to_ical() for each in found.walk("VEVENT")] == [b"Event"]


def test_only_public_events_have_a_calendar(reader, saving, now):
    with saving() as work:
        business = builders.published_release(work)
        rows = [
            builders.draft_release(work, kind="event"),
            builders.submitted_release(work, kind="event"),
            builders.rejected_release(work, kind="event"),
            builders.scheduled_release(work, kind="event", live_from=now + timedelta(hours=1)),
            business,
        ]
    unknown = reader.get("/releases/SEAP-2026-ZZZZZ/event.ics")

    for row in rows:
        answer = reader.get(f"/releases/{row.reference}/event.ics")
        assert answer.status_code == 404
        assert without_request_id(answer) == without_request_id(unknown)
    assert events(reader.get("/feeds/events.ics")) == []


def without_request_id(answer):
    number = answer.headers["X-Request-Id"]
    return sorted((k, v) for k, v in answer.headers if k != "X-Request-Id"), answer.text.replace(number, "")


def test_a_correction_moves_the_sequence_and_nothing_hidden_does(reader, saving, now):
    with saving() as work:
        row = event(work, at=now - timedelta(hours=2))
    first = own(reader, row)
    with saving() as work:
        work.session.merge(row).updated_at = now - timedelta(hours=1)
    corrected = own(reader, row)

    assert int(corrected["SEQUENCE"]) > int(first["SEQUENCE"]) == 0
    assert str(corrected["UID"]) == str(first["UID"])
    assert corrected.decoded("DTSTAMP") == now - timedelta(hours=1)
    assert corrected.decoded("CREATED") == now - timedelta(hours=2)


@pytest.mark.parametrize(("notice", "status"), [("cancelled", "CANCELLED"), ("postponed", "TENTATIVE")])
def test_a_notice_is_told_to_calendars(reader, saving, now, notice, status):
    with saving() as work:
        row = event(work, at=now - timedelta(hours=2))
        row.notice_kind, row.notice_text = notice, "The hall has burned down."
        row.notice_at = row.updated_at = now - timedelta(hours=1)

    for found in (own(reader, row), *events(reader.get("/feeds/events.ics"))):
        assert str(found["STATUS"]) == status
        assert int(found["SEQUENCE"]) == 3600
        assert "The hall has burned down." in str(found["DESCRIPTION"])


def test_a_killed_event_is_off_and_nothing_of_its_text_is_left(reader, saving, now):
    with saving() as work:
        row = event(work, at=now - timedelta(hours=2), headline="Canary fair", event_name="Canary", venue_name="Canary",
                    street_address="Canary", summary="Canary")  # fmt: skip
        row.publication, row.removed_at = "killed", now - timedelta(hours=1)
        row.removal_text, row.removal_reasons = "It was never true.", ["FACTS"]

    for address in (f"/releases/{row.reference}/event.ics", "/feeds/events.ics"):
        answer = reader.get(address)
        (found,) = events(answer)
        assert str(found["UID"]) == row.feed_id
        assert str(found["STATUS"]) == "CANCELLED"
        assert int(found["SEQUENCE"]) == 3600
        assert found.decoded("DTSTART") == datetime(2026, 4, 11, 2, 0, tzinfo=UTC)
        assert "canary" not in answer.text.lower()


def test_what_was_taken_down_is_in_no_calendar(reader, saving, now):
    with saving() as work:
        row = event(work)
        row.publication, row.removed_at = "taken_down", now

    assert reader.get(f"/releases/{row.reference}/event.ics").status_code == 404
    assert events(reader.get("/feeds/events.ics")) == []


def test_the_calendar_of_events_holds_what_is_still_to_come_the_soonest_first(reader, saving, clock, now):
    with saving() as work:
        late = event(work, starts_at="2026-05-01T09:00", ends_at="2026-05-01T17:00")
        soon = event(work, starts_at="2026-03-25T09:00", ends_at="2026-03-25T17:00")
        running = event(work, starts_at="2026-03-01T09:00", ends_at="2026-03-31T17:00")
        event(work, starts_at="2026-03-20T09:00", ends_at="2026-03-20T17:00")

    assert ids(reader.get("/feeds/events.ics")) == [running.feed_id, soon.feed_id, late.feed_id]
    clock.instant = now + timedelta(days=30)
    assert ids(reader.get("/feeds/events.ics")) == [late.feed_id]


def test_the_calendar_of_a_place(reader, saving):
    with saving() as work:
        event(work)
        ipoh = event(work, city="Ipoh", country="MY")

    assert ids(reader.get("/feeds/events.ics?place=malaysia")) == [ipoh.feed_id]
    assert ids(reader.get("/feeds/events.ics?place=malaysia-ipoh")) == [ipoh.feed_id]
    for odd in ("atlantis", "%00", "vietnam"):
        assert reader.get(f"/feeds/events.ics?place={odd}").status_code == 404


def test_a_scheduled_event_appears_in_its_minute(reader, saving, clock, now):
    with saving() as work:
        row = builders.scheduled_release(work, kind="event", live_from=now + timedelta(seconds=0.5))
    before = reader.get("/feeds/events.ics")

    clock.instant = now + timedelta(seconds=0.5)

    assert events(before) == []
    assert before.headers["Cache-Control"] == "public, max-age=0, s-maxage=0, stale-while-revalidate=0"
    assert ids(reader.get("/feeds/events.ics")) == [row.feed_id]
    assert own(reader, row)["UID"] == row.feed_id


def test_a_poller_that_has_the_newest_gets_a_304(reader, saving):
    with saving() as work:
        event(work)
    known = reader.get("/feeds/events.ics").headers

    assert reader.get("/feeds/events.ics", headers={"If-None-Match": known["ETag"]}).status_code == 304


def test_an_event_and_the_front_page_lead_to_the_calendar(reader, saving):
    with saving() as work:
        row = event(work)
        other = builders.published_release(work)

    page = reader.get(f"/releases/{row.reference}/{row.slug}").text
    assert f'<a href="/releases/{row.reference}/event.ics">Add to calendar</a>' in page
    assert "event.ics" not in reader.get(f"/releases/{other.reference}/{other.slug}").text
    assert '<a href="/feeds/events.ics">Calendar</a>' in reader.get("/").text
