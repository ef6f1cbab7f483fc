"""Whether anybody has written since the last look, for one who looks every two seconds and must cost nothing."""

from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from portal.storage.database import Database
from portal.storage.tables import ChainLock, Delivery, Outbox


class Pulse:
    """Has anybody written into the database since the last look? For one thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._watching: Connection | None = None
        self._last: Any = None

    def moved(self) -> bool:
        """True at the first look."""
        last, self._last = self._last, self._beat()
        return bool(last is None or self._last != last)

    def close(self) -> None:
        if self._watching is not None:
            self._watching.close()
            self._watching = None

    def _beat(self) -> Any:
        if not self._database.is_sqlite:
            with self._database.reading() as session:
                return _written(session)
        if self._watching is None:
            self._watching = self._database.watching()
        # SQLite counts the commits of all other connections, of whichever process.
        cursor = self._watching.connection.cursor()
        try:
            return cursor.execute("PRAGMA data_version").fetchone()
        finally:
            cursor.close()


def _written(session: Session) -> tuple[Any, ...]:
    """Moves with every fact that is recorded, with every one that somebody is to be told of, and with every mail."""
    newest_fact = select(func.max(Outbox.id)).scalar_subquery()
    newest_mail = select(func.max(Delivery.id)).scalar_subquery()
    chain = select(ChainLock.last_id).scalar_subquery()
    accounts = select(ChainLock.account_position).scalar_subquery()
    return tuple(session.execute(select(chain, accounts, newest_fact, newest_mail)).one())
