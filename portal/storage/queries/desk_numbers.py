"""How the desk did: how many it decided, how long that took, and what waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from portal.rules.release_states import WAITING_STATES
from portal.storage.queries import public_releases
from portal.storage.queries.bounded import counted, is_one_of
from portal.storage.tables import Decision, Edition, Release, Revision


@dataclass(frozen=True)
class DeskNumbers:
    """Of a span of time: decisions by outcome, the median from arrival to decision, what went public; and now."""

    approved: int
    changes_requested: int
    rejected: int
    median: timedelta | None
    published: int
    waiting: int

    @property
    def decided(self) -> int:
        return self.approved + self.changes_requested + self.rejected


def desk_numbers(session: Session, *, since: datetime, now: datetime) -> DeskNumbers:
    """`since` begins the span; decisions that were taken back do not count."""
    found = session.execute(_decisions(since)).all()
    outcomes = [outcome for outcome, _arrived, _decided in found]
    took = [(decided - arrived).total_seconds() for _outcome, arrived, decided in found if arrived <= decided]
    waiting = counted(is_one_of(Edition.state, WAITING_STATES), table=Edition)
    published = select(func.count()).where(public_releases.visible(now), Release.live_from >= since)
    return DeskNumbers(
        approved=outcomes.count("approve"),
        changes_requested=outcomes.count("request_changes"),
        rejected=outcomes.count("reject"),
        median=timedelta(seconds=median(took)) if took else None,
        published=session.scalar(published) or 0,
        waiting=session.scalar(waiting) or 0,
    )


def _decisions(since: datetime) -> Select[str, datetime, datetime]:
    """Outcome, arrival and decision. What came again since then arrived, for this decision, with its text."""
    is_of_this_round = Edition.submitted_at <= Decision.decided_at
    arrived = case((is_of_this_round, Edition.submitted_at), else_=Revision.created_at)
    return (
        select(Decision.outcome, arrived, Decision.decided_at)
        .join(Edition, Edition.id == Decision.edition_id)
        .join(Revision, Revision.id == Decision.revision_id)
        .where(Decision.undone_at.is_(None), Decision.decided_at >= since)
    )
