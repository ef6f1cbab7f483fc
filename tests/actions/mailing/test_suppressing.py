"""Addresses that are left alone, for good or for a while, and how that is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.actions.mailing import delivering, notifying, suppressing
from portal.actions.portal import Portal
from portal.outlets.mail.senders import Receipt
from portal.rules.permissions import Person
from portal.rules.refusals import Conflict, Invalid, NotFound
from portal.storage.queries import mailing
from portal.storage.queries.newsletter import suppressions
from portal.storage.tables import Delivery
from tests import builders
from tests.builders import NOON
from tests.rigs.mailroom import KeepingSender, bench_of
from tests.rigs.readers import READER, Readers
from workers.relay import deliver_row

DAY = timedelta(days=1)


@pytest.fixture
def portal(database, settings):
    return Portal(database, settings)


@pytest.fixture
def admin(portal):
    with portal.work() as work:
        row = builders.user(work, role="admin", name="Noy")
        work.commit()
    return Person(row.id, row.name, row.email, "admin", frozenset(), frozenset())


def refuse(portal, *, reason="refused", now=NOON, email=READER):
    with portal.work() as work:
        suppressing.suppress(work, email, reason=reason, detail="550 5.1.1 no such\r\nperson", now=now)
        work.commit()


def refuse_softly(portal, *days):
    held = []
    for day in days:
        with portal.work() as work:
            held.append(suppressing.note_soft(work, READER, detail="452 full", now=NOON + day * DAY))
            work.commit()
    return held


def is_held(portal, now=NOON):
    with portal.database.reading() as session:
        return suppressing.is_suppressed(session, READER, now=now)


def row(portal):
    with portal.database.reading() as session:
        return suppressions.by_email(session, READER)


def test_what_is_refused_for_good_is_left_alone_from_then_on(portal):
    refuse(portal)
    refuse(portal, now=NOON + DAY)

    assert is_held(portal, NOON + 900 * DAY)
    assert (row(portal).reason, row(portal).detail) == ("refused", "550 5.1.1 no such person")


def test_three_soft_refusals_hold_for_thirty_days(portal):
    assert refuse_softly(portal, 0, 1) == [False, False]
    assert not is_held(portal, NOON + DAY)
    assert refuse_softly(portal, 2) == [True]

    assert [is_held(portal, NOON + day * DAY) for day in (2, 31.9, 32)] == [True, True, False]
    assert refuse_softly(portal, 33, 34) == [False, False]
    assert not is_held(portal, NOON + 34 * DAY)


def test_a_soft_refusal_does_not_soften_one_for_good(portal):
    refuse(portal)

    assert refuse_softly(portal, 1, 2, 3) == [False, False, False]
    assert (row(portal).reason, is_held(portal, NOON + 400 * DAY)) == ("refused", True)


def test_a_wish_is_not_overwritten_by_a_refusal(portal):
    refuse(portal, reason="complaint")
    refuse(portal)

    assert row(portal).reason == "complaint"


def test_an_administrator_lifts_it_with_a_reason_and_it_can_be_held_again(portal, admin):
    refuse(portal)

    suppressing.lift(
        portal, admin, email="Reader@Home.example", message="The mailbox is back.", now=NOON + DAY
    )

    assert not is_held(portal, NOON + DAY)
    assert (row(portal).lifted_by_id, row(portal).lifted_why) == (admin.id, "The mailbox is back.")
    refuse(portal, now=NOON + 2 * DAY)
    assert is_held(portal, NOON + 2 * DAY)


def test_lifting_needs_an_administrator_a_reason_and_a_held_address(portal, admin):
    refuse(portal)
    editor = Person(admin.id, "Ed", "ed@x.example", "editor", frozenset(), frozenset())

    with pytest.raises(NotFound):
        suppressing.lift(portal, editor, email=READER, message="Why not.", now=NOON)
    with pytest.raises(Invalid) as refusal:
        suppressing.lift(portal, admin, email="nobody", message=" ", now=NOON)
    assert {issue.field for issue in refusal.value.issues} == {"email", "message"}
    with pytest.raises(Conflict):
        suppressing.lift(portal, admin, email="other@home.example", message="Why not.", now=NOON)
    assert is_held(portal)


def test_a_notice_that_is_refused_for_good_suppresses_its_reader_and_the_next_one_is_not_sent(portal):
    readers = Readers(portal)
    readers.ask()
    sender = KeepingSender([Receipt("refused", "550 no such person")])
    with portal.database.reading() as session:
        [outbox_id] = mailing.waiting_outbox(session, NOON, limit=9)
    [delivery_id] = notifying.relay(portal, outbox_id, now=NOON)

    deliver_row(bench_of(portal, sender), delivery_id)

    assert is_held(portal)
    readers.ask(now=NOON + DAY)
    assert readers.mails(now=NOON + DAY) == []


@pytest.mark.parametrize("meanwhile", ["suppressed", "confirmed", "expired"])
def test_a_confirming_mail_that_has_become_pointless_is_dropped(portal, meanwhile):
    readers = Readers(portal)
    readers.ask()
    with portal.database.reading() as session:
        [outbox_id] = mailing.waiting_outbox(session, NOON, limit=9)
    [delivery_id] = notifying.relay(portal, outbox_id, now=NOON)
    now = NOON + 8 * DAY if meanwhile == "expired" else NOON
    if meanwhile == "suppressed":
        refuse(portal)
    if meanwhile == "confirmed":
        with portal.work() as work:
            reader = work.session.merge(readers.reader())
            reader.state, reader.confirmed_at = "confirmed", NOON
            work.commit()

    sender = KeepingSender()
    deliver_row(bench_of(portal, sender, now), delivery_id)

    assert sender.kept == []
    with portal.database.reading() as session:
        assert session.get_one(Delivery, delivery_id).state == "dropped"
    assert delivering.state_of(portal, delivery_id) == "dropped"
