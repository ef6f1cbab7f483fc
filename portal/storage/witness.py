"""Sees which rows that carry truth a unit of work writes, whoever writes them and in whichever way.

At the commit the records vouch for exactly what was written (storage/timeline.py), so that no action has to think of
it, and none can forget: for new rows as a whole, for others for the columns that were changed. A column that somebody
else changed beside the records is thus never vouched for because the portal happened to write another one of its row.
Rows of such a table are added through the ORM; what a bulk insert adds is not seen.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session

from portal.storage import asked_once, vouching
from portal.storage.vouching import BY_TABLE, Truth, Voucher


class Witness:
    """Of one session. `new`: ids by table. `changed`: by table and id the columns that were set, and `before`: by key the
    vouchers of rows that a statement hit, as they stood. `gone`: keys of rows that were deleted, with their owners."""

    def __init__(self, session: Session) -> None:
        self.new: dict[Any, set[int]] = defaultdict(set)
        self.changed: dict[Any, dict[int, set[str]]] = defaultdict(dict)
        self.before: dict[str, Voucher] = {}
        self.gone: dict[str, int | None] = {}
        event.listen(session, "before_flush", self._before_flush)
        event.listen(session, "after_flush", self._after_flush)
        event.listen(session, "do_orm_execute", self._executes)
        event.listen(session, "after_soft_rollback", lambda of, _transaction: asked_once.forget(of))

    def forget(self) -> None:
        """What was seen has been vouched for."""
        self.new.clear()
        self.changed.clear()
        self.before.clear()
        self.gone.clear()

    def columns_written(self, truth: Truth, number: int, key: str, now: Voucher) -> set[str]:
        """Of a row that was there before. `now`: its voucher as it stands."""
        written = self.changed[truth.table].get(number, set())
        before = self.before.get(key, now)
        return written | {name for name in {*before, *now} if before.get(name) != now.get(name)}

    def _before_flush(self, session: Session, *_about: Any) -> None:
        for row in session.dirty:
            truth = BY_TABLE.get(type(row))
            names = _changed(row, truth) if truth is not None else set()
            if truth is not None and names:
                self._note(truth, row.id, names)
        for row in session.deleted:
            truth = BY_TABLE.get(type(row))
            if truth is not None:
                with session.no_autoflush:
                    self._leaves(session, truth, {row.id})

    def _after_flush(self, session: Session, _context: Any) -> None:
        asked_once.forget(session)
        for row in session.new:
            if type(row) in BY_TABLE:
                self.new[type(row)].add(row.id)

    def _executes(self, state: ORMExecuteState) -> None:
        """A statement that changes or deletes rows at once: which ones it will hit is asked before."""
        if state.is_insert or state.is_update or state.is_delete:
            asked_once.forget(state.session)
        if not (state.is_update or state.is_delete) or state.bind_mapper is None:
            return
        truth = BY_TABLE.get(state.bind_mapper.class_)
        if truth is None:
            return
        if isinstance(state.parameters, list):  # one set of values for each id
            for each in state.parameters:
                self._note(truth, each["id"], each.keys() & set(truth.columns))
        elif state.is_delete:
            self._leaves(state.session, truth, _hit(state, truth))
        else:
            for _, key, voucher in _as_they_stand(state, truth):
                self.before.setdefault(key, voucher)
                self._note(truth, int(key.rpartition(":")[2]), set())

    def _note(self, truth: Truth, number: int, names: set[str]) -> None:
        self.changed[truth.table].setdefault(number, set()).update(names)

    def _leaves(self, session: Session, truth: Truth, ids: set[int]) -> None:
        for owner, key, _ in vouching.of_rows(session, truth, ids):
            self.gone[key] = owner


def _changed(row: Any, truth: Truth) -> set[str]:
    return set(inspect(row).committed_state) & set(
        truth.columns
    )  # what was there before, of those that were set


def _as_they_stand(state: ORMExecuteState, truth: Truth) -> Iterator[tuple[int | None, str, Voucher]]:
    """The rows that a statement will hit. In one step where the table names its owner itself: among joined tables the
    condition could come to mean something else."""
    condition = state.statement.whereclause  # type: ignore[attr-defined]  # an UPDATE has one
    if truth.by_way_of or condition is None:
        yield from vouching.of_rows(state.session, truth, _hit(state, truth))
    else:
        yield from vouching.written(truth, state.session.execute(truth.rows(condition), state.parameters))


def _hit(state: ORMExecuteState, truth: Truth) -> set[int]:
    condition = state.statement.whereclause  # type: ignore[attr-defined]  # an UPDATE or a DELETE has one
    found = select(truth.table.id)
    return set(
        state.session.scalars(found if condition is None else found.where(condition), state.parameters)
    )
