"""The numbers an operator watches: those this process counted, and those that stand in rows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from prometheus_client import REGISTRY, CollectorRegistry, Gauge, generate_latest

from portal.actions.portal import Portal
from portal.storage.queries.waiting import waiting

MEANINGS = {
    "queue": "Releases that wait for a decision.",
    "queue_oldest_seconds": "Age of the release that has waited longest for a decision.",
    "unexamined": "Releases in the queue whose checks have not run yet.",
    "outbox_pending": "Facts that nobody has been told of yet.",
    "outbox_oldest_seconds": "Age of the oldest of them.",
}


def all_numbers(portal: Portal, now: datetime) -> bytes:
    """Prometheus text."""
    return generate_latest(REGISTRY) + generate_latest(_numbers_in_rows(portal, now))


def _numbers_in_rows(portal: Portal, now: datetime) -> CollectorRegistry:
    registry = CollectorRegistry()
    with portal.database.reading() as session:
        found = asdict(waiting(session, now))
    for name, meaning in MEANINGS.items():
        Gauge(f"portal_{name}", meaning, registry=registry).set(found[name])
    return registry
