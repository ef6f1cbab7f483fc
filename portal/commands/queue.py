"""What waits for an editor or for the checks, and a way to ring for all of it again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.commands import answer, json_option, machine_settings, no
from portal.rules.release_states import IN_REVIEW, WAITING_STATES
from portal.storage.queries import mailing
from portal.storage.tables import Edition


@click.group()
def command() -> None:
    """The moderation queue."""


@command.command()
@json_option
def status(as_json: bool) -> None:
    """How many releases wait, since when, and how many of them an editor reads."""
    from workers.bench import bench_for

    here = bench_for(machine_settings())
    with here.portal.database.reading() as session:
        answer(_counts(session, here.clock.now()), as_json=as_json)


@command.command()
@json_option
def requeue(as_json: bool) -> None:
    """Ring again for everything that waits: checks, mails. Safe to repeat."""
    from redis.exceptions import RedisError

    from workers.bench import bench_for
    from workers.requeue import ring_for_all

    try:
        rung = ring_for_all(bench_for(machine_settings()))
    except (RedisError, OSError):
        no("Redis does not answer. Nothing is lost: the clock does the work, portal clock must run.")
    answer({"rung": rung}, as_json=as_json, text=f"Rang for {rung}.")


def _counts(session: Session, now: datetime) -> dict[str, Any]:
    waiting = Edition.state.in_(WAITING_STATES)
    oldest = session.scalar(select(func.min(Edition.submitted_at)).where(waiting))
    return {
        "waiting": session.scalar(select(func.count()).select_from(Edition).where(waiting)) or 0,
        "oldest_seconds": seconds_since(oldest, now),
        "unexamined": mailing.count_unexamined(session),
        "claimed": session.scalar(
            select(func.count())
            .select_from(Edition)
            .where(Edition.state == IN_REVIEW, Edition.claim_expires_at > now)
        )
        or 0,
    }


def seconds_since(instant: datetime | None, now: datetime) -> int:
    """Whole seconds, never below none; nothing waiting counts as none."""
    if instant is None:
        return 0
    return max(0, int((now - instant.astimezone(UTC)).total_seconds()))
