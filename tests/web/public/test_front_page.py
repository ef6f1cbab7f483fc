"""The front page: the newest release leads, the rest follow, dates ahead stand beside them."""

from datetime import timedelta

from tests import builders


def test_the_newest_release_leads(reader, saving, now):
    with saving() as work:
        builders.published_release(work, headline="Old mill closes", at=now - timedelta(days=2))
        builders.published_release(work, headline="New mill opens", at=now - timedelta(hours=1))

    page = reader.get("/").text

    assert '<article class="lead">' in page
    assert page.index("New mill opens") < page.index("Old mill closes")


def test_an_empty_site_says_what_will_stand_here(reader):
    answer = reader.get("/")

    assert answer.status_code == 200
    assert "Nothing has run yet." in answer.text


def test_a_list_shows_the_dateline_before_the_excerpt_and_the_label(reader, saving):
    with saving() as work:
        builders.published_release(work)

    page = reader.get("/").text

    assert '<span class="dateline">BATTAMBANG, Cambodia –</span> Eleven villages will mill' in page
    assert "PRESS RELEASE – supplied by <bdi>Lotus Basin Rice Growers</bdi>" in page


def test_events_still_to_come_are_listed_by_their_own_calendar(reader, saving, now):
    with saving() as work:
        builders.published_release(work, kind="event", headline="Past fair", starts_at="2026-03-20T09:00")
        builders.published_release(work, kind="event", headline="Later fair", starts_at="2026-05-02T09:00")
        builders.published_release(work, kind="event", headline="Next fair", starts_at="2026-04-11T09:00")
        builders.scheduled_release(
            work, kind="event", headline="Hidden fair", live_from=now + timedelta(days=1)
        )

    ahead = reader.get("/").text.partition("Dates ahead")[2].partition("</ul>")[0]

    assert ahead.index("Next fair") < ahead.index("Later fair")
    assert '<time datetime="2026-04-11"><b>11 Apr</b>Saturday</time>' in ahead
    assert "Past fair" not in ahead
    assert "Hidden fair" not in ahead


def test_an_event_with_an_unreadable_start_is_left_out_of_the_dates(reader, saving):
    with saving() as work:
        builders.published_release(work, kind="event", starts_at="some day soon")

    answer = reader.get("/")

    assert answer.status_code == 200
    assert "Dates ahead" not in answer.text


def test_places_with_public_releases_are_linked(reader, saving, now):
    with saving() as work:
        builders.published_release(work, country="MM", city="Mawlamyine")
        builders.scheduled_release(work, country="VN", city="Hanoi", live_from=now + timedelta(days=1))

    page = reader.get("/").text

    assert '<a href="/releases/?place=myanmar">Myanmar</a>' in page
    assert "Viet Nam" not in page
