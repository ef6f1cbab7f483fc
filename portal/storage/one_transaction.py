"""Many units of work as one: all of them stay, or none. For loading, where half a load would be worse than none.

Each unit becomes a savepoint on one connection, so its own commit and rollback mean what they always mean.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from portal.storage.database import Database


class _Joined(Database):
    """The same database, seen through one open transaction."""

    def __init__(self, database: Database, connection: Connection) -> None:
        self.url, self.is_sqlite, self.engine = database.url, database.is_sqlite, database.engine
        self._connection = connection

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._savepoint(autoflush=False) as session:
            yield session

    def writing(self) -> Session:
        return self._savepoint()

    def _savepoint(self, *, autoflush: bool = True) -> Session:
        return Session(
            self._connection,
            autoflush=autoflush,
            expire_on_commit=False,
            join_transaction_mode="create_savepoint",
        )


@contextmanager
def one_transaction(database: Database) -> Iterator[Database]:
    """Everything that is committed inside becomes true at the end, and nothing of it where an error gets out."""
    with database.engine.begin() as connection:
        yield _Joined(database, connection)
