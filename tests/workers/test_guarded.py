"""A stranger who may write to Redis executes nothing, and stops nobody."""

from __future__ import annotations

import json
import os
import random
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rq
from redis import Redis
from rq.job import Callback, Job
from rq.webhook import Webhook
from sqlalchemy import func, select

from portal.actions.portal import Portal
from portal.rules.release_states import SUBMITTED
from portal.storage.tables import Delivery, Outbox
from portal.storage.unit_of_work import Ring
from tests.rigs.mailroom import KeepingSender, bench_of, happen, newsroom
from workers import registries
from workers.bench import prepare
from workers.guarded import PortalJob, RefusedJob
from workers.queues import QUEUES, enqueue, queue
from workers.run import make_worker

TOUCH = "os.system"


@pytest.fixture
def redis(valkey_url: str) -> Iterator[Redis]:
    with Redis.from_url(valkey_url) as client:
        yield client


@pytest.fixture
def portal(sqlite_database: Any, settings: Any) -> Portal:
    made = Portal(sqlite_database, settings)
    prepare(bench_of(made, KeepingSender()))
    return made


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    return tmp_path / "executed"


def work_off(redis: Redis) -> None:
    """One worker until the queues are empty, in this process and its forks."""
    make_worker(redis).work(burst=True, logging_level="CRITICAL")


def one_fact(portal: Portal) -> int:
    return happen(portal, newsroom(portal, state=SUBMITTED), "submitted")


def is_relayed(portal: Portal, outbox_id: int) -> bool:
    with portal.database.reading() as session:
        return session.get_one(Outbox, outbox_id).relayed_at is not None


def write_job(redis: Redis, data: Any, *, name: str = "mail", **more: Any) -> str:
    """A job's hash as a stranger fills it, and its id in a queue."""
    job_id = f"stranger-{random.getrandbits(60)}"
    packed = data if isinstance(data, bytes) else zlib.compress(json.dumps(data).encode())
    redis.hset(f"rq:job:{job_id}", mapping={"data": packed, "origin": name, "status": "queued", **more})
    redis.rpush(f"rq:queue:{name}", job_id)
    return job_id


def test_our_own_ring_is_worked_off(redis: Redis, portal: Portal) -> None:
    outbox_id = one_fact(portal)
    enqueue(redis, Ring("mail", "relay", outbox_id))

    work_off(redis)

    assert is_relayed(portal, outbox_id)
    with portal.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 1


def test_a_job_in_redis_holds_a_name_and_a_number_only(redis: Redis) -> None:
    enqueue(redis, Ring("mail", "relay", 12))

    [key] = redis.keys("rq:job:*")
    stored = redis.hgetall(key)
    assert json.loads(zlib.decompress(stored[b"data"])) == ["relay", None, [12], {}]
    assert stored[b"description"] == b"relay(12)"


@pytest.mark.parametrize(
    "call",
    [
        ["os.system", None, ["touch {marker}"], {}],
        ["os.system", None, [1], {}],
        ["workers.jobs.relay", None, [1], {}],
        ["relay", None, ["touch {marker}"], {}],
        ["relay", None, [True], {}],
        ["relay", None, [-1], {}],
        ["relay", None, [2**70], {}],
        ["relay", None, [1.0], {}],
        ["relay", None, [[1]], {}],
        ["relay", None, [1, 2], {}],
        ["relay", None, [], {}],
        ["relay", None, [1], {"now": 1}],
        ["relay", None, {"outbox_id": 1}, {}],
        ["format", "{marker}", [1], {}],
        ["__class__", [], [1], {}],
        [["relay"], None, [1], {}],
        [{"relay": 1}, None, [1], {}],
        ["relay", None, [1]],
        "relay",
        None,
        ["relay" * 1000, None, [1], {}],
        "[" * 900,
    ],
)
def test_a_call_that_is_not_ours_is_refused(redis: Redis, marker: Path, call: Any) -> None:
    data = json.loads(json.dumps(call).replace("{marker}", str(marker)))
    job_id = write_job(redis, data)

    with pytest.raises(RefusedJob):
        PortalJob.fetch(job_id, connection=redis)
    with pytest.raises(RefusedJob):
        PortalJob.fetch(job_id, connection=redis, serializer="pickle")


def test_a_stranger_executes_nothing_and_our_jobs_go_on(redis: Redis, portal: Portal, marker: Path) -> None:
    outbox_id = one_fact(portal)
    touch = f"touch {marker}"
    for name in QUEUES:
        rq.Queue(name, connection=redis).enqueue(TOUCH, touch)
        rq.Queue(name, connection=redis, serializer="json").enqueue(TOUCH, touch)
    enqueue(redis, Ring("mail", "relay", outbox_id))

    work_off(redis)

    assert not marker.exists()
    assert is_relayed(portal, outbox_id)
    assert [redis.llen(f"rq:queue:{name}") for name in QUEUES] == [0, 0, 0, 0]


def test_callbacks_and_webhooks_of_a_good_call_are_dropped(
    redis: Redis, portal: Portal, marker: Path
) -> None:
    outbox_id = one_fact(portal)
    callback = {when: Callback(TOUCH) for when in ("on_success", "on_failure", "on_stopped")}
    hook = [Webhook("http://127.0.0.1:1/", status) for status in ("finished", "failed")]  # type: ignore[arg-type]
    foreign = Job.create(
        "relay",
        args=[outbox_id],
        connection=redis,
        origin="mail",
        serializer="json",
        webhooks=hook,
        **callback,  # type: ignore[arg-type]
    )
    rq.Queue("mail", connection=redis, serializer="json").enqueue_job(foreign)

    job = PortalJob.fetch(foreign.id, connection=redis)
    work_off(redis)

    assert (job.success_callback, job.failure_callback, job.stopped_callback) == (None, None, None)
    assert (job.webhooks, job.timeout, job._success_callback_name) == ([], 180, None)
    assert is_relayed(portal, outbox_id)
    assert not marker.exists()


def test_pickles_are_never_opened(redis: Redis, portal: Portal, marker: Path) -> None:
    class Trap:
        def __reduce__(self) -> Any:
            return os.system, (f"touch {marker}",)

    import pickle

    trap = pickle.dumps(Trap())
    job_id = write_job(redis, trap, meta=trap, result=trap, exc_info=trap)
    write_job(redis, zlib.compress(trap))
    redis.zadd("rq:failed:mail", {job_id: 1})
    redis.zadd("rq:wip:mail", {job_id: 1})
    redis.zadd("rq:scheduled:mail", {job_id: 1})

    work_off(redis)
    registries.clean(redis)

    assert not marker.exists()


def test_rubbish_everywhere_stops_no_worker(redis: Redis, portal: Portal) -> None:
    seed = random.Random(7)
    for name in QUEUES:
        redis.rpush(f"rq:queue:{name}", seed.randbytes(20), b"", "a" * 500, "no-such-job", "../../x")
        for kind in ("wip", "failed", "finished", "deferred", "scheduled", "ready", "canceled"):
            redis.zadd(f"rq:{kind}:{name}", {seed.randbytes(9): 1, "x:y:z": 1, "gone": 1})
    redis.set("rq:job:a-string", "no hash")
    redis.hset("rq:job:rubbish", mapping={seed.randbytes(4): seed.randbytes(40), "data": seed.randbytes(40)})
    redis.rpush("rq:queue:mail", "a-string", "rubbish")
    redis.set("rq:suspended", 1)
    redis.set("rq:queue:upkeep:intermediate", "no list")
    outbox_id = one_fact(portal)
    enqueue(redis, Ring("mail", "relay", outbox_id))

    work_off(redis)

    assert is_relayed(portal, outbox_id)


def test_a_queue_whose_key_is_no_list_is_mended(redis: Redis, portal: Portal) -> None:
    redis.set("rq:queue:moderation", "no list")
    outbox_id = one_fact(portal)
    enqueue(redis, Ring("mail", "relay", outbox_id))

    work_off(redis)

    assert is_relayed(portal, outbox_id)
    assert redis.type("rq:queue:moderation") == b"none"


def test_a_worker_listens_for_no_commands(redis: Redis, portal: Portal) -> None:
    worker = make_worker(redis)
    worker.subscribe()

    assert worker.pubsub is None
    assert redis.pubsub_channels() == []


def test_a_job_that_fails_is_tried_again_at_its_time(redis: Redis, portal: Portal) -> None:
    prepare(bench_of(portal, None))
    outbox_id = one_fact(portal)
    enqueue(redis, Ring("mail", "deliver", 999))
    enqueue(redis, Ring("moderation", "examine", outbox_id))
    target = queue("mail", redis)
    job = PortalJob.fetch(redis.lindex("rq:queue:mail", 0).decode(), connection=redis)
    redis.delete("rq:queue:mail")
    redis.zadd(target.scheduled_job_registry.key, {job.id: 1})

    registries.clean(redis)

    assert redis.lrange("rq:queue:mail", 0, -1) == [job.id.encode()]
    assert redis.zcard(target.scheduled_job_registry.key) == 0
