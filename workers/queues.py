"""The queues and their doorbell.

Redis only rings: everything that waits stands in rows, so a bell that fails is counted and forgotten, and no
request waits for one longer than a blink.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from prometheus_client import Counter
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry as RedisRetry
from rq import Retry

from portal.settings import Settings
from portal.storage.unit_of_work import Ring
from workers.guarded import PortalJob, PortalQueue
from workers.jobs import IN_HANDFULS
from workers.limits import (
    FAILURE_SECONDS,
    JOB_SECONDS,
    MAIL,
    MODERATION,
    PUBLICATION,
    QUEUES,
    RESULT_SECONDS,
    RETRY_SECONDS,
    RUNG_SECONDS,
    UPKEEP,
    rung_key,
)

__all__ = [
    "MAIL",
    "MODERATION",
    "PUBLICATION",
    "QUEUES",
    "UPKEEP",
    "Doorbell",
    "connection",
    "doorbell",
    "queue",
]

BELL_SECONDS = 0.1
"""For connecting and for each answer; a whole ring asks for two answers at the most."""
AWAY_SECONDS = 2.0
"""After a ring that failed the next ones are not even tried for so long: not every request pays."""

FAILED_RINGS = Counter("portal_doorbell_failures_total", "Rings that did not reach Redis.")

_log = logging.getLogger(__name__)


def connection(settings: Settings, *, seconds: float = 5.0) -> Redis:
    """A client that never retries on its own; `seconds` bound the connecting and each answer."""
    return Redis.from_url(
        settings.redis_url,
        socket_connect_timeout=seconds,
        socket_timeout=seconds,
        retry=RedisRetry(NoBackoff(), 0),
        retry_on_timeout=False,
        driver_info=None,
        protocol=2,
    )


def queue(name: str, redis: Redis) -> PortalQueue:
    """One of the four queues."""
    return PortalQueue(
        name, connection=redis, job_class=PortalJob, serializer="json", default_timeout=JOB_SECONDS
    )


def doorbell(settings: Settings) -> Callable[[Ring], None]:
    """Rings within 0.3 s or not at all; it never raises. Ring it after the commit."""
    return Doorbell(connection(settings, seconds=BELL_SECONDS))


class Doorbell:
    """Puts a job's name and row id into a queue, and remembers for a moment when nobody was there.

    While a job that does all that waits stands in its queue, and has not begun, no second one is put there.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._away_until = 0.0
        self._lock = threading.Lock()

    def __call__(self, ring: Ring) -> None:
        if time.monotonic() < self._away_until:
            FAILED_RINGS.inc()
            return
        try:
            if ring.job not in IN_HANDFULS or _is_first(self._redis, ring):
                enqueue(self._redis, ring)
        except (RedisError, OSError) as problem:
            self._note_failure(problem)

    def _note_failure(self, problem: Exception) -> None:
        FAILED_RINGS.inc()
        with self._lock:
            self._away_until = time.monotonic() + AWAY_SECONDS
        _log.warning("the doorbell does not ring: %s", type(problem).__name__)


def _is_first(redis: Redis, ring: Ring) -> bool:
    """The mark goes when the job begins, before it looks for rows (guarded.py), so no row is missed that was
    committed before its ring; and it goes by itself, should the job be lost."""
    return bool(redis.set(rung_key(ring.queue, ring.job), ring.row_id, nx=True, ex=RUNG_SECONDS))


def enqueue(redis: Redis, ring: Ring) -> None:
    """One job into its queue, in one round trip. Raises RedisError."""
    target = queue(ring.queue, redis)
    target.redis_server_version = (7, 2, 0)  # known beforehand, or each ring would ask for it
    job = PortalJob.create(
        ring.job,
        args=(ring.row_id,),
        connection=redis,
        origin=ring.queue,
        timeout=JOB_SECONDS,
        result_ttl=RESULT_SECONDS,
        failure_ttl=FAILURE_SECONDS,
        retry=Retry(max=len(RETRY_SECONDS), interval=list(RETRY_SECONDS)),
    )
    with redis.pipeline() as pipeline:
        target.enqueue_job(job, pipeline=pipeline)
        pipeline.execute()
