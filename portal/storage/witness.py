"""Sees which rows that carry truth a unit of work writes, whoever writes them and in whichever way.

At the commit the records vouch for exactly these rows as they stand then (storage/timeline.py), so that no action has
to think of it, and none can forget. Rows of such a table are added through the ORM; what a bulk insert adds is not seen.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session

from portal.storage import vouching
from portal.storage.vouching import BY_TABLE, Truth


class Witness:
    """Of one session. `touched`: ids by table. `gone`: keys of rows that were deleted, with their owners."""

    def __init__(self, session: Session) -> None:
        self.touched: dict[Any, set[int]] = defaultdict(set)
        self.gone: dict[str, int | None] = {}
        event.listen(session, "before_flush", self._before_flush)
        event.listen(session, "after_flush", self._after_flush)
        event.listen(session, "do_orm_execute", self._executes)

    def forget(self) -> None:
        """What was seen has been vouched for."""
        self.touched.clear()
        self.gone.clear()

    def _before_flush(self, session: Session, *_about: Any) -> None:
        for row in session.dirty:
            truth = BY_TABLE.get(type(row))
            if truth is not None and _has_changed(row, truth):
                self.touched[truth.table].add(row.id)
        for row in session.deleted:
            truth = BY_TABLE.get(type(row))
            if truth is not None:
                with session.no_autoflush:
                    self._leaves(session, truth, {row.id})

    def _after_flush(self, session: Session, _context: Any) -> None:
        for row in session.new:
            if type(row) in BY_TABLE:
                self.touched[type(row)].add(row.id)

    def _executes(self, state: ORMExecuteState) -> None:
        """A statement that changes or deletes rows at once: which ones it will hit is asked before."""
        if not (state.is_update or state.is_delete) or state.bind_mapper is None:
            return
        truth = BY_TABLE.get(state.bind_mapper.class_)
        if truth is None:
            return
        ids = _hit(state, truth)
        if state.is_delete:
            self._leaves(state.session, truth, ids)
        else:
            self.touched[truth.table] |= ids

    def _leaves(self, session: Session, truth: Truth, ids: set[int]) -> None:
        for owner, key, _ in vouching.of_rows(session, truth, ids):
            self.gone[key] = owner


def _has_changed(row: Any, truth: Truth) -> bool:
    changed = inspect(row).committed_state  # what was there before, of those that were set
    return any(key in changed for key in truth.columns)


def _hit(state: ORMExecuteState, truth: Truth) -> set[int]:
    if isinstance(state.parameters, list):  # one set of values for each id
        return {each["id"] for each in state.parameters if each.keys() & set(truth.columns)}
    condition = state.statement.whereclause  # type: ignore[attr-defined]  # an UPDATE or a DELETE has one
    found = select(truth.table.id)
    return set(
        state.session.scalars(found if condition is None else found.where(condition), state.parameters)
    )
