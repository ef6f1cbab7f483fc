"""The numbers an operator watches: those this process counted, and those that stand in rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime

from prometheus_client import REGISTRY, CollectorRegistry, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from portal.actions.portal import Portal
from portal.storage.queries import health
from portal.storage.queries.waiting import waiting

MEANINGS = {
    "queue": "Releases that wait for a decision.",
    "queue_oldest_seconds": "Age of the release that has waited longest for a decision.",
    "unexamined": "Releases in the queue whose checks have not run yet.",
    "outbox_pending": "Facts that nobody has been told of yet.",
    "outbox_oldest_seconds": "Age of the oldest of them.",
    "publish_lateness_seconds": "How long the oldest due release has not been recorded, or how late the newest was.",
    "clock_last_tick_timestamp": "When the clock process ticked last, in seconds since 1970; 0 for never.",
    "publishing_held": "1 while a jump of the clock, or a restored copy, holds publishing.",
}


class _KeptPages(Collector):
    """What became of requests for public pages in this process: counted without a lock where they are answered."""

    def __init__(self, results: Mapping[str, int]) -> None:
        self._results = results

    def collect(self) -> Iterator[CounterMetricFamily]:
        meaning = "Public pages: given from what is kept (hit), not changed since (unchanged), made (miss)."
        family = CounterMetricFamily("portal_page_cache", meaning, labels=["result"])
        for result, count in self._results.items():
            family.add_metric([result], count)
        yield family


def all_numbers(portal: Portal, now: datetime, kept: Mapping[str, int]) -> bytes:
    """Prometheus text. `kept`: how often a public page was a hit, unchanged, a miss."""
    pages = CollectorRegistry()
    pages.register(_KeptPages(kept))
    return generate_latest(REGISTRY) + generate_latest(pages) + generate_latest(_numbers_in_rows(portal, now))


def _numbers_in_rows(portal: Portal, now: datetime) -> CollectorRegistry:
    registry = CollectorRegistry()
    with portal.database.reading() as session:
        found = asdict(waiting(session, now)) | _of_publishing(session, now)
    for name, meaning in MEANINGS.items():
        Gauge(f"portal_{name}", meaning, registry=registry).set(found[name])
    return registry


def _of_publishing(session: Session, now: datetime) -> dict[str, float]:
    ticked_at = health.last_tick(session)
    return {
        "publish_lateness_seconds": health.lateness(session, now).seconds(now),
        "clock_last_tick_timestamp": ticked_at.timestamp() if ticked_at else 0.0,
        "publishing_held": float(health.is_held(session)),
    }
