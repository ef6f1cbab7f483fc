"""Corrections: one at a time, the public text untouched until the desk says yes, told to all who were told before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.actions.mailing import notifying
from portal.actions.moderating import reading, undoing
from portal.actions.publishing import correcting
from portal.actions.publishing.correcting import Correction
from portal.actions.releases.moving import acting
from portal.actions.submitting import sending
from portal.outlets.mail import notices
from portal.outlets.public_release import whole
from portal.rules.refusals import Conflict, Invalid, NotFound
from portal.storage.queries import mailing, public_releases, releases
from portal.storage.tables import Delivery, Outbox, Release
from tests.rigs.desk import Desk

WRONG = Correction("material", "The first version gave 120 jobs. It is 12.", "A typing error of ours.")


def published(desk: Desk, **changes: str) -> str:
    reference = desk.held("business", **changes)
    desk.decide(reference, "approve", identity_person="Dewi", identity_number="+62 21 555 0100",
                identity_source="Their website", check_note="Read", consent_note="Seen")  # fmt: skip
    return reference


def start(desk: Desk, reference: str, correction: Correction = WRONG, **more) -> None:
    by = more.pop("by", desk.people.member)
    desk.take(correcting.start, reference, by, correction=correction, **more)


def opened(desk: Desk, reference: str, correction: Correction = WRONG, **more) -> None:
    by = more.pop("by", desk.people.editor)
    desk.take(correcting.open_by_editor, reference, by, correction=correction, **more)


def approve(desk: Desk, reference: str) -> None:
    desk.decide(reference, "approve", check_note="Read", consent_note="Seen", identity_person="Dewi",
                identity_number="+62 21 555 0100", identity_source="Their website")  # fmt: skip


def shown(desk: Desk, reference: str):
    with desk.portal.database.reading() as session:
        found = public_releases.one(session, desk.now, reference)
        return whole(found) if found else None


def test_a_member_begins_with_the_public_text_and_no_time(desk):
    reference = published(desk, timing="immediate")
    before = shown(desk, reference)

    start(desk, reference)

    edition = desk.edition(reference)
    assert (edition.number, edition.state, edition.correction_kind) == (2, "draft", "material")
    assert edition.draft["values"]["headline"] == before.headline
    assert "timing" not in edition.draft["values"]
    assert shown(desk, reference) == before
    assert desk.facts(reference)[-1] == "correction_started"
    assert [row.fact for row in desk.told("correction_started")] == ["correction_started"]


def test_the_desk_is_not_mailed_words_of_a_correction_that_was_not_sent(sqlite_desk):
    desk = sqlite_desk
    reference = published(desk, timing="immediate", headline="Farmers of Sunda open a rice mill")
    start(desk, reference)
    desk.save(reference, "news", {"headline": "Not sent yet"})
    [told] = desk.told("correction_started")

    [delivery, *_] = notifying.relay(desk.portal, told.id, now=desk.now)
    with desk.portal.database.reading() as session:
        occasion = mailing.occasion(session, delivery)
        mail = notices.compose(occasion, desk.portal.settings, now=desk.now)
    assert mail["Subject"].endswith("Farmers of Sunda open a rice mill")
    assert "Not sent yet" not in mail.as_string()


def test_a_whole_correction_of_a_member_takes_the_place_of_the_public_text(desk):
    reference = published(desk)
    before = shown(desk, reference)
    start(desk, reference)
    desk.save(reference, "news", {"headline": "Selat Biru Ferries adds twelve jobs at its Batam quay"})
    desk.send(reference)
    assert shown(desk, reference) == before
    desk.now += timedelta(hours=1)
    desk.claim(reference)

    approve(desk, reference)

    after, edition = shown(desk, reference), desk.edition(reference)
    assert after.headline == "Selat Biru Ferries adds twelve jobs at its Batam quay"
    assert (after.url, after.feed_id, after.published_at) == (before.url, before.feed_id, before.published_at)
    assert after.updated_at == desk.now == edition.published_at
    assert [(note.word, note.text, note.first) for note in after.notices] == [("Corrected", WRONG.what, True)]
    assert {"correction_published", "approved"} <= set(desk.facts(reference)[-3:])
    assert desk.release(reference).live_edition_id == edition.id


@pytest.mark.parametrize(("kind", "notes"), [("material", 1), ("minor", 1), ("format", 0)])
def test_material_and_minor_corrections_carry_a_note_and_format_does_not(sqlite_desk, kind, notes):
    reference = published(sqlite_desk)
    opened(sqlite_desk, reference, Correction(kind, "A comma.", "It was missing."))

    approve(sqlite_desk, reference)

    assert len(shown(sqlite_desk, reference).notices) == notes


def test_what_a_correction_says_of_a_time_is_not_kept(sqlite_desk):
    reference = published(sqlite_desk)
    start(sqlite_desk, reference)

    sqlite_desk.save(reference, "contact", {"timing": "embargo", "release_at": "2030-01-01T10:00"})

    assert "timing" not in sqlite_desk.values(reference)


def test_only_one_correction_is_open_at_a_time(desk):
    reference = published(desk)
    start(desk, reference)

    with pytest.raises(Conflict):
        start(desk, reference)
    desk.send(reference)
    with pytest.raises(Conflict):
        opened(desk, reference)
    assert desk.edition(reference).number == 2


def test_an_editor_holds_a_correction_at_once_and_the_members_draft_is_closed(desk):
    reference = published(desk)
    start(desk, reference)
    desk.save(reference, "news", {"headline": "A headline of the member"})

    opened(desk, reference)

    with desk.portal.database.reading() as session:
        release = session.scalars(select(Release).where(Release.reference == reference)).one()
        old, new = release.editions[1:]
        assert (old.state, old.draft["values"]["headline"]) == ("withdrawn", "A headline of the member")
        assert (new.number, new.state, new.holder_id) == (3, "in_review", desk.people.editor.id)
        assert new.revision.content["values"]["headline"] != "A headline of the member"
    assert desk.facts(reference)[-2:] == ["correction_closed", "correction_opened"]
    assert len(desk.told("correction_closed")) == len(desk.told("correction_opened")) == 1


def test_only_what_is_public_can_be_corrected(sqlite_desk):
    waiting = sqlite_desk.sent()
    refused = sqlite_desk.decided("reject")

    for reference in (waiting, refused):
        with pytest.raises(Conflict):
            start(sqlite_desk, reference)
        with pytest.raises(Conflict):
            opened(sqlite_desk, reference)


def test_a_correction_says_its_kind_what_was_wrong_and_why(sqlite_desk):
    reference = published(sqlite_desk)
    before = sqlite_desk.rows()

    with pytest.raises(Invalid) as refused:
        start(sqlite_desk, reference, Correction("serious", " ", ""))
    with pytest.raises(Invalid) as too_long:
        opened(sqlite_desk, reference, Correction("minor", "x" * 1001, "Because."))

    assert [issue.field for issue in refused.value.issues] == ["correction_kind", "what", "why"]
    assert [issue.field for issue in too_long.value.issues] == ["what"]
    assert sqlite_desk.rows() == before


def test_strangers_learn_nothing_and_insiders_may_not(sqlite_desk):
    reference = published(sqlite_desk)

    for stranger in (sqlite_desk.people.stranger, sqlite_desk.people.editor):
        with pytest.raises(NotFound):
            start(sqlite_desk, reference, by=stranger)
    with pytest.raises(NotFound):
        opened(sqlite_desk, reference, by=sqlite_desk.people.member)
    with pytest.raises(Conflict):
        opened(sqlite_desk, reference, by=sqlite_desk.people.insider)
    with pytest.raises(Conflict):
        start(sqlite_desk, reference, version=1)


@pytest.mark.parametrize("end", ["withdraw", "reject"])
def test_a_correction_that_ends_leaves_the_public_text_alone(desk, end):
    reference = published(desk)
    before = shown(desk, reference)
    start(desk, reference)
    desk.send(reference)

    if end == "withdraw":
        desk.take(sending.withdraw, reference, desk.people.member)
    else:
        desk.claim(reference)
        desk.decide(reference, "reject")

    assert shown(desk, reference) == before
    start(desk, reference)
    assert desk.edition(reference).number == 3


def test_the_end_of_its_release_closes_a_correction_and_its_sender_is_told(desk):
    reference = published(desk)
    start(desk, reference)
    desk.send(reference)
    desk.claim(reference)

    with acting(desk.portal, desk.people.editor, reference, now=desk.now) as act:
        assert correcting.close_open_correction(act)
        assert not correcting.close_open_correction(act)

    assert desk.state(reference) == "withdrawn"
    assert len(desk.told("correction_closed")) == 1


def test_everybody_on_the_senders_side_who_was_mailed_is_told_once(desk):
    reference = published(desk)
    with desk.portal.work() as work:
        row = work.session.scalars(select(Outbox).where(Outbox.fact == "submitted")).one()
        for person in (desk.people.owner, desk.people.stranger):
            work.session.add(Delivery(outbox_id=row.id, template="receipt", recipient=person.email,
                                      user_id=person.id, state="sent", sent_at=desk.now, next_at=desk.now))  # fmt: skip
        work.commit()
    opened(desk, reference)
    approve(desk, reference)
    [told] = desk.told("correction_published")

    notifying.relay(desk.portal, told.id, now=told.not_before)

    with desk.portal.database.reading() as session:
        mails = session.scalars(select(Delivery.recipient).where(Delivery.outbox_id == told.id)).all()
    assert sorted(mails) == sorted({desk.people.owner.email, desk.people.member.email})


def test_the_mails_of_a_correction_wait_as_long_as_those_of_its_decision(sqlite_desk):
    reference = published(sqlite_desk)
    opened(sqlite_desk, reference)

    approve(sqlite_desk, reference)

    [told] = sqlite_desk.told("correction_published")
    assert told.not_before == sqlite_desk.told("approved")[-1].not_before > sqlite_desk.now


def test_versions_are_numbered_through_the_life_of_a_release(desk):
    reference = published(desk)
    opened(desk, reference)
    approve(desk, reference)
    start(desk, reference)
    desk.send(reference)

    with desk.portal.database.reading() as session:
        found = releases.revisions(session, desk.release(reference))
        assert [revision.number for revision in found] == [3, 2, 1]


def test_two_corrections_are_both_told_of_in_their_order(sqlite_desk):
    reference = published(sqlite_desk)
    for what in ("First.", "Second."):
        sqlite_desk.now += timedelta(hours=1)
        opened(sqlite_desk, reference, Correction("minor", what, "Because."))
        approve(sqlite_desk, reference)

    notes = shown(sqlite_desk, reference).notices
    assert [(note.text, note.first) for note in notes] == [("First.", False), ("Second.", False)]
    assert len({note.id for note in notes}) == 2


def test_a_correction_under_review_is_let_go_and_taken_like_any_release(sqlite_desk):
    reference = published(sqlite_desk)
    opened(sqlite_desk, reference)
    sqlite_desk.take(reading.let_go, reference, sqlite_desk.people.editor)

    sqlite_desk.claim(reference, by=sqlite_desk.people.other_editor)

    assert sqlite_desk.edition(reference).holder_id == sqlite_desk.people.other_editor.id


def test_an_undone_correction_leaves_no_note_and_nobody_is_told(desk):
    reference = published(desk)
    before = shown(desk, reference)
    desk.now += timedelta(minutes=30)
    opened(desk, reference)
    approve(desk, reference)
    desk.now += timedelta(minutes=1)

    desk.take(undoing.undo, reference, desk.people.editor)

    after = shown(desk, reference)
    assert (after.headline, after.notices, after.published_at) == (before.headline, (), before.published_at)
    assert desk.state(reference) == "in_review"
    [told] = desk.told("correction_published")
    assert notifying.relay(desk.portal, told.id, now=desk.now + timedelta(hours=1)) == []
