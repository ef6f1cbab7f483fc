"""A kill takes two editors or a senior; exactly those who had received the release are told, and it happens once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.actions.mailing import delivering, notifying
from portal.actions.moderating import reading
from portal.actions.publishing import correcting, going_live, killing, removing
from portal.actions.publishing.killing import ASKED, KILLED, Kill
from portal.rules.refusals import Conflict, Invalid, NotFound
from portal.storage.queries import mailing
from portal.storage.tables import Delivery, Endorsement, Outbox, Release, User
from tests.rigs.desk import at_once

WHY = Kill("The tests it described were never carried out.", ["FACTS"], mail_readers=True)


@pytest.fixture
def public(desk):
    reference = desk.held()
    desk.decide(reference)
    return reference


def kill(desk, reference, who, sent=WHY, **more):
    return desk.take(killing.kill, reference, who, sent=sent, **more)


def mailed(desk, fact):
    """Relays the fact and answers with (template, address) of its mails."""
    row = desk.told(fact)[-1]
    notifying.relay(desk.portal, row.id, now=desk.now + timedelta(days=1))
    with desk.portal.database.reading() as session:
        found = session.scalars(select(Delivery).where(Delivery.outbox_id == row.id).order_by(Delivery.id))
        return [(each.template, each.recipient) for each in found]


def received(desk, fact, reference, *addresses, template="approved", state="sent"):
    """Mails about the release that had gone out before."""
    release = desk.release(reference)
    with desk.portal.work() as work:
        row = Outbox(fact=fact, release_id=release.id, created_at=desk.now, not_before=desk.now)
        row.relayed_at = desk.now
        work.session.add(row)
        work.session.flush()
        for address in addresses:
            sent_at = desk.now if state == "sent" else None
            work.session.add(
                Delivery(
                    outbox_id=row.id,
                    template=template,
                    recipient=address,
                    state=state,
                    sent_at=sent_at,
                    next_at=desk.now,
                )
            )
        work.commit()


def test_the_first_editor_asks_and_the_second_kills(desk, public):
    assert kill(desk, public, desk.people.editor) == ASKED
    assert desk.is_public(public, desk.now)
    assert [to for _, to in mailed(desk, "kill_asked")] == [
        desk.people.other_editor.email,
        desk.people.senior.email,
    ]

    assert kill(desk, public, desk.people.other_editor, Kill("I read it too.")) == KILLED
    assert not desk.is_public(public, desk.now)
    release = desk.release(public)
    assert (release.publication, release.removal_reasons) == ("killed", ["FACTS"])
    assert desk.facts(public)[-2:] == ["kill_asked", "killed"]


def test_whoever_asked_cannot_answer_and_a_senior_needs_nobody(desk, public):
    kill(desk, public, desk.people.editor)
    with pytest.raises(Conflict, match="Another editor has to confirm it"):
        kill(desk, public, desk.people.editor)

    assert kill(desk, public, desk.people.senior) == KILLED


def test_where_no_senior_is_active_one_editor_is_enough(desk, public):
    with desk.portal.work() as work:
        work.session.get_one(User, desk.people.senior.id).blocked_at = desk.now
        work.commit()

    assert kill(desk, public, desk.people.editor) == KILLED


def test_a_request_falls_after_a_day_with_or_without_a_clock(desk, public):
    kill(desk, public, desk.people.editor)
    desk.now += timedelta(hours=24)

    assert kill(desk, public, desk.people.other_editor) == ASKED
    desk.now += timedelta(hours=24)
    assert killing.lapse_requests(desk.portal, now=desk.now) == 1
    assert killing.lapse_requests(desk.portal, now=desk.now) == 0
    assert mailed(desk, "kill_lapsed") == [("kill_lapsed", desk.people.other_editor.email)]
    assert desk.is_public(public, desk.now)


def test_a_kill_says_why_names_known_reasons_and_never_repeats_the_headline(desk, public):
    headline = desk.edition(public).headline
    wrong = {
        "message": Kill("  "),
        "reasons": Kill("Why", ["NONSENSE"]),
        "public_text": Kill("Why", [], f"It said: {headline.upper()}."),
    }
    for field, sent in wrong.items():
        with pytest.raises(Invalid) as refused:
            kill(desk, public, desk.people.senior, sent)
        assert [issue.field for issue in refused.value.issues] == [field]
    assert desk.count(Endorsement) == 0


def test_kill_mail_goes_exactly_to_those_who_had_received_it_and_the_desk(desk, public):
    received(desk, "approved", public, desk.people.owner.email)
    received(
        desk, "went_live", public, "left@elsewhere.example", desk.people.owner.email, template="published"
    )
    received(desk, "approved", public, "bounced@elsewhere.example", state="failed")
    received(desk, "submitted", public, "only-receipt@elsewhere.example", template="receipt")
    kill(desk, public, desk.people.senior)

    assert sorted(mailed(desk, "killed")) == sorted(
        [
            ("killed", desk.people.member.email),
            ("killed_reader", desk.people.owner.email),
            ("killed_reader", "left@elsewhere.example"),
            ("desk_killed", desk.people.editor.email),
            ("desk_killed", desk.people.other_editor.email),
        ]
    )


def test_without_the_tick_only_the_organisation_and_the_desk_are_told(desk, public):
    received(desk, "approved", public, "reader@elsewhere.example")
    kill(desk, public, desk.people.senior, Kill("Why"))

    assert {template for template, _ in mailed(desk, "killed")} == {"killed", "desk_killed"}


def test_a_kill_taken_back_is_told_to_whoever_was_told_of_it(desk, public):
    kill(desk, public, desk.people.senior)
    received(desk, "killed", public, "reader@elsewhere.example", template="killed_reader")
    desk.take(removing.revert, public, desk.people.senior, message="It was true after all.")

    told = mailed(desk, "reverted")
    assert ("reverted_reader", "reader@elsewhere.example") in told
    assert ("reverted", desk.people.member.email) in told
    release = desk.release(public)
    assert (release.publication, release.removed_at, release.removal_reasons) == ("live", None, [])


def test_the_held_mail_of_the_approval_is_never_sent_after_a_kill(desk, public):
    kill(desk, public, desk.people.senior)

    [row] = desk.told("approved")
    assert row.dropped_at is not None or desk.portal.settings.mail_hold_minutes == 0


def test_a_late_mail_never_says_what_no_longer_holds(desk, public):
    """It was addressed before the kill, and its mail server was away."""

    def reason(fact):
        row = desk.told(fact)[-1]
        with desk.portal.work() as work:
            delivery = Delivery(outbox_id=row.id, template=fact, recipient="x@y.example", next_at=desk.now)
            work.session.add(delivery)
            work.session.flush()
            occasion = mailing.occasion(work.session, delivery.id)
            assert occasion is not None
            return delivering.reason_to_drop(work.session, occasion, now=desk.now)

    assert reason("approved") == ""
    kill(desk, public, desk.people.senior)
    assert (reason("approved"), reason("killed")) == ("it is no longer public", "")
    desk.take(removing.revert, public, desk.people.senior, message="It was true.")
    assert reason("killed") == "it is public again"


def test_of_two_editors_who_confirm_at_once_one_kills(desk, public):
    kill(desk, public, desk.people.editor)
    version = desk.version(public)

    answers = at_once(
        [
            lambda who=who: kill(desk, public, who, version=version)
            for who in (desk.people.other_editor, desk.people.senior)
        ]
    )

    assert [answer for answer in answers if answer == KILLED] == [KILLED]
    assert [type(answer) for answer in answers if answer != KILLED] == [Conflict]
    assert desk.facts(public).count("killed") == 1
    assert len(desk.told("killed")) == 1


def test_a_kill_closes_a_correction_and_races_it_with_one_winner(desk, public):
    desk.now += timedelta(hours=1)
    fix = correcting.Correction("minor", "A name was misspelt.", "Our slip.")
    desk.take(correcting.open_by_editor, public, desk.people.editor, correction=fix)
    version, verdict = desk.version(public), desk.verdict(public)

    answers = at_once(
        [
            lambda: kill(desk, public, desk.people.senior, version=version),
            lambda: reading.decide(
                desk.portal, desk.people.editor, public, verdict, version=version, now=desk.now
            ),
        ]
    )

    assert [isinstance(answer, Conflict) for answer in answers].count(True) == 1
    killed = answers[0] == KILLED
    assert desk.state(public) in (("withdrawn",) if killed else ("approved", "awaiting_second"))
    assert desk.is_public(public, desk.now) is (not killed)
    assert ("correction_closed" in desk.facts(public)) is killed


def test_jobs_that_were_pending_do_nothing_after_a_kill(desk, public):
    with desk.portal.work() as work:
        work.session.get_one(Release, desk.release(public).id).went_live_at = None
        work.commit()
    kill(desk, public, desk.people.senior)
    before = desk.rows()

    assert going_live.record_due(desk.portal, now=desk.now) == 0
    assert removing.expire_due(desk.portal, now=desk.now) == 0
    assert desk.rows() == before


@pytest.mark.parametrize("who", ["member", "owner", "stranger", "admin"])
def test_nobody_else_may_even_know_of_the_step(desk, public, who):
    with pytest.raises(NotFound):
        kill(desk, public, desk.people.all()[who])


def test_no_editor_kills_for_the_own_organisation_or_what_is_not_public(desk, public):
    with pytest.raises(Conflict, match="You belong to this organisation"):
        kill(desk, public, desk.people.insider)
    waiting = desk.held()
    with pytest.raises(Conflict):
        kill(desk, waiting, desk.people.senior)
    assert desk.state(waiting) == "in_review"
