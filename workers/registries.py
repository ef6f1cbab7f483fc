"""RQ's own book-keeping, kept small: jobs whose worker died, jobs to be tried again, jobs that ended long ago.

It is a convenience. Whatever is lost or falsified there is found again in rows, so errors are only logged.
"""

from __future__ import annotations

import logging
import time

from redis import Redis, exceptions
from rq import worker_registration
from rq.exceptions import NoSuchJobError
from rq.registry import clean_registries

from workers.guarded import PortalJob, PortalQueue
from workers.limits import QUEUES
from workers.queues import queue

_log = logging.getLogger(__name__)


class Upkeep:
    """Cleans now and then, when Redis is there."""

    def __init__(self, redis: Redis, *, every: float) -> None:
        self._redis = redis
        self._every = every
        self._next = 0.0

    def __call__(self) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self._every
        try:
            self._redis.ping()
        except (exceptions.RedisError, OSError):
            return
        clean(self._redis)


def clean(redis: Redis) -> None:
    """Every queue's registries; what cannot be cleaned because it is not RQ's is thrown away."""
    for name in QUEUES:
        target = queue(name, redis)
        for step in (_clean_registries, _enqueue_retries):
            try:
                step(target)
            except (exceptions.ConnectionError, exceptions.TimeoutError, OSError) as problem:
                _log.warning("the registries of %s: %s", name, type(problem).__name__)
            except Exception:  # noqa: BLE001  # what a stranger wrote into Redis can raise anything
                _log.exception("ALARM: the registries of %s held what RQ never writes", name)
                _throw_away(target)


def _clean_registries(target: PortalQueue) -> None:
    clean_registries(target)
    worker_registration.clean_worker_registry(target)


def _enqueue_retries(target: PortalQueue) -> None:
    """Jobs that failed and whose time to be tried again has come."""
    registry = target.scheduled_job_registry
    for job_id in registry.get_jobs_to_schedule():
        if not registry.connection.zrem(registry.key, job_id):
            continue  # another one was faster
        try:
            job = PortalJob.fetch(job_id, connection=target.connection)
        except NoSuchJobError:
            continue
        target.enqueue_job(job)


def _throw_away(target: PortalQueue) -> None:
    registries = (
        target.started_job_registry,
        target.failed_job_registry,
        target.finished_job_registry,
        target.deferred_job_registry,
        target.ready_job_registry,
        target.scheduled_job_registry,
        target.canceled_job_registry,
    )
    keys = [registry.key for registry in registries]
    workers = (worker_registration.REDIS_WORKER_KEYS, worker_registration.WORKERS_BY_QUEUE_KEY % target.name)
    target.connection.delete(target.intermediate_queue_key, *workers, *keys)
