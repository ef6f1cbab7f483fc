"""RQ, closed against whoever else can write to Redis.

RQ calls what a job's hash names: a function, callbacks, an object's method, a webhook's address; and it obeys
commands on a channel. Here a job is a known name and whole numbers, everything else in its hash is dropped or
refused, and no command is listened for. What is refused is counted, logged as an alarm and never executed:
to RQ it looks like a job that does not exist any more.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import redis.exceptions
from prometheus_client import Counter
from redis import Redis
from rq import Queue
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from portal.actions.mailing import alarming
from portal.actions.portal import Portal
from workers.jobs import IN_HANDFULS, JOBS
from workers.limits import (
    FAILURE_SECONDS,
    JOB_SECONDS,
    QUEUES,
    RESULT_SECONDS,
    RETRY_SECONDS,
    rung_key,
)

KNOWN_FIELDS = frozenset(
    b"data created_at origin status enqueued_at started_at ended_at last_heartbeat retries_left".split()
)
"""What is believed of a job's hash. Time-outs, lives and intervals are ours and not the hash's to say."""

MOST_BYTES = 1000
LARGEST_ID = 2**63 - 1

REFUSED_JOBS = Counter(
    "portal_refused_jobs_total", "Jobs in Redis that were not ours, and were not executed."
)

_untold: dict[str, int] = {}
"""Why jobs were refused in this process since somebody was last told, and how often."""

_JOB_ID = re.compile(rb"[A-Za-z0-9_-]{1,64}")
_log = logging.getLogger(__name__)


class RefusedJob(NoSuchJobError):
    """Something in Redis that is no job of the portal's. RQ passes over it as over a job that has gone."""


def refuse(why: str) -> RefusedJob:
    """Counts and logs; the words of a stranger never reach the log."""
    REFUSED_JOBS.inc()
    _untold[why] = _untold.get(why, 0) + 1
    _log.error("ALARM: a job that is not ours was refused and not executed: %s", why)
    return RefusedJob(why)


def tell_refusals(portal: Portal, *, now: datetime) -> None:
    """Have the administrators told of what this process refused; what cannot be told now is told the next time."""
    refused = dict(_untold)
    if refused and alarming.say_if_refused(portal, refused, now=now):
        for why, count in refused.items():
            left = _untold.pop(why) - count
            if left > 0:
                _untold[why] = left


class PortalJob(Job):
    """A known function with whole numbers. It has no callbacks, no webhooks, no dependencies and no group."""

    success_callback = failure_callback = stopped_callback = None

    def __init__(
        self,
        id: str | None = None,  # noqa: A002  # RQ's own name
        connection: Redis | None = None,
        serializer: Any = None,
    ) -> None:
        super().__init__(id, connection, JSONSerializer)

    @classmethod
    def fetch(cls, id: str, connection: Redis | None = None, serializer: Any = None) -> PortalJob:  # noqa: A002
        try:
            job = super().fetch(id, connection, serializer)
        except NoSuchJobError:
            raise
        except (ValueError, TypeError, redis.exceptions.ResponseError) as problem:
            raise refuse("its id or its key is of no kind that we write") from problem
        return cast("PortalJob", job)

    @classmethod
    def fetch_many(
        cls,
        job_ids: Iterable[str],
        connection: Redis,
        serializer: Any = None,  # noqa: ARG003  # ours is JSON, whatever is asked for
    ) -> list[Job | None]:
        return [cls._fetch_or_none(job_id, connection) for job_id in job_ids]

    @classmethod
    def _fetch_or_none(cls, job_id: str, connection: Redis) -> PortalJob | None:
        try:
            return cls.fetch(job_id, connection)
        except NoSuchJobError:
            return None

    def restore(self, raw_data: Mapping[bytes, bytes]) -> None:
        """Believes the known fields only. Raises RefusedJob where they are not a job of ours."""
        kept = {name: value for name, value in raw_data.items() if name in KNOWN_FIELDS}
        if len(kept.get(b"data", b"")) > MOST_BYTES:
            raise refuse("it is too long")
        try:
            super().restore(kept)
            self._require_known_call()
            self._set_own_limits()
            self.description = f"{self.func_name}({self.args[0]})"
        except RefusedJob:
            raise
        except Exception as problem:  # whatever breaks here, it was not written by us
            raise refuse("its hash cannot be read") from problem
        if len(kept) < len(raw_data):
            self._alarm_about_more(raw_data)

    @property
    def func(self) -> Any:  # Any: RQ declares none
        """The function itself, from the fixed map and from nowhere else."""
        self._require_known_call()
        return JOBS[str(self.func_name)]

    def perform(self) -> Any:  # Any: RQ declares none
        """RQ's own; from now on a ring is a new one."""
        if self.func_name in IN_HANDFULS:
            self.connection.delete(rung_key(self.origin, self.func_name))
        return super().perform()

    def send_webhooks(self, *_args: Any, **_options: Any) -> None:
        """Never: the portal has none, so one that is here came from a stranger."""

    def _require_known_call(self) -> None:
        if not isinstance(self.func_name, str) or self.func_name not in JOBS:
            raise refuse("it names a function that is not ours")
        if self.instance is not None or self.kwargs:
            raise refuse("it brings an object or named arguments")
        if not isinstance(self.args, list | tuple) or len(self.args) != 1 or not _is_id(self.args[0]):
            raise refuse("its argument is not one row id")

    def _set_own_limits(self) -> None:
        if self.origin not in QUEUES:
            raise refuse("it comes from no queue of ours")
        self.timeout = JOB_SECONDS
        self.result_ttl, self.failure_ttl = RESULT_SECONDS, FAILURE_SECONDS
        self.retry_intervals = list(RETRY_SECONDS)
        self.retries_left = max(0, min(self.retries_left or 0, len(RETRY_SECONDS)))

    def _alarm_about_more(self, raw_data: Mapping[bytes, bytes]) -> None:
        """A callback or a webhook is nothing that RQ writes for our jobs: it is dropped, and said."""
        foreign = (
            "callback_name",
            "webhooks",
            "dependency_ids",
            "group_id",
            "repeats_left",
            "rate_limit_key",
        )
        if any(
            value and name.decode("ascii", "replace").endswith(foreign) for name, value in raw_data.items()
        ):
            REFUSED_JOBS.inc()
            _log.error("ALARM: a job brought callbacks, webhooks or relations; they were dropped")


class PortalQueue(Queue):
    """A queue that passes over whatever is no job id, and mends a key of the wrong kind."""

    job_class = PortalJob

    @classmethod
    def lpop(cls, queue_keys: Sequence[str], timeout: int | None, connection: Redis | None = None) -> Any:
        while True:
            try:
                popped = super().lpop(queue_keys, timeout, connection=connection)
            except redis.exceptions.ResponseError:
                if connection is None or not _mended(connection, queue_keys):
                    raise
                continue
            if popped is None or _JOB_ID.fullmatch(popped[1]):
                return popped
            refuse("a queue held something that is no job id")


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_ID


def _mended(connection: Redis, queue_keys: Sequence[str]) -> bool:
    """Removes what stands under a queue's name and is no list. True where something did."""
    wrong = [key for key in queue_keys if connection.type(key) not in (b"list", b"none")]
    for key in wrong:
        refuse("a queue's key held something that is no list")
        connection.delete(key)
    return bool(wrong)
