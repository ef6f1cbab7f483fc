"""The doorbell: quick, quiet, and nobody's memory."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis

from portal.settings import Settings
from portal.storage.unit_of_work import Ring
from workers import queues
from workers.guarded import PortalJob
from workers.jobs import JOBS
from workers.queues import FAILED_RINGS, doorbell

RING = Ring("mail", "relay", 1)


def failures() -> float:
    return FAILED_RINGS._value.get()


@pytest.fixture
def deaf_server() -> Iterator[str]:
    """Takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}"


def timed(settings: Settings, url: str, rings: int = 1) -> float:
    ring = doorbell(replace(settings, redis_url=url))
    started = time.monotonic()
    for _ in range(rings):
        ring(RING)
    return time.monotonic() - started


def test_a_ring_puts_a_job_of_ours_into_its_queue(settings: Settings, valkey_url: str) -> None:
    doorbell(replace(settings, redis_url=valkey_url))(RING)

    with Redis.from_url(valkey_url) as redis:
        [job_id] = redis.lrange("rq:queue:mail", 0, -1)
        job = PortalJob.fetch(job_id.decode(), connection=redis)
        assert (job.func, job.args, job.origin) == (JOBS["relay"], [1], "mail")
        assert (job.retries_left, job.retry_intervals, job.timeout) == (3, [10, 60, 300], 180)


def test_without_redis_a_ring_is_quick_and_raises_nothing(settings: Settings, tmp_path: Path) -> None:
    before = failures()

    seconds = [timed(settings, url) for url in ("redis://127.0.0.1:1", f"unix://{tmp_path}/none.sock")]

    assert max(seconds) < 0.3
    assert failures() == before + 2


def test_a_redis_that_never_answers_costs_one_ring_and_not_each(settings: Settings, deaf_server: str) -> None:
    before = failures()

    seconds = timed(settings, deaf_server, rings=50)

    assert seconds < 0.3
    assert failures() == before + 50


def test_ringing_is_tried_again_after_a_while(
    settings: Settings, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = doorbell(replace(settings, redis_url="redis://127.0.0.1:1"))
    ring(RING)
    ring._redis = queues.connection(replace(settings, redis_url=valkey_url))  # type: ignore[attr-defined]
    ring(RING)
    later = time.monotonic() + queues.AWAY_SECONDS
    monkeypatch.setattr(queues.time, "monotonic", lambda: later)
    ring(RING)

    with Redis.from_url(valkey_url) as redis:
        assert redis.llen("rq:queue:mail") == 1


def test_a_redis_that_takes_no_writes_raises_nothing(settings: Settings, valkey_url: str) -> None:
    with Redis.from_url(valkey_url) as redis:
        redis.config_set("min-replicas-to-write", 1)
        try:
            assert timed(settings, valkey_url) < 0.3
        finally:
            redis.config_set("min-replicas-to-write", 0)
        assert redis.llen("rq:queue:mail") == 0
