"""The only place that commits.

Leaving the block without `commit()` undoes everything, so forgetting is safe. What was rung during the work
is rung after the commit, and a bell that fails is only counted: the clock process finds the rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from sqlalchemy.orm import Session

from portal.storage import timeline
from portal.storage.database import Database
from portal.storage.witness import Witness


@dataclass(frozen=True)
class Ring:
    """A bell to ring after the commit: which queue, which job, for which row."""

    queue: str
    job: str
    row_id: int


Doorbell = Callable[[Ring], None]


def silent(_ring: Ring) -> None:
    """A doorbell that rings nowhere: the clock picks the work up."""


class UnitOfWork:
    """One transaction. Use as a context manager; `session` is open inside it."""

    session: Session
    witness: Witness

    def __init__(self, database: Database, doorbell: Doorbell = silent, request_id: str = "") -> None:
        self._database = database
        self._doorbell = doorbell
        self._rings: dict[Ring, None] = {}  # in order, each once
        self.request_id = request_id
        self.is_sqlite = database.is_sqlite

    def __enter__(self) -> Self:
        self.session = self._database.writing()
        self.witness = Witness(self.session)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.rollback()
        self.session.close()

    def ring(self, queue: str, job: str, row_id: int) -> None:
        """Remember to ring once this work is committed."""
        self._rings[Ring(queue, job, row_id)] = None

    def commit(self) -> None:
        """Let the records vouch for what was written, make it true, say what was decided, then ring."""
        decided = timeline.seal(self)
        self.session.commit()
        timeline.say(decided)
        rings, self._rings = self._rings, {}
        for ring in rings:
            self._doorbell(ring)
