"""Examined once, whoever comes; and the same story is found among what one may know of, and nowhere else."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from portal.actions.moderating import examining
from portal.actions.releases import content as contents
from portal.actions.submitting import sending
from portal.storage.queries import near_texts, releases
from portal.storage.tables import Examination, SimilarityBand
from portal.text import similarity
from tests.rigs.desk import at_once
from tests.rules.examples import EXAMPLES


def found(desk, reference) -> Examination:
    with desk.portal.database.reading() as session:
        examination = releases.examination(session, desk.edition(reference).revision_id)
        assert examination is not None
        return examination


def copies(desk, reference) -> list[str]:
    desk.examine(reference)
    return [copy["reference"] for copy in found(desk, reference).near_copies]


def send_from_another_house(desk, **changes: str) -> str:
    reference = desk.draft(by=desk.people.stranger, **changes)
    desk.send(reference, by=desk.people.stranger)
    return reference


def test_an_examination_is_stored_and_the_editors_are_told(desk):
    reference = desk.sent()

    assert desk.examine(reference) is True

    edition = desk.edition(reference)
    assert edition.examined_at == desk.now
    assert "first_release" in edition.flags
    assert found(desk, reference).flags == edition.flags
    assert len(desk.told("examined")) == 1
    assert desk.facts(reference)[-1] == "examined"


def test_examining_again_or_at_once_does_nothing_more(desk):
    reference = desk.sent()

    answers = at_once([lambda: desk.examine(reference)] * 3)

    assert sorted(answers) == [False, False, True]
    assert desk.examine(reference) is False
    assert (desk.count(Examination), len(desk.told("examined"))) == (1, 1)


def test_an_examination_does_not_move_the_version_or_end_a_claim(desk):
    reference = desk.held()
    version = desk.version(reference)

    desk.examine(reference)

    assert (desk.version(reference), desk.state(reference)) == (version, "in_review")


def test_nothing_is_examined_that_does_not_wait(desk):
    reference = desk.sent()
    edition = desk.edition(reference).id
    desk.take(sending.recall, reference, desk.people.member)
    before = desk.rows()

    assert examining.examine(desk.portal, edition, now=desk.now) is False
    assert examining.examine(desk.portal, 9_999, now=desk.now) is False
    assert desk.rows() == before


def test_a_text_that_was_sent_again_is_examined_again(desk):
    reference = desk.sent()
    desk.examine(reference)
    desk.take(sending.recall, reference, desk.people.member)
    desk.send(reference)

    assert desk.edition(reference).examined_at is None
    assert desk.examine(reference) is True
    assert desk.count(Examination) == 2


def test_a_wish_whose_time_came_meanwhile_is_no_fault_of_the_sender(desk):
    reference = desk.sent(timing="schedule", release_at="2026-03-24T11:40", release_timezone="Asia/Singapore")
    desk.now += timedelta(hours=3)

    desk.examine(reference)

    assert [
        issue["field"] for issue in found(desk, reference).issues if issue["severity"] == "blocking"
    ] == []


def test_the_same_story_is_found_among_ones_own_releases_in_any_state(desk):
    first = desk.sent()
    desk.examine(first)

    assert copies(desk, desk.sent(headline="A night ferry from Surabaya to Kalianget, from May on")) == [
        first
    ]


def test_the_same_story_is_found_among_other_houses_public_releases(desk):
    public = desk.sent()
    desk.examine(public)
    desk.claim(public)
    desk.decide(public)

    assert copies(desk, send_from_another_house(desk)) == [public]


def test_the_desk_sees_another_houses_copies_that_wait_or_have_their_time(desk):
    waiting = desk.sent()
    desk.examine(waiting)
    scheduled = desk.sent(timing="schedule", release_at="2026-03-25T09:00", release_timezone="Asia/Jakarta")
    desk.examine(scheduled)
    desk.claim(scheduled)
    desk.decide(scheduled)

    copy = send_from_another_house(desk)

    assert set(copies(desk, copy)) == {waiting, scheduled}
    assert desk.edition(copy).advice_count == len(found(desk, copy).issues) + 2


def near(desk, reference: str) -> list[tuple[str, str, bool]]:
    """What an editor who opens the page now sees: reference, state, and whether it is another house's."""
    with desk.portal.database.reading() as session:
        case = releases.find(session, reference)
        found = examining.near_copies(session, case, desk.now)
    return [(copy["reference"], copy["state"], copy["foreign"]) for copy in found]


def test_a_copy_is_seen_from_both_sides_and_anew_when_its_twin_goes_public(desk):
    first = desk.sent()
    desk.examine(first)
    assert near(desk, first) == []

    second = send_from_another_house(desk)
    desk.examine(second)
    assert near(desk, first) == [(second, "submitted", True)]
    assert near(desk, second) == [(first, "submitted", True)]

    desk.claim(first)
    desk.decide(first)
    assert near(desk, second) == [(first, "published", True)]


def test_a_draft_of_another_house_and_what_was_refused_there_stay_its_own(desk):
    recalled, refused = desk.sent(), desk.sent()
    for reference in (recalled, refused):
        desk.examine(reference)
    desk.take(sending.recall, recalled, desk.people.member)
    desk.claim(refused)
    desk.decide(refused, "reject")

    copy = send_from_another_house(desk)

    assert copies(desk, copy) == []


def test_another_story_is_no_copy(desk):
    desk.examine(desk.sent())

    assert copies(desk, desk.sent("event")) == []


def test_stories_are_found_by_their_bands(desk):
    reference = desk.sent()
    desk.examine(reference)

    with desk.portal.database.reading() as session:
        bands = {row.band for row in session.query(SimilarityBand)}
    body = EXAMPLES["business"]["body"]
    assert bands != set()
    assert bands & set(similarity.bands(f"{EXAMPLES['business']['headline']}\n{body}"))


def looked_at(desk, *references: str) -> list[int]:
    """How many near copies the queue counts for each."""
    with desk.portal.database.reading() as session:
        editions = [releases.find(session, each).edition for each in references]
        found = examining.near_copies_now(session, editions, desk.now)
        return [found.get(edition.id, 0) for edition in editions]


def test_the_queue_counts_a_twin_that_comes_later_on_both_sides(desk):
    first, other = desk.sent(), desk.sent("event")
    for reference in (first, other):
        desk.examine(reference)
    assert looked_at(desk, first, other) == [0, 0]

    second = send_from_another_house(desk)
    desk.examine(second)
    assert looked_at(desk, first, second, other) == [1, 1, 0]

    desk.take(sending.recall, second, desk.people.stranger)
    assert looked_at(desk, first) == [0]


def with_boilerplate(number: int) -> str:
    """A story of its own above a paragraph that all texts of the house carry, which is more than half of it."""
    drawn = random.Random(number)
    own = " ".join(f"w{drawn.randrange(10**6)}" for _ in range(75))
    return f"{own}\n\n{' '.join(f'about{word}' for word in range(125))}"


def test_an_identical_text_is_found_behind_fifty_newer_ones_with_the_same_boilerplate(desk):
    first = send_from_another_house(desk, body=with_boilerplate(0))
    desk.examine(first)
    for number in range(1, 51):
        desk.examine(desk.sent(body=with_boilerplate(number)))

    assert copies(desk, desk.sent(body=with_boilerplate(0))) == [first]


def test_a_band_of_very_many_texts_is_left_out_unless_there_is_no_other(desk, monkeypatch):
    monkeypatch.setattr(near_texts, "MOST_SHARE", 4)
    stories = [with_boilerplate(number) for number in range(12)]
    references = [desk.sent(body=story) for story in stories]
    for reference in references:
        desk.examine(reference)
    with desk.portal.database.reading() as session:
        text = similarity.Compared(contents.comparable_text(desk.edition(references[0]).revision.content))
        rare = near_texts.sharing(session, text.bands, release_id=0)
        held = Counter(session.scalars(select(SimilarityBand.band)))
    common = [band for band in text.bands if held[band] > 4]

    assert common != []
    assert list(rare) == [desk.edition(references[0]).revision_id]

    for _ in range(6):
        desk.examine(desk.sent(body=stories[0]))

    assert len(near(desk, references[0])) == 4  # the newest
    assert looked_at(desk, references[0]) == [4]
