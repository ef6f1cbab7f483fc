"""What may be rung for: the fixed map of names, each a thin function of one row id.

A job of a handful does what waits beside its row as well, so that a burst costs a few forks and not hundreds.
A job reads its row again, decides again, acts and leaves its receipt in the database; running twice does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from portal.storage.unit_of_work import Ring
from workers.bench import bench_for_job
from workers.handfuls import work_off
from workers.limits import MAIL, MODERATION

AT_ONCE = 200
"""So many rows are looked up at a time."""


def examine(edition_id: int) -> None:
    """Run the checks on an edition that was sent, and on those that wait beside it."""
    from portal.actions.moderating.examining import examine as examine_edition
    from portal.storage.queries import mailing

    here = bench_for_job()

    def waiting() -> Sequence[int]:
        with here.portal.database.reading() as session:
            return mailing.unexamined_editions(session, limit=AT_ONCE)

    def one(row_id: int) -> None:
        examine_edition(here.portal, row_id, now=here.clock.now())

    if work_off(edition_id, waiting, one):
        here.portal.doorbell(Ring(MODERATION, "examine", edition_id))


def go_live(_release_id: int) -> None:
    """Record what has become public; every due release, since each is only a row to be read."""
    from portal.actions.publishing.going_live import record_due

    here = bench_for_job()
    record_due(here.portal, now=here.clock.now())


def relay(outbox_id: int) -> None:
    """Turn an outbox row into deliveries, and those that wait beside it: what was decided first."""
    from portal.actions.mailing import notifying
    from workers.relay import relay_row

    here = bench_for_job()

    def waiting() -> Sequence[int]:
        return notifying.due_outbox(here.portal, now=here.clock.now(), limit=AT_ONCE)

    if work_off(outbox_id, waiting, partial(relay_row, here)):
        here.portal.doorbell(Ring(MAIL, "relay", outbox_id))


def deliver(delivery_id: int) -> None:
    """Send a mail, and those that wait beside it: what was decided first."""
    from portal.actions.mailing import delivering
    from workers.relay import deliver_row, real_time

    here = bench_for_job()

    def waiting() -> Sequence[int]:
        return delivering.due_deliveries(here.portal, at=real_time(), limit=AT_ONCE)

    if work_off(delivery_id, waiting, partial(deliver_row, here)):
        here.portal.doorbell(Ring(MAIL, "deliver", delivery_id))


def send_digest(issue_id: int) -> None:
    """Send letters of an issue of the daily e-mail for a while."""
    from workers.digest_runs import send_slice

    send_slice(bench_for_job(), issue_id)


JOBS: Mapping[str, Callable[[int], None]] = MappingProxyType(
    {"examine": examine, "go_live": go_live, "relay": relay, "deliver": deliver, "send_digest": send_digest}
)

IN_HANDFULS = frozenset({"examine", "go_live", "relay", "deliver"})
"""Jobs that do all that waits, whichever row they name: one that stands in its queue is enough."""
