"""The one door to every state: a row that moved behind an act's back is not hit, and nothing of the act stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.actions.releases import claims, conversing
from portal.actions.releases.moving import _saved_after, acting, clock_acting, gone_live, hidden
from portal.rules.refusals import Conflict, NotFound, Winner
from portal.rules.release_states import NOTHING, publication_step, review_step
from portal.storage.queries import releases
from portal.storage.queries.releases import Case
from portal.storage.tables import Edition, Endorsement, Release, SearchEntry, TimelineEntry, User
from tests import builders
from tests.rigs.desk import RECORDED


def withdraw(desk: Any, reference: str, *, meanwhile: str = "") -> None:
    """The move alone; `meanwhile` is the state into which a second writer brings the edition first."""
    with acting(desk.portal, desk.people.member, reference, now=desk.now) as act:
        row = act.require_step("withdraw")
        if meanwhile:
            behind_the_back_of(act, Edition, act.edition.id, state=meanwhile)
        act.move(row)


def take_down(desk: Any, reference: str, *, meanwhile: str = "") -> None:
    """The same for the publication."""
    with acting(desk.portal, desk.people.senior, reference, now=desk.now) as act:
        row = act.require_publication_step("take_down")
        if meanwhile:
            behind_the_back_of(act, Release, act.release.id, publication=meanwhile, removed_at=desk.now)
        act.move_publication(row, changes={"removed_at": desk.now})


def behind_the_back_of(act: Any, table: Any, number: int, **columns: Any) -> None:
    """What a second writer does: the row changes, and what the session has read of it stays as it was."""
    statement = update(table).where(table.id == number).values(**columns)
    act.session.execute(statement, execution_options={"synchronize_session": False})


def test_an_edition_that_somebody_moved_meanwhile_is_not_moved_again(desk):
    reference = desk.sent()
    before = desk.rows()

    with pytest.raises(Conflict, match=r"^Somebody else was faster\."):
        withdraw(desk, reference, meanwhile="expired")

    assert desk.rows() == before


def test_a_publication_that_somebody_moved_meanwhile_is_not_moved_again(desk):
    reference = desk.decided("approve")
    before = desk.rows()

    with pytest.raises(Conflict, match=r"^Somebody else was faster\."):
        take_down(desk, reference, meanwhile="killed")

    assert desk.rows() == before


def test_rows_that_nobody_moved_are_hit(desk):
    sent, public = desk.sent(), desk.decided("approve")

    withdraw(desk, sent)
    take_down(desk, public)

    assert (desk.state(sent), desk.release(public).publication) == ("withdrawn", "taken_down")


LATER = timedelta(minutes=5)


def entry_of(entry: Any) -> dict[str, Any]:
    """The row of the timeline as a dictionary of its own columns."""
    names = (
        "fact",
        "at",
        "edition_id",
        "actor_id",
        "actor_name",
        "from_state",
        "to_state",
        "revision_id",
        "detail",
    )
    return {name: getattr(entry, name) for name in names}


def told_of(row: Any) -> dict[str, Any]:
    names = ("timeline_id", "release_id", "edition_id", "user_id", "message_id", "created_at", "not_before")
    return {name: getattr(row, name) for name in names}


def test_a_move_writes_state_version_timeline_and_outbox_together(sqlite_desk):
    desk = sqlite_desk
    reference = desk.sent()
    version, now = desk.version(reference), desk.now + LATER
    revision_id = desk.edition(reference).revision_id

    with acting(desk.portal, desk.people.member, reference, now=now) as act:
        note = builders.message(act.work, act.release, act.session.get_one(User, act.person.id), "Why?")
        row = act.require_step("withdraw")
        entry = act.move(
            row,
            changes={"submission_key": "new"},
            detail={"why": "x"},
            tell=desk.people.owner.id,
            message_id=note.id,
            not_before=now + LATER,
        )
        written, number, note_id = entry_of(entry), entry.id, note.id

    edition, release, (told,) = desk.edition(reference), desk.release(reference), desk.told("withdrawn")
    assert (edition.state, edition.submission_key) == ("withdrawn", "new")
    assert (release.version, release.moved_at) == (version + 1, now)
    assert written == {
        "fact": "withdrawn",
        "at": now,
        "edition_id": edition.id,
        "actor_id": desk.people.member.id,
        "actor_name": desk.people.member.name,
        "from_state": "submitted",
        "to_state": "withdrawn",
        "revision_id": revision_id,
        "detail": {"why": "x", "message": note_id},
    }
    assert told_of(told) == {
        "timeline_id": number,
        "release_id": release.id,
        "edition_id": edition.id,
        "user_id": desk.people.owner.id,
        "message_id": note_id,
        "created_at": now,
        "not_before": now + LATER,
    }


def test_a_step_that_keeps_its_state_says_so(sqlite_desk):
    desk = sqlite_desk
    reference = desk.decided("reject")

    with acting(desk.portal, desk.people.member, reference, now=desk.now) as act:
        entry = act.move(act.require_step("clone"))
        written = entry_of(entry)

    assert (written["from_state"], written["to_state"], written["detail"]) == ("rejected", "rejected", {})
    assert desk.state(reference) == "rejected"


def test_what_the_clock_does_moves_no_version_and_names_nobody(sqlite_desk):
    desk = sqlite_desk
    reference = desk.held()
    version, now = desk.version(reference), desk.now + LATER

    with clock_acting(desk.portal, lambda work: releases.find_for_change(work, reference), now=now) as act:
        assert act is not None
        row = review_step("lapse_claim", "in_review")
        assert row is not None
        written = entry_of(act.move(row, changes=claims.unclaimed()))

    assert (desk.state(reference), desk.version(reference)) == ("submitted", version)
    assert desk.release(reference).moved_at == now
    assert (written["fact"], written["actor_id"], written["actor_name"]) == ("claim_lapsed", None, "")


def test_where_nothing_is_found_the_clock_has_nothing_to_do(sqlite_desk):
    with clock_acting(sqlite_desk.portal, lambda _work: None, now=sqlite_desk.now) as act:
        assert act is None


def test_a_step_of_the_publication_writes_its_part_and_leaves_the_edition(sqlite_desk):
    desk = sqlite_desk
    reference = desk.decided("approve")
    version, now = desk.version(reference), desk.now + LATER

    with acting(desk.portal, desk.people.senior, reference, now=now) as act:
        row = act.require_publication_step("take_down")
        entry = act.move_publication(
            row, changes={"removed_at": now}, detail={"why": "x"}, not_before=now + LATER
        )
        written = entry_of(entry)

    release, (told,) = desk.release(reference), desk.told("taken_down")
    assert (release.publication, release.removed_at) == ("taken_down", now)
    assert (release.version, release.moved_at) == (version + 1, now)
    assert (desk.state(reference), told.not_before) == ("approved", now + LATER)
    assert (written["fact"], written["from_state"], written["to_state"]) == ("taken_down", "", "")
    assert written["detail"] == {"why": "x"}


def test_a_step_that_leads_to_a_shown_state_keeps_what_is_stored(sqlite_desk):
    desk = sqlite_desk
    reference = desk.decided("approve")
    version = desk.version(reference)

    with clock_acting(
        desk.portal, lambda work: releases.find_for_change(work, reference), now=desk.now
    ) as act:
        assert act is not None
        row = publication_step("expire", "published")
        assert row is not None
        act.move_publication(row, changes={"archived_at": desk.now})

    release = desk.release(reference)
    assert (release.publication, release.archived_at, release.version) == ("live", desk.now, version)


def test_the_publication_s_part_of_a_step_writes_no_fact_and_no_version(sqlite_desk):
    desk = sqlite_desk
    reference = desk.decided("approve")
    version, facts = desk.version(reference), desk.facts(reference)

    with acting(desk.portal, desk.people.senior, reference, now=desk.now + LATER) as act:
        act.carry_publication(act.require_publication_step("take_down"), {"removed_at": desk.now})

    release = desk.release(reference)
    assert (release.publication, release.version, desk.facts(reference)) == ("taken_down", version, facts)
    assert release.moved_at == desk.now


def test_a_removed_release_is_no_longer_found(sqlite_desk):
    desk = sqlite_desk
    reference = desk.decided("approve")
    assert desk.count(SearchEntry) == 1

    take_down(desk, reference)
    assert desk.count(SearchEntry) == 0


def test_a_further_edition_begins_in_the_state_of_its_step(sqlite_desk):
    desk = sqlite_desk
    reference = desk.decided("approve")
    version, now = desk.version(reference), desk.now + LATER
    first = desk.edition(reference)

    with acting(desk.portal, desk.people.member, reference, now=now) as act:
        row = review_step("start_correction", NOTHING)
        assert row is not None
        columns = {
            "number": 2,
            "draft": first.draft,
            "draft_saved_at": now,
            "draft_saved_by_id": act.person.id,
            "headline": "x",
            "language": "en",
            "submission_key": "k",
            "round": 0,
            "flags": [],
        }
        begun = act.begin_edition(row, columns, {"what": "x"})
        assert (begun.actor, begun.release, begun.now) == (act.actor, act.release, now)

    edition, release = desk.edition(reference), desk.release(reference)
    assert (edition.number, edition.state, edition.release_id) == (2, "draft", release.id)
    assert (release.version, release.moved_at) == (version + 1, now)
    with desk.portal.database.reading() as session:
        newest = releases.timeline(session, release)[0]
        assert (newest.fact, newest.edition_id, newest.from_state, newest.to_state, newest.detail) == (
            "correction_started",
            edition.id,
            "",
            "draft",
            {"what": "x"},
        )


def test_a_first_yes_ends_with_its_state(sqlite_desk):
    desk = sqlite_desk
    reference = desk.held("sports")
    desk.decide(reference, **dict.fromkeys(RECORDED, ""))
    assert desk.state(reference) == "awaiting_second"

    with acting(desk.portal, desk.people.member, reference, now=desk.now + LATER) as act:
        act.move(act.require_step("withdraw"))

    with desk.portal.database.reading() as session:
        assert [yes.ended_at for yes in session.scalars(select(Endorsement))] == [desk.now + LATER]


@pytest.mark.parametrize(("who", "step", "refusal"), [
    ("stranger", "claim", NotFound), ("member", "claim", NotFound), ("admin", "claim", NotFound),
    ("insider", "claim", Conflict), ("editor", "claim", None), ("editor", "withdraw", NotFound),
    ("member", "withdraw", None), ("editor", "confirm", Conflict), ("editor", "publish_correction", StopIteration),
])  # fmt: skip
def test_a_step_is_asked_for_by_state_and_by_person(sqlite_desk, who, step, refusal):
    desk = sqlite_desk
    reference = desk.sent()

    def ask() -> str:
        with acting(desk.portal, getattr(desk.people, who), reference, now=desk.now) as act:
            return act.require(step, act.release.version).step

    if refusal is None:
        assert ask() == step
    else:
        with pytest.raises((refusal, RuntimeError) if refusal is StopIteration else refusal):
            ask()


@pytest.mark.parametrize(("who", "step", "refusal"), [
    ("editor", "ask_kill", None), ("editor", "kill", Conflict), ("senior", "kill", None), ("senior", "put_back", Conflict),
    ("member", "kill", NotFound), ("member", "reschedule", NotFound), ("editor", "reschedule", Conflict),
])  # fmt: skip
def test_a_step_of_the_publication_is_asked_for_by_what_is_shown(sqlite_desk, who, step, refusal):
    desk = sqlite_desk
    reference = desk.decided("approve")

    def ask() -> str:
        with acting(desk.portal, getattr(desk.people, who), reference, now=desk.now) as act:
            assert act.shown_publication() == "published"
            return act.require_publication(step, act.release.version).step

    if refusal is None:
        assert ask() == step
    else:
        with pytest.raises(refusal):
            ask()


def test_what_the_publication_does_not_allow_is_refused_in_the_words_that_were_asked_for(sqlite_desk):
    desk = sqlite_desk
    reference = desk.decided("approve")

    def ask(**more: str) -> None:
        with acting(desk.portal, desk.people.senior, reference, now=desk.now) as act:
            act.require_publication_step("put_back", **more)

    with pytest.raises(Conflict) as refused:
        ask(otherwise="It stands there.")
    assert refused.value.sentence == "It stands there."
    with pytest.raises(Conflict) as refused:
        ask()
    assert refused.value.sentence == "This step is no longer possible."


@pytest.mark.parametrize(("who", "as_member", "as_editor"), [
    ("member", None, NotFound), ("owner", None, NotFound), ("editor", NotFound, None), ("insider", None, Conflict),
    ("admin", NotFound, NotFound), ("senior", NotFound, None),
])  # fmt: skip
def test_what_only_one_side_does_is_refused_to_the_other(sqlite_desk, who, as_member, as_editor):
    desk = sqlite_desk
    reference = desk.sent()

    def ask(name: str) -> None:
        with acting(desk.portal, getattr(desk.people, who), reference, now=desk.now) as act:
            getattr(act, name)()

    for name, refusal in (("require_member", as_member), ("require_editor", as_editor)):
        if refusal is None:
            ask(name)
        else:
            with pytest.raises(refusal):
                ask(name)


def test_a_no_of_the_permission_table_is_said_in_its_words(sqlite_desk):
    desk = sqlite_desk
    reference = desk.sent()

    with (
        acting(desk.portal, desk.people.insider, reference, now=desk.now) as act,
        pytest.raises(Conflict, match="You belong to this organisation") as refused,
    ):
        act.require_editor()

    assert (refused.value.winner.name, refused.value.winner.fact) == (desk.people.member.name, "submitted")


def test_a_stranger_finds_nothing_as_for_no_release(sqlite_desk):
    desk = sqlite_desk
    reference = desk.sent()

    for actor, name in ((desk.people.stranger, reference), (desk.people.editor, "SEAP-2026-NOPE")):
        with pytest.raises(NotFound), acting(desk.portal, actor, name, now=desk.now):
            raise AssertionError


def test_an_older_page_is_refused_and_told_who_moved_it(sqlite_desk):
    desk = sqlite_desk
    reference = desk.sent()
    version = desk.version(reference)
    desk.now += LATER
    desk.claim(reference)
    conversing.write_to_desk(desk.portal, desk.people.owner, reference, message="Why?", now=desk.now + LATER)

    with (
        acting(desk.portal, desk.people.editor, reference, now=desk.now + LATER) as act,
        pytest.raises(Conflict) as refused,
    ):
        act.require("let_go", version)

    assert refused.value.sentence == "The release changed after you opened this page."
    # What people write to each other moves no version, so it is not what the page is too old for.
    assert refused.value.winner == Winner(desk.people.editor.name, "claimed", desk.now)


def test_a_saving_after_the_last_step_is_named_with_who_saved(sqlite_desk):
    desk = sqlite_desk
    reference = desk.draft()
    desk.now += LATER
    desk.save(reference, "news", {"headline": "The ferry that carries nurses home"}, by=desk.people.owner)

    with acting(desk.portal, desk.people.member, reference, now=desk.now + LATER) as act:
        found = act.conflict("No.")

    assert (found.sentence, found.winner) == ("No.", Winner(desk.people.owner.name, "saved", desk.now))


@pytest.mark.parametrize(("state", "minutes", "saved_after"), [
    ("draft", -1, False), ("draft", 0, True), ("draft", 1, True), ("changes_requested", -1, False),
    ("changes_requested", 0, False), ("changes_requested", 1, True), ("submitted", 0, False), ("submitted", 1, False),
])  # fmt: skip
def test_a_saving_counts_where_it_is_later_and_the_text_can_be_changed(now, state, minutes, saved_after):
    edition = Edition(state=state, draft_saved_at=now + timedelta(minutes=minutes))

    assert _saved_after(Case(Release(), edition), TimelineEntry(at=now)) is saved_after


def test_the_columns_of_a_release_that_nobody_meets_and_of_one_that_went_public(now):
    assert hidden() == {
        "live_from": None,
        "went_live_at": None,
        "live_edition_id": None,
        "live_revision_id": None,
    }
    assert gone_live(now, now + LATER) == {"went_live_at": now + LATER, "updated_at": now}


def test_what_a_person_does_ends_the_hold_and_what_comes_of_itself_is_said_after_it(sqlite_desk):
    desk = sqlite_desk
    reference = desk.held()
    desk.decide(reference, "reject")
    (held,) = desk.told("rejected")
    desk.now += timedelta(minutes=1)

    with acting(desk.portal, desk.people.editor, reference, now=desk.now) as act:
        act.by_itself().record("submitted")
        act.by_itself().record("submitted", not_before=desk.now + timedelta(hours=1))
    assert [row.not_before for row in desk.told("submitted")[1:]] == [
        held.not_before,
        desk.now + timedelta(hours=1),
    ]
    with acting(desk.portal, desk.people.member, reference, now=desk.now) as act:
        act.record("submitted")

    assert [row.not_before for row in desk.told("rejected")] == [desk.now]
    assert desk.told("submitted")[-1].not_before == desk.now


def test_a_step_that_the_state_does_not_allow_is_no_longer_possible(sqlite_desk):
    desk = sqlite_desk
    reference = desk.draft()

    with (
        acting(desk.portal, desk.people.member, reference, now=desk.now) as act,
        pytest.raises(Conflict) as refused,
    ):
        act.require_step("recall")

    assert refused.value.sentence == "This step is no longer possible."
