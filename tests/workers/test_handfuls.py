"""A burst of bells is one job, which does all that waits; what was decided goes before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import update

from portal.actions.portal import Portal
from portal.rules.release_states import APPROVED, SUBMITTED
from portal.storage.queries import mailing
from portal.storage.tables import Outbox
from portal.storage.unit_of_work import Ring
from tests.builders import NOON
from tests.rigs.mailroom import KeepingSender, bench_of, happen, newsroom
from workers import handfuls, jobs, limits
from workers.bench import prepare
from workers.guarded import PortalJob
from workers.handfuls import work_off
from workers.queues import Doorbell
from workers.run import make_worker


@pytest.fixture
def redis(valkey_url: str) -> Iterator[Redis]:
    with Redis.from_url(valkey_url) as client:
        yield client


@pytest.fixture
def portal(sqlite_database: Any, settings: Any, redis: Redis) -> Portal:
    made = Portal(sqlite_database, settings, Doorbell(redis))
    prepare(bench_of(made, KeepingSender()))
    return made


def queued(redis: Redis, name: str = "mail") -> list[tuple[str, int]]:
    ids = redis.lrange(f"rq:queue:{name}", 0, -1)
    found = [PortalJob.fetch(each.decode(), connection=redis) for each in ids]
    return [(str(job.func_name), job.args[0]) for job in found]


def relayed(portal: Portal, *ids: int) -> list[bool]:
    with portal.database.reading() as session:
        return [session.get_one(Outbox, each).relayed_at is not None for each in ids]


def test_each_that_waits_is_done_once_and_the_one_that_was_rung_for_first() -> None:
    waiting, done = [2, 3, 9], list[int]()

    def do(row_id: int) -> None:
        done.append(row_id)
        if row_id == 3:
            waiting.append(12)  # came meanwhile

    assert work_off(9, lambda: waiting, do) is False
    assert done == [9, 2, 3, 12]


def test_one_that_fails_holds_up_no_other_and_is_told_in_the_end() -> None:
    done = list[int]()

    def do(row_id: int) -> None:
        done.append(row_id)
        if row_id < 3:
            raise ValueError(row_id)

    with pytest.raises(ValueError, match="1"):
        work_off(1, lambda: [1, 2, 3], do)
    assert done == [1, 2, 3]


def test_when_the_time_is_up_the_rest_is_left_and_said() -> None:
    done = list[int]()

    assert work_off(1, lambda: [1, 2, 3], done.append, seconds=0) is True
    assert done == [1]


def test_a_burst_of_rings_is_one_job_that_does_everything(redis: Redis, portal: Portal) -> None:
    room = newsroom(portal, state=SUBMITTED)
    facts = [happen(portal, room, "submitted") for _ in range(20)]
    assert queued(redis) == [("relay", facts[0])]

    make_worker(redis).work(burst=True, max_jobs=1, logging_level="CRITICAL")

    assert all(relayed(portal, *facts))
    assert [job for job, _ in queued(redis)] == ["deliver"]


def test_a_job_that_has_begun_is_rung_for_anew(redis: Redis, portal: Portal) -> None:
    ring = Ring("mail", "relay", 7)
    portal.doorbell(ring)
    portal.doorbell(ring)
    [job_id] = redis.lrange("rq:queue:mail", 0, -1)

    PortalJob.fetch(job_id.decode(), connection=redis).perform()
    portal.doorbell(ring)

    assert queued(redis) == [("relay", 7), ("relay", 7)]
    assert 0 < redis.ttl(limits.rung_key("mail", "relay")) <= limits.RUNG_SECONDS


def test_letters_of_two_issues_are_rung_for_one_by_one(redis: Redis, portal: Portal) -> None:
    for issue_id in (1, 2):
        portal.doorbell(Ring("mail", "send_digest", issue_id))

    assert queued(redis) == [("send_digest", 1), ("send_digest", 2)]


def test_a_handful_whose_time_is_up_rings_for_the_rest(
    redis: Redis, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handfuls.work_off, "__kwdefaults__", {"seconds": 0})
    room = newsroom(portal, state=SUBMITTED)
    facts = [happen(portal, room, "submitted") for _ in range(3)]
    redis.flushall()

    jobs.relay(facts[0])

    assert relayed(portal, *facts) == [True, False, False]
    assert ("relay", facts[0]) in queued(redis)


def test_what_was_decided_goes_before_examinations_and_receipts(redis: Redis, portal: Portal) -> None:
    room, others = newsroom(portal, state=APPROVED), newsroom(portal)
    receipts = [happen(portal, others, "submitted") for _ in range(3)]
    decided = happen(portal, room, "approved")

    assert ("relay", decided) in queued(redis, limits.MODERATION)
    with portal.database.reading() as session:
        assert mailing.waiting_outbox(session, NOON, limit=9) == [decided, *receipts]
        assert mailing.waiting_outbox(session, NOON, limit=2) == [decided, receipts[0]]

    redis.flushall()
    jobs.relay(receipts[0])

    with portal.work() as work:
        work.session.execute(update(Outbox).values(relayed_at=None))
        work.commit()
    with portal.database.reading() as session:
        due = mailing.waiting_deliveries(session, NOON + timedelta(days=999), limit=1)
        found = mailing.occasion(session, due[0])
        assert found is not None
        assert found.outbox.id == decided


def test_nobody_reads_of_a_decision_before_the_receipt(portal: Portal) -> None:
    others, room = newsroom(portal), newsroom(portal, state=APPROVED)
    waits = happen(portal, others, "submitted")
    receipt, decided = happen(portal, room, "submitted"), happen(portal, room, "approved")

    with portal.database.reading() as session:
        assert mailing.waiting_outbox(session, NOON, limit=9) == [receipt, decided, waits]
        assert mailing.waiting_outbox(session, NOON, limit=2) == [receipt, decided]
