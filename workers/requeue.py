"""What an operator may ask for: ring again for all that waits, or send all that is due here and now."""

from __future__ import annotations

from portal.actions.mailing import delivering, notifying
from portal.storage.queries import mailing
from portal.storage.unit_of_work import Ring
from workers.bench import Bench
from workers.limits import MAIL, MODERATION
from workers.queues import connection, enqueue
from workers.relay import deliver_row, real_time, relay_row

MOST = 10_000


def ring_for_all(bench: Bench) -> int:
    """Ring for all that waits; answers with how many rows. Raises RedisError."""
    redis = connection(bench.portal.settings)
    redis.ping()
    rings = _everything_waiting(bench)
    for ring in {ring.job: ring for ring in reversed(rings)}.values():  # a job does whatever else waits
        enqueue(redis, ring)
    return len(rings)


def deliver_all(bench: Bench, *, failed_too: bool = False) -> dict[str, int]:
    """Relay and send what is due; one that fails is counted and the others go on."""
    if failed_too:
        delivering.revive_failed(bench.portal, at=real_time())
    relayed = [relay_row(bench, row_id) for row_id in _due_outbox(bench)]
    outcomes = [_delivered(bench, row_id) for row_id in _due_deliveries(bench)]
    return {
        "relayed": len(relayed),
        "sent": outcomes.count("sent"),
        "dropped": outcomes.count("dropped"),
        "failed": outcomes.count("failed") + outcomes.count("pending"),
    }


def _everything_waiting(bench: Bench) -> list[Ring]:
    with bench.portal.database.reading() as session:
        editions = mailing.unexamined_editions(session, limit=MOST)
    return [
        *(Ring(MODERATION, "examine", row_id) for row_id in editions),
        *(Ring(MAIL, "relay", row_id) for row_id in _due_outbox(bench)),
        *(Ring(MAIL, "deliver", row_id) for row_id in _due_deliveries(bench)),
    ]


def _due_outbox(bench: Bench) -> list[int]:
    return list(notifying.due_outbox(bench.portal, now=bench.clock.now(), limit=MOST))


def _due_deliveries(bench: Bench) -> list[int]:
    return list(delivering.due_deliveries(bench.portal, at=real_time(), limit=MOST))


def _delivered(bench: Bench, delivery_id: int) -> str:
    """The state that the delivery is left in."""
    try:
        deliver_row(bench, delivery_id)
    except Exception:  # noqa: BLE001  # the delivery is marked with it, and the next one goes on
        return "failed"
    return delivering.state_of(bench.portal, delivery_id)
