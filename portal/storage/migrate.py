"""Bring a database to the newest shape, and tell whether it is there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select

from portal.storage.database import Database
from portal.storage.tables import ChainLock

FOLDER = Path(__file__).parent / "migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    """Run the migrations that are missing and make the one row that the audit chain locks."""
    with database.engine.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        if revision == "head" and connection.execute(select(ChainLock.id)).first() is None:
            connection.execute(insert(ChainLock).values(id=1))


def downgrade(database: Database, revision: str) -> None:
    """Undo migrations down to `revision`; `base` takes every table away."""
    with database.engine.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def newest() -> str:
    """The revision that this program needs."""
    return ScriptDirectory.from_config(configuration()).get_current_head() or ""


def present(database: Database) -> str:
    """The revision that the database is at, empty for a new one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config
