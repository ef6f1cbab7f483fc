"""`portal worker`: works off what the queues ring for.

Everything that a job needs is imported before the first fork, which makes a job four times faster; the database's
connections are left behind in it. When Redis goes away in the middle of a job the process ends, and the
supervisor starts it anew.
"""

from __future__ import annotations

import logging
import signal
import sys
import time
from importlib import import_module
from types import FrameType
from typing import Any

import redis.exceptions
from redis import Redis
from rq import Worker
from rq.utils import now

from portal import logs
from portal.settings import Settings
from workers import registries
from workers.bench import bench, bench_for, prepare
from workers.guarded import PortalJob, PortalQueue
from workers.queues import QUEUES, connection, doorbell, queue
from workers.watch import ClockWatch

WORKER_TTL = 30
MAINTENANCE_SECONDS = 30
MONITORING_SECONDS = 5
WAIT_SECONDS = 2.0

NEEDED_BY_JOBS = (
    "portal.actions.moderating.examining",
    "portal.actions.publishing.going_live",
    "portal.actions.mailing.notifying",
    "portal.actions.mailing.delivering",
    "portal.outlets.mail.notices",
    "workers.digest_runs",
    "portal.text.safe_html",
    "smtplib",
)

_log = logging.getLogger(__name__)


class PortalWorker(Worker):
    """A worker that obeys nothing written into Redis but jobs of ours: no commands, no suspension."""

    max_connection_wait_time = 4.0
    watch: ClockWatch | None = None

    def heartbeat(self, *arguments: Any, **named: Any) -> None:
        """Called again and again, idle, at work and while Redis is away: a good moment to look at the clock."""
        if self.watch is not None:
            self.watch.look()
        super().heartbeat(*arguments, **named)

    def subscribe(self) -> None:
        """Commands on a channel (shutdown, kill-horse, stop-job) are not listened for."""

    def check_for_suspension(self, burst: bool) -> None:  # RQ's own signature
        """A key that would put every worker to sleep is not read."""

    def run_maintenance_tasks(self) -> None:
        """RQ's own, except that a registry entry that cannot be read does not end the worker."""
        registries.clean(self.connection)
        self.last_cleaned_at = now()  # type: ignore[assignment]  # declared by RQ as None only

    def main_work_horse(self, job: Any, queue: Any) -> None:
        bench().portal.database.engine.dispose(close=False)
        super().main_work_horse(job, queue)


def run_worker(settings: Settings) -> None:
    """Works until SIGTERM or SIGINT. Exits with 1 when it ended for any other reason."""
    logs.configure(settings)
    _leave_on_signals()
    preload()
    prepare(bench_for(settings, doorbell(settings), alarms=True))
    client, watch = connection(settings, seconds=WORKER_TTL), ClockWatch(bench())
    _wait_for_redis(client, watch)
    worker = make_worker(client)
    worker.watch = watch
    _log.info("the worker listens")
    _work(worker)
    if not was_asked_to_stop(worker):
        _log.error("the worker ended; the supervisor starts it anew")
        sys.exit(1)


def make_worker(client: Redis) -> PortalWorker:
    """A worker for all four queues, most urgent first."""
    return PortalWorker(
        [queue(name, client) for name in QUEUES],
        connection=client,
        job_class=PortalJob,
        queue_class=PortalQueue,
        serializer="json",
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE_SECONDS,
        job_monitoring_interval=MONITORING_SECONDS,
        log_job_description=False,
    )


def _work(worker: PortalWorker) -> None:
    """Until a signal, or until Redis goes away while a job runs; the job itself finishes without us."""
    try:
        worker.work(logging_level="WARNING")
    except (redis.exceptions.RedisError, OSError) as problem:
        _log.warning("Redis went away while the worker was busy: %s", type(problem).__name__)


def was_asked_to_stop(worker: PortalWorker) -> bool:
    """Did a signal end it?"""
    return worker._shutdown_requested_date is not None  # noqa: SLF001  # RQ keeps it nowhere else


def preload() -> None:
    """Import all that a job needs before the first fork."""
    for name in NEEDED_BY_JOBS:
        import_module(name)


def _wait_for_redis(client: Redis, watch: ClockWatch) -> None:
    said = False
    while True:
        watch.look()
        try:
            client.ping()
        except (redis.exceptions.RedisError, OSError) as problem:
            if not said:
                _log.warning("the worker waits for Redis (%s); the clock does its work meanwhile", problem)
            said = True
            time.sleep(WAIT_SECONDS)
        else:
            return


def _leave_on_signals() -> None:
    """Until RQ has its own handlers, a signal ends the process at once."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)
