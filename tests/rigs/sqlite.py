"""SQLite for tests: migrated once for a test process, copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

from portal.storage.database import Database
from portal.storage.migrate import upgrade


def migrated_file(path: Path) -> Path:
    """A database file at the newest migration, whole without its write-ahead log."""
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


def copied(template: Path, path: Path) -> str:
    """The URL of a copy of the template."""
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"
