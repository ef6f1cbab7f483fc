"""One mail at a time: claimed once, tried again more and more rarely, dropped when it would lie."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.actions.mailing import delivering, notifying, pacing
from portal.actions.mailing.delivering import LEASE, MOST_ATTEMPTS
from portal.actions.portal import Portal
from portal.outlets.mail.senders import LATER, REFUSED, Receipt
from portal.storage.tables import Decision, Delivery, Edition, Membership, SingleUseToken, User
from tests.builders import NOON
from tests.rigs.mailroom import KeepingSender, bench_of, happen, newsroom
from workers import relay


@pytest.fixture
def portal(database: Any, settings: Any) -> Portal:
    return Portal(database, settings)


@pytest.fixture(autouse=True)
def real_time(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The outer edge: what time it really is. Tests move it by hand."""
    at = [NOON]
    monkeypatch.setattr(relay, "real_time", lambda: at[0])
    return at


def waiting(portal: Portal, fact: str = "submitted", state: str = "submitted") -> tuple[Any, int]:
    room = newsroom(portal, state=state)
    made = notifying.relay(portal, happen(portal, room, fact), now=NOON)
    return room, made[0]


def row(portal: Portal, delivery_id: int) -> Delivery:
    with portal.database.reading() as session:
        return session.get_one(Delivery, delivery_id)


def set_all(portal: Portal, table: Any, **values: Any) -> None:
    with portal.work() as work:
        work.session.execute(update(table).values(**values))
        work.commit()


def test_a_mail_that_is_taken_is_sent_once(portal: Portal) -> None:
    _, delivery_id = waiting(portal)
    sender = KeepingSender()

    sent = [relay.deliver_row(bench_of(portal, sender), delivery_id) for _ in range(2)]

    assert sent == [True, False]
    assert len(sender.kept) == 1
    assert (row(portal, delivery_id).state, row(portal, delivery_id).sent_at) == ("sent", NOON)


def test_with_a_rate_a_mail_takes_its_slot_and_pushes_the_letters_back(
    database: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Portal(database, replace(settings, mail_rate=2))
    _, delivery_id = waiting(slow)
    waits: list[float] = []
    monkeypatch.setattr(relay, "time", SimpleNamespace(time=lambda: 1_000.0, sleep=waits.append))

    before = pacing.take_slots(slow, 8, real_seconds=1_000.0)
    sent = relay.deliver_row(bench_of(slow, KeepingSender()), delivery_id)
    after = pacing.take_slots(slow, 1, real_seconds=1_000.0)

    assert (before, sent, waits, after) == (1_000.0, True, [1.0], 1_004.5)


def test_only_one_of_two_claims_wins(portal: Portal) -> None:
    _, delivery_id = waiting(portal)

    assert [delivering.claim(portal, delivery_id, at=NOON) for _ in range(2)] == [True, False]


def test_a_mail_put_off_is_tried_again_later_and_under_the_same_message_id(
    portal: Portal, real_time: list[Any]
) -> None:
    _, delivery_id = waiting(portal)
    sender = KeepingSender(receipts=[Receipt(LATER, "451 greylisted")])
    bench = bench_of(portal, sender)

    first = relay.deliver_row(bench, delivery_id)
    put_off = row(portal, delivery_id)
    at_once = relay.deliver_row(bench, delivery_id)
    real_time[0] = NOON + timedelta(minutes=2)
    later = relay.deliver_row(bench, delivery_id)

    assert (first, at_once, later) == (False, False, True)
    assert (put_off.state, put_off.attempts, put_off.last_error) == ("pending", 1, "451 greylisted")
    assert timedelta(seconds=48) <= put_off.next_at - NOON <= timedelta(seconds=72)
    assert len({str(item.message["Message-ID"]) for item in sender.kept}) == 1


def test_waits_grow_to_an_hour_and_no_further() -> None:
    minutes = [delivering.back_off(attempt).total_seconds() / 60 for attempt in (1, 2, 3, 4, 5, 6, 49)]

    for waited, planned in zip(minutes, (1, 2, 5, 15, 60, 60, 60), strict=True):
        assert 0.8 * planned <= waited <= 1.2 * planned


def test_a_refusal_for_good_ends_the_tries_at_once(portal: Portal) -> None:
    _, delivery_id = waiting(portal)

    relay.deliver_row(bench_of(portal, KeepingSender(receipts=[Receipt(REFUSED, "550 gone")])), delivery_id)

    assert (row(portal, delivery_id).state, row(portal, delivery_id).last_error) == ("failed", "550 gone")


def test_a_mail_is_given_up_after_the_last_try(portal: Portal) -> None:
    _, delivery_id = waiting(portal)
    set_all(portal, Delivery, attempts=MOST_ATTEMPTS - 1)

    relay.deliver_row(bench_of(portal, KeepingSender(receipts=[Receipt(LATER, "421")])), delivery_id)

    assert row(portal, delivery_id).state == "failed"


def test_a_mail_given_up_may_be_tried_anew(portal: Portal) -> None:
    _, delivery_id = waiting(portal)
    bench = bench_of(portal, KeepingSender(receipts=[Receipt(REFUSED, "550")]))
    relay.deliver_row(bench, delivery_id)

    assert delivering.revive_failed(portal, at=NOON) == 1
    assert relay.deliver_row(bench, delivery_id) is True


def test_a_crash_before_the_mark_is_repaired_after_the_lease_under_the_same_message_id(
    portal: Portal, real_time: list[Any]
) -> None:
    _, delivery_id = waiting(portal)
    sender = KeepingSender()
    bench = bench_of(portal, sender)
    delivering.claim(portal, delivery_id, at=NOON)
    relay._try(bench, delivery_id)  # the mail server took it, and then the machine stopped

    during = relay.deliver_row(bench, delivery_id)
    real_time[0] = NOON + LEASE
    after = relay.deliver_row(bench, delivery_id)

    assert (during, after) == (False, True)
    assert [str(item.message["Message-ID"]) for item in sender.kept] == [
        row(portal, delivery_id).message_id
    ] * 2


def test_one_refused_recipient_does_not_hold_up_the_others(portal: Portal) -> None:
    room = newsroom(portal)
    made = notifying.relay(portal, happen(portal, room, "examined"), now=NOON)
    sender = KeepingSender(refused_recipients=(row(portal, made[0]).recipient,))

    for delivery_id in made:
        relay.deliver_row(bench_of(portal, sender), delivery_id)

    assert [row(portal, each).state for each in made] == ["failed", "sent"]


def test_a_mail_that_cannot_be_composed_is_put_off_and_says_why(portal: Portal) -> None:
    _, delivery_id = waiting(portal)
    set_all(portal, Delivery, template="no_such_notice")

    with pytest.raises(Exception, match="no_such_notice"):
        relay.deliver_row(bench_of(portal, KeepingSender()), delivery_id)

    assert row(portal, delivery_id).state == "pending"
    assert "no_such_notice" in row(portal, delivery_id).last_error


@pytest.mark.parametrize(
    ("told", "table", "values", "why"),
    [
        (("submitted", "submitted"), User, {"blocked_at": NOON}, "the person is blocked"),
        (("submitted", "submitted"), Membership, {"removed_at": NOON}, "the person left the organisation"),
        (
            ("examined", "submitted"),
            Edition,
            {"state": "withdrawn"},
            "it is no longer waiting for a decision",
        ),
        (
            ("reset_asked", "submitted"),
            SingleUseToken,
            {"used_at": NOON},
            "its link was used or replaced",
        ),
        (("rejected", "rejected"), Edition, {"state": "submitted"}, "the decision no longer stands"),
        (("rejected", "rejected"), Decision, {"undone_at": NOON}, "the decision was taken back"),
    ],
)
def test_a_mail_that_would_lie_is_dropped(
    portal: Portal, told: tuple[str, str], table: Any, values: dict[str, Any], why: str
) -> None:
    _, delivery_id = waiting(portal, *told)
    set_all(portal, table, **values)
    sender = KeepingSender()

    relay.deliver_row(bench_of(portal, sender), delivery_id)

    assert (row(portal, delivery_id).state, row(portal, delivery_id).last_error) == ("dropped", why)
    assert sender.kept == []


def test_a_receipt_is_sent_though_the_release_moved_on(portal: Portal) -> None:
    _, delivery_id = waiting(portal)
    set_all(portal, Edition, state="withdrawn")

    assert relay.deliver_row(bench_of(portal, KeepingSender()), delivery_id) is True


def test_what_is_due_is_found_by_real_time(portal: Portal) -> None:
    _, delivery_id = waiting(portal)

    assert list(delivering.due_deliveries(portal, at=NOON - timedelta(seconds=1))) == []
    assert list(delivering.due_deliveries(portal, at=NOON)) == [delivery_id]
    with portal.database.reading() as session:
        assert session.scalars(select(Delivery.id)).all() == [delivery_id]
