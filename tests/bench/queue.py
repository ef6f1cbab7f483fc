"""Jobs a second of the worker, beside a bare RQ worker that forks and whose jobs do nothing. In turns.

Twice: job by job, each of which opens the database and looks whether it was swapped; and as bells are rung, where one
job does what waits. Nothing else of the portal's runs, and both use one Redis.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import rq
from redis import Redis
from rq import Worker

from portal.actions.portal import Portal
from portal.settings import load_settings
from portal.storage.database import Database
from portal.storage.migrate import upgrade
from portal.storage.unit_of_work import Ring
from tests.bench.rounds import Rounds, in_turns
from tests.rigs.mailroom import KeepingSender, bench_of, happen, newsroom
from tests.rigs.valkey import running_valkey
from workers.bench import prepare
from workers.queues import Doorbell, enqueue
from workers.run import make_worker, preload

JOBS = 100


@dataclass(frozen=True)
class Found:
    """Jobs or rows a second."""

    jobs: int
    one_by_one: Rounds
    rung: Rounds


def run(url: str, root: Path, _now: datetime, jobs: int = JOBS) -> Found:
    database = Database(url)
    upgrade(database)
    settings = replace(load_settings({"PORTAL_ENV": "development"}, root), database_url=url)
    with running_valkey() as redis_url, Redis.from_url(redis_url) as redis:
        portal = Portal(database, settings, Doorbell(redis))
        prepare(bench_of(portal, KeepingSender()))
        preload()
        room = newsroom(portal)

        def limit() -> float:
            target = rq.Queue("bare", connection=redis, serializer="json")
            for _ in range(jobs):
                target.enqueue(nothing)
            worker = Worker([target], connection=redis, serializer="json", log_job_description=False)
            return jobs / _seconds(worker)

        def one_by_one() -> float:
            for _ in range(jobs):
                enqueue(redis, Ring("publication", "go_live", 1))
            return jobs / _seconds(make_worker(redis))

        def rung() -> float:
            for _ in range(jobs):
                happen(portal, room, "submitted")
            return jobs / _seconds(make_worker(redis))

        try:
            return Found(jobs, in_turns(limit, one_by_one), in_turns(limit, rung))
        finally:
            database.dispose()


def nothing() -> None:
    """The bare worker's job."""


def told(found: Found) -> str:
    return (
        f"{found.jobs} jobs / a bare RQ worker that forks: job by job {found.one_by_one.told('a second')};"
        f" facts rung for, each relayed and mailed {found.rung.told('a second')}"
    )


def _seconds(worker: Worker) -> float:
    begun = time.perf_counter()
    worker.work(burst=True, logging_level=logging.CRITICAL)
    return time.perf_counter() - begun
