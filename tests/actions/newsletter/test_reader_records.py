"""What is kept about a reader can be shown whole and erased; counts stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.actions.mailing import notifying, suppressing
from portal.actions.newsletter import subscribing
from portal.actions.newsletter.subscribing import Wishes
from portal.actions.portal import Portal
from portal.rules.refusals import Invalid, NotFound
from portal.storage.queries import mailing
from portal.storage.queries.newsletter import newsletter_numbers
from portal.storage.tables import Delivery, DigestDelivery, DigestIssue, DigestItem, Outbox
from tests import builders
from tests.builders import NOON
from tests.rigs.readers import READER, Readers, rows_about

NOTHING = {"subscribers": 0, "subscriptions": 0, "outbox": 0, "deliveries": 0}


@pytest.fixture
def readers(database, settings):
    return Readers(Portal(database, settings))


def mailed(readers, reader_id, *, state="sent", date="2026-03-24"):
    """An issue that named one release, for this reader."""
    with readers.portal.work() as work:
        release = builders.published_release(work)
        issue = DigestIssue(date=date, due_at=NOON, closed_at=NOON)
        work.session.add(issue)
        work.session.flush()
        delivery = DigestDelivery(
            issue_id=issue.id,
            subscriber_id=reader_id,
            nonce="n",
            state=state,
            next_at=NOON,
            sent_at=NOON if state == "sent" else None,
            last_error="550 <reader@home.example> no",
        )
        work.session.add(delivery)
        work.session.flush()
        work.session.add(DigestItem(delivery_id=delivery.id, release_id=release.id))
        work.commit()
        return release.reference, delivery.id


def test_an_export_holds_everything(readers):
    reader = readers.confirmed(kinds=["sports"], places=["laos"])
    reference, _ = mailed(readers, reader.id)
    with readers.portal.work() as work:
        suppressing.suppress(work, READER, reason="refused", detail="550 no", now=NOON)
        work.commit()

    found = subscribing.export(readers.portal, "Reader@Home.example")

    assert found["reader"]["state"] == "confirmed"
    assert (found["reader"]["kinds"], found["reader"]["places"]) == (["sports"], ["laos"])
    assert [(each["date"], each["state"], each["releases"]) for each in found["letters"]] == [
        ("2026-03-24", "sent", [reference])
    ]
    assert [mail["notice"] for mail in found["mails"]] == ["newsletter_confirm"]
    assert (found["suppression"]["reason"], found["account"]) == ("refused", None)


def test_nothing_is_exported_or_erased_of_an_unknown_address(readers):
    assert subscribing.export(readers.portal, READER) is None
    assert not subscribing.erase(readers.portal, READER, now=NOON)
    with pytest.raises(Invalid):
        subscribing.erase(readers.portal, "nobody", now=NOON)


def test_erasing_leaves_counts_and_no_person(readers):
    reader = readers.confirmed(kinds=["sports"])
    _, first = mailed(readers, reader.id)
    _, second = mailed(readers, reader.id, state="pending", date="2026-03-25")

    assert subscribing.erase(readers.portal, READER, now=NOON)

    assert rows_about(readers.portal, READER) == NOTHING
    assert subscribing.export(readers.portal, READER) is None
    with readers.portal.database.reading() as session:
        rows = {row.id: row for row in session.scalars(select(DigestDelivery))}
        counts = newsletter_numbers.issues(session)
    assert [
        (rows[each].state, rows[each].subscriber_id, rows[each].last_error) for each in (first, second)
    ] == [
        ("sent", -first, ""),
        ("dropped", -second, ""),
    ]
    assert [(each.date, each.readers, each.sent) for each in counts] == [
        ("2026-03-25", 1, 0),
        ("2026-03-24", 1, 1),
    ]


def test_what_was_sent_is_not_taken_for_the_next_readers(readers):
    reader = readers.confirmed()
    mailed(readers, reader.id)
    subscribing.erase(readers.portal, READER, now=NOON)

    readers.confirmed("next@home.example")

    assert subscribing.export(readers.portal, "next@home.example")["letters"] == []


def test_a_mail_that_waited_is_never_sent_to_who_was_erased(readers):
    readers.ask()
    with readers.portal.database.reading() as session:
        [waiting] = mailing.waiting_outbox(session, NOON, limit=9)
    [delivery_id] = notifying.relay(readers.portal, waiting, now=NOON)
    readers.ask(now=NOON + timedelta(minutes=1))

    subscribing.erase(readers.portal, READER, now=NOON)

    with readers.portal.database.reading() as session:
        assert mailing.waiting_outbox(session, NOON + timedelta(days=1), limit=9) == []
        delivery = session.get_one(Delivery, delivery_id)
        assert (delivery.state, delivery.recipient) == ("dropped", f"(erased {delivery_id})")
        assert session.scalars(select(Outbox.subscriber_id)).all() == [None, None]


def test_the_wish_to_be_left_alone_outlives_the_reader(readers):
    readers.confirmed()
    with readers.portal.work() as work:
        suppressing.suppress(work, READER, reason="complaint", detail="", now=NOON)
        work.commit()

    subscribing.erase(readers.portal, READER, now=NOON)

    readers.ask()
    assert readers.mails() == []


def test_an_account_with_the_address_stays(readers):
    with readers.portal.work() as work:
        builders.user(work, email=READER, name="Dewi")
        work.commit()
    readers.confirmed()

    subscribing.erase(readers.portal, READER, now=NOON)

    assert subscribing.export(readers.portal, READER)["account"]["name"] == "Dewi"


def test_a_reader_deletes_everything_by_the_mailed_link_and_old_links_end(readers):
    readers.confirmed(kinds=["sports"])
    readers.ask_for_link()
    links = readers.links()

    subscribing.prefer(readers.portal, links["preferences"], Wishes(), delete=True, now=NOON)

    assert rows_about(readers.portal, READER) == NOTHING
    with pytest.raises(NotFound):
        subscribing.leave(readers.portal, links["unsubscribe"], now=NOON)
