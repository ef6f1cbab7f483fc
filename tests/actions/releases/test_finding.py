"""What is public is found by its words in its minute, and nothing else is found or counted: on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from portal.actions.moderating import undoing
from portal.actions.publishing import correcting, killing, removing, rescheduling
from portal.actions.publishing.correcting import Correction
from portal.actions.publishing.killing import Kill
from portal.actions.releases import finding
from portal.actions.submitting import sending
from portal.storage.queries.public_releases import Filter
from portal.storage.queries.searching import not_indexed, search
from portal.storage.tables import ClockHold, Release, SearchEntry
from portal.text.search_words import asked_terms
from tests import builders
from tests.rigs.desk import Desk

WISH = {"timing": "schedule", "release_at": "2026-03-25T09:00", "release_timezone": "Asia/Jakarta"}
MINUTE = datetime(2026, 3, 25, 2, 0, tzinfo=UTC)


def found(
    desk: Desk, question: str, *, at: datetime | None = None, chosen: Filter | None = None
) -> list[str]:
    with desk.portal.database.reading() as session:
        page = search(session, at or desk.now, asked_terms(question), chosen=chosen)
        return [release.reference for release in page.releases]


def kept(desk: Desk) -> int:
    return desk.count(SearchEntry)


def test_an_approved_release_is_found_at_once(desk):
    reference = desk.decided("approve", headline="Zebra crossing opens in Jakarta")

    assert found(desk, "zebra") == [reference]
    assert found(desk, "ZEBRA jakarta") == [reference]
    assert found(desk, reference) == [reference]
    assert found(desk, "zebra elephant") == []


@pytest.mark.parametrize("decision", ["reject", "request_changes"])
def test_what_was_not_approved_is_not_kept(desk, decision):
    desk.decided(decision, headline="Zebra crossing opens")
    desk.held(headline="Zebra crossing opens")

    assert found(desk, "zebra") == []
    assert kept(desk) == 0


def test_a_scheduled_release_is_found_in_its_minute_without_any_worker(desk):
    reference = desk.decided("approve", headline="Zebra crossing opens", **WISH)

    assert found(desk, "zebra", at=MINUTE - timedelta(seconds=1)) == []
    assert found(desk, "zebra", at=MINUTE) == [reference]


def test_the_clock_hold_keeps_it_hidden(desk):
    desk.decided("approve", headline="Zebra crossing opens", **WISH)
    with desk.portal.work() as work:
        work.session.add(ClockHold(id=1, since=desk.now, why="The clock jumped."))
        work.commit()

    assert found(desk, "zebra", at=MINUTE) == []


def test_a_release_that_moves_in_time_keeps_its_place_in_the_order(desk):
    moved = desk.decided("approve", headline="Zebra crossing one opens", **WISH)
    other = desk.decided(
        "approve", headline="Zebra crossing two opens", **{**WISH, "release_at": "2026-03-25T12:00"}
    )
    desk.now += timedelta(hours=1)
    desk.take(
        rescheduling.reschedule,
        moved,
        desk.people.editor,
        publish_at="2026-03-26T12:00",
        publish_timezone="UTC",
    )

    assert found(desk, "zebra", at=MINUTE + timedelta(days=3)) == [moved, other]


def test_a_killed_release_is_not_found_and_no_word_of_it_is_kept(desk):
    reference = desk.decided("approve", headline="Zebra crossing opens")
    desk.now += timedelta(hours=1)
    desk.take(
        killing.kill,
        reference,
        desk.people.senior,
        sent=Kill("It was never true.", ["FACTS"], "It was never true."),
    )

    assert found(desk, "zebra") == []
    assert kept(desk) == 0


def test_what_was_taken_down_is_found_again_once_it_is_put_back(desk):
    reference = desk.decided("approve", headline="Zebra crossing opens")
    desk.now += timedelta(hours=1)
    desk.take(removing.take_down, reference, desk.people.senior, message="A lawyer asked.")
    gone = found(desk, "zebra")
    desk.take(removing.put_back, reference, desk.people.senior, message="The lawyer withdrew.")

    assert gone == []
    assert found(desk, "zebra") == [reference]


def test_an_approval_that_was_undone_is_not_found(desk):
    reference = desk.decided("approve", headline="Zebra crossing opens")
    desk.take(undoing.undo, reference, desk.people.editor)

    assert found(desk, "zebra") == []


@pytest.mark.parametrize("step", [sending.withdraw, rescheduling.unschedule])
def test_no_word_is_kept_of_a_scheduled_release_that_no_longer_runs(desk, step):
    reference = desk.decided("approve", **WISH)
    assert kept(desk) == 1

    if step is sending.withdraw:
        desk.take(step, reference, desk.people.member)
    else:
        desk.take(step, reference, desk.people.editor, message="The date is wrong.")

    assert kept(desk) == 0


def test_a_correction_is_found_by_its_own_words_only(desk):
    reference = desk.decided("approve", headline="Zebra crossing opens")
    desk.now += timedelta(hours=1)
    desk.take(
        correcting.start,
        reference,
        desk.people.member,
        correction=Correction("material", "It is a bridge.", "A slip."),
    )
    desk.save(reference, "news", {"headline": "Footbridge opens"})
    before = found(desk, "zebra"), found(desk, "footbridge")
    desk.send(reference)
    desk.claim(reference)
    desk.decide(reference)

    assert before == ([reference], [])
    assert (found(desk, "zebra"), found(desk, "footbridge")) == ([], [reference])


def test_an_index_that_is_behind_never_shows_what_is_hidden(desk):
    """The index is a copy: whoever forgets to keep it does not leak."""
    references = [desk.decided("approve", headline=f"Zebra crossing {number} opens") for number in range(3)]
    with desk.portal.work() as work:
        hidden = {"publication": "hidden", "live_from": None, "went_live_at": None}
        work.session.execute(update(Release).where(Release.reference == references[0]).values(**hidden))
        other = {"live_revision_id": 999_999}
        work.session.execute(update(Release).where(Release.reference == references[1]).values(**other))
        work.commit()

    assert found(desk, "zebra") == [references[2]]


def test_a_search_within_a_list_keeps_to_it(desk):
    with desk.portal.work() as work:
        one = builders.published_release(
            work, headline="Zebra", house=builders.organisation(work, slug="one-house")
        )
        two = builders.published_release(work, headline="Zebra", kind="event", city="Ipoh", country="MY")
        place = work.session.get_one(builders.Place, "malaysia-ipoh")
        work.commit()

    assert found(desk, "zebra", chosen=Filter(kind="event")) == [two.reference]
    assert found(desk, "zebra", chosen=Filter(organisation="one-house")) == [one.reference]
    assert found(desk, "zebra", chosen=Filter(place=place)) == [two.reference]
    assert found(desk, "zebra", chosen=Filter(kind="sports", place=place)) == []


def test_what_has_left_the_lists_is_found_by_the_search_and_not_in_the_lists(desk):
    with desk.portal.work() as work:
        row = builders.published_release(work, headline="Zebra", at=desk.now - timedelta(days=2))
        row.expires_at = desk.now - timedelta(days=1)
        work.commit()

    assert found(desk, "zebra") == [row.reference]
    assert found(desk, "zebra", chosen=Filter()) == []


def test_pages_follow_each_other_without_gaps_or_doubles(desk):
    with desk.portal.work() as work:
        house, sender = builders.organisation(work), builders.user(work)
        made = [
            builders.published_release(
                work,
                house=house,
                sender=sender,
                headline="Zebra",
                at=desk.now - timedelta(seconds=number // 3),
            )
            for number in range(11)
        ]
        work.commit()
    pages, after = [], ""
    with desk.portal.database.reading() as session:
        while not pages or after:
            page = search(session, desk.now, asked_terms("zebra"), after=after, size=4)
            pages.append([release.reference for release in page.releases])
            after = page.next

    newest = sorted(made, key=lambda row: (row.live_from, row.id), reverse=True)
    assert [len(page) for page in pages] == [4, 4, 3]
    assert [reference for page in pages for reference in page] == [row.reference for row in newest]


@pytest.mark.parametrize(
    ("headline", "question"),
    [
        ("ธนาคารแห่งประเทศไทยเปิดสาขาใหม่", "ประเทศไทย"),
        ("ທະນາຄານແຫ່ງ ສປປ ລາວ ເປີດສາຂາ", "ທະນາຄານ"),
        ("រាជធានីភ្នំពេញបើកផ្សារថ្មី", "ភ្នំពេញ"),
        ("မြန်မာနိုင်ငံနေပြည်တော်တွင်ဖွင့်လှစ်", "နေပြည်တော်"),
        ("新加坡旧电影院重新开放", "电影"),
        ("Cà phê Đắk Lắk mở cửa", "dak lak"),
    ],
)
def test_every_script_is_found_by_a_part_of_its_line(desk, headline, question):
    with desk.portal.work() as work:
        row = builders.published_release(work, headline=headline)
        builders.published_release(work, headline="Farmers open a mill")
        work.commit()

    assert found(desk, question) == [row.reference]


@pytest.mark.parametrize(
    "signs", ['"', "'", "*", "zebra*", '"zebra', "-zebra", "zebra:", "(zebra", "a & | ! <-> b", "\\", "%"]
)
def test_signs_of_a_query_language_never_raise(desk, signs):
    with desk.portal.work() as work:
        row = builders.published_release(work, headline="Zebra")
        work.commit()

    assert found(desk, signs) == ([row.reference] if "zebra" in signs else [])


def test_what_is_not_kept_of_live_releases_is_made_anew(desk):
    reference = desk.decided("approve", headline="Zebra crossing opens")
    desk.decided("approve", "event", headline="Fair opens", **WISH)
    with desk.portal.work() as work:
        work.session.query(SearchEntry).delete()
        work.commit()

    assert found(desk, "zebra") == []
    assert finding.index_missing(desk.portal) == 2
    assert found(desk, "zebra") == [reference]
    assert finding.index_missing(desk.portal) == 0
    with desk.portal.database.reading() as session:
        assert not_indexed(session, 1) == []
        assert len(list(session.scalars(select(SearchEntry.release_id)))) == 2
