"""The doorbell: quick, quiet, and nobody's memory."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace

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


class DeafServer:
    """Takes connections and never answers."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self.url = f"redis://127.0.0.1:{listening.getsockname()[1]}"

    def connections(self) -> int:
        """How many have come so far."""
        self._listening.setblocking(False)
        for number in count():
            try:
                self._listening.accept()[0].close()
            except BlockingIOError:
                return number
        raise AssertionError


@pytest.fixture
def deaf_server() -> Iterator[DeafServer]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield DeafServer(listening)


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the doorbell takes for the time: it moves when the test says so."""
    times = [1000.0]
    monkeypatch.setattr(queues, "time", SimpleNamespace(monotonic=lambda: times[0]))
    return times


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ring that has to arrive is not given up because this machine has other work."""
    monkeypatch.setattr(queues, "BELL_SECONDS", 60.0)


def ring_at(settings: Settings, url: str, rings: int = 1) -> None:
    ring = doorbell(replace(settings, redis_url=url))
    for _ in range(rings):
        ring(RING)


def test_a_ring_may_take_three_tenths_of_a_second_and_is_never_tried_again(settings: Settings) -> None:
    asked = doorbell(settings)._redis.connection_pool.connection_kwargs  # type: ignore[attr-defined]

    assert (asked["socket_connect_timeout"], asked["socket_timeout"]) == (0.1, 0.1)
    assert (asked["retry"].get_retries(), asked["retry_on_timeout"]) == (0, False)


@pytest.mark.usefixtures("patient")
def test_a_ring_puts_a_job_of_ours_into_its_queue(settings: Settings, valkey_url: str) -> None:
    doorbell(replace(settings, redis_url=valkey_url))(RING)

    with Redis.from_url(valkey_url) as redis:
        [job_id] = redis.lrange("rq:queue:mail", 0, -1)
        job = PortalJob.fetch(job_id.decode(), connection=redis)
        assert (job.func, job.args, job.origin) == (JOBS["relay"], [1], "mail")
        assert (job.retries_left, job.retry_intervals, job.timeout) == (3, [10, 60, 300], 180)


def test_without_redis_a_ring_raises_nothing(settings: Settings, tmp_path: Path) -> None:
    before = failures()

    for url in ("redis://127.0.0.1:1", f"unix://{tmp_path}/none.sock"):
        ring_at(settings, url)

    assert failures() == before + 2


@pytest.mark.usefixtures("moment")
def test_a_redis_that_never_answers_costs_one_ring_and_not_each(
    settings: Settings, deaf_server: DeafServer
) -> None:
    before = failures()

    ring_at(settings, deaf_server.url, rings=50)

    assert (deaf_server.connections(), failures() - before) == (1, 50)


def test_ringing_is_tried_again_after_a_while(
    settings: Settings, valkey_url: str, moment: list[float]
) -> None:
    ring = doorbell(replace(settings, redis_url="redis://127.0.0.1:1"))
    ring(RING)
    ring._redis = queues.connection(replace(settings, redis_url=valkey_url), seconds=60)  # type: ignore[attr-defined]
    moment[0] += queues.AWAY_SECONDS - 0.001
    ring(RING)
    moment[0] += 0.001
    ring(RING)

    with Redis.from_url(valkey_url) as redis:
        assert redis.llen("rq:queue:mail") == 1


def test_a_redis_that_takes_no_writes_raises_nothing(settings: Settings, valkey_url: str) -> None:
    before = failures()
    with Redis.from_url(valkey_url) as redis:
        redis.config_set("min-replicas-to-write", 1)
        try:
            ring_at(settings, valkey_url)
        finally:
            redis.config_set("min-replicas-to-write", 0)
        assert (redis.llen("rq:queue:mail"), failures() - before) == (0, 1)
