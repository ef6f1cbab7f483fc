"""What is counted on pages is counted so far and no further, and a sender is known by the newest releases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.storage.queries import bounded, mailing, queue, senders, waiting
from portal.storage.tables import Edition
from portal.storage.unit_of_work import UnitOfWork
from portal.web.presentation import found_up_to
from tests import builders


@pytest.fixture
def counted_to_three(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (bounded, mailing, queue, waiting):
        monkeypatch.setattr(module, "MOST", 3)


@pytest.fixture
def house(database: Any, now: Any) -> Any:
    """Seven releases that wait, of a house that was refused once long ago."""
    with UnitOfWork(database) as work:
        house, sender = builders.organisation(work), builders.user(work)
        about = {"house": house, "sender": sender}
        builders.rejected_release(work, at=now - timedelta(days=9), **about)
        for hour in range(7):
            builders.submitted_release(work, at=now - timedelta(hours=hour), **about)
        work.commit()
    return house


def test_counts_of_the_queue_end(database: Any, house: Any, now: Any, counted_to_three: None) -> None:
    with database.reading() as session:
        counts = queue.counts(session, 1, now=now, since=now - timedelta(days=30))
        found = waiting.waiting(session, now)
        unexamined = mailing.count_unexamined(session)

    assert (counts["due"], counts["new"], counts["mine"]) == (4, 4, 0)
    assert (found.queue, found.unexamined, unexamined) == (4, 4, 4)
    assert found.queue_oldest_seconds == 6 * 3600


def test_a_sender_is_known_by_the_newest_releases(
    database: Any, house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.reading() as session:
        whole = senders.record(session, house)
        monkeypatch.setattr(senders, "MOST_COUNTED", 6)
        newest = senders.record(session, house)

    assert (whole.sent, whole.approved, whole.rejected, whole.of_newest) == (8, 0, 1, False)
    assert (newest.sent, newest.approved, newest.rejected, newest.of_newest) == (7, 0, 0, True)
    assert whole.last_reasons != ()
    assert newest.last_reasons == ()


def test_only_words_of_our_own_are_written_out() -> None:
    with pytest.raises(ValueError, match="our own"):
        bounded.is_one_of(Edition.state, ("draft' OR 1=1",))


def test_more_than_is_counted_is_said_so() -> None:
    assert [found_up_to(count, "mail waits", "mails wait") for count in (1, 2, 1_000, 1_001)] == [
        "1 mail waits",
        "2 mails wait",
        "1000 mails wait",
        "more than 1,000 mails wait",
    ]
