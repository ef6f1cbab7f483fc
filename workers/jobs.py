"""What may be rung for: the fixed map of names, each a thin function of one row id.

A job reads its row again, decides again, acts and leaves its receipt in the database; running twice does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from workers.bench import bench_for_job


def examine(edition_id: int) -> None:
    """Run the checks on an edition that was sent."""
    from portal.actions.moderating.examining import examine as examine_edition

    here = bench_for_job()
    examine_edition(here.portal, edition_id, now=here.clock.now())


def go_live(_release_id: int) -> None:
    """Record what has become public; every due release, since each is only a row to be read."""
    from portal.actions.publishing.going_live import record_due

    here = bench_for_job()
    record_due(here.portal, now=here.clock.now())


def relay(outbox_id: int) -> None:
    """Turn one outbox row into deliveries."""
    from workers.relay import relay_row

    relay_row(bench_for_job(), outbox_id)


def deliver(delivery_id: int) -> None:
    """Send one mail."""
    from workers.relay import deliver_row

    deliver_row(bench_for_job(), delivery_id)


def send_digest(issue_id: int) -> None:
    """Send letters of an issue of the daily e-mail for a while."""
    from workers.digest_runs import send_slice

    send_slice(bench_for_job(), issue_id)


JOBS: Mapping[str, Callable[[int], None]] = MappingProxyType(
    {"examine": examine, "go_live": go_live, "relay": relay, "deliver": deliver, "send_digest": send_digest}
)
