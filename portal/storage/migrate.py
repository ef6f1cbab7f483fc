"""Bring a database to the newest shape, and tell whether it is there.

Alembic is imported only when there is something to do: every start asks whether there is, and it is slow to load.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import insert, inspect, select, text

from portal.storage import public_changes
from portal.storage.database import Database
from portal.storage.tables import ChainLock

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    """Run the migrations that are missing and make what they do not: the row that the audit chain locks, and the triggers of
    `public_changes`."""
    from alembic import command

    with database.engine.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        if revision == "head" and connection.execute(select(ChainLock.id)).first() is None:
            connection.execute(insert(ChainLock).values(id=1))
        if revision == "head":
            public_changes.install(connection)


def is_newest(database: Database) -> bool:
    """Whether `upgrade` has nothing to do."""
    return present(database) == newest()


def downgrade(database: Database, revision: str) -> None:
    """Undo migrations down to `revision`; `base` takes every table away."""
    from alembic import command

    with database.engine.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def newest() -> str:
    """The revision that this program needs: migrations are numbered in the order of their file names."""
    return max(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*_*.py"))


def present(database: Database) -> str:
    """The revision that the database is at, empty for a new one."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def configuration() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config
