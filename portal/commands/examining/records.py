"""The database: whether it answers, whether it has the right shape, whether the desk is staffed."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from portal.commands.examining.findings import Finding, advice, ok, wrong
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.migrate import newest, present
from portal.storage.queries import restoring
from portal.storage.queries.people import active_senior_exists


def database(settings: Settings) -> Iterator[Finding]:
    opened = Database(settings.database_url)
    try:
        yield from _looked_at(opened)
    except SQLAlchemyError as problem:
        cause = str(getattr(problem, "orig", None) or problem).strip().partition("\n")[0]
        yield wrong("database", f"It does not answer: {cause}")
    finally:
        opened.dispose()


def _looked_at(opened: Database) -> Iterator[Finding]:
    opened.answers()
    yield ok("database", "SQLite answers." if opened.is_sqlite else "PostgreSQL answers.")
    at, needed = present(opened), newest()
    if at != needed:
        yield wrong(
            "migrations", f"The database is at {at or 'nothing'} and must be at {needed}. Run: portal init"
        )
        return
    yield ok("migrations", f"At {needed}, the newest.")
    yield from _copy(opened)
    yield from _people(opened)


def _copy(opened: Database) -> Iterator[Finding]:
    with opened.reading() as session:
        hold = restoring.hold(session)
    if hold is not None:
        yield wrong(
            "restore",
            f"The database is held as a restored copy: no mail leaves, nothing new goes public. {hold.why} "
            "See: portal restore status",
        )


def _people(opened: Database) -> Iterator[Finding]:
    with opened.reading() as session:
        if active_senior_exists(session):
            yield ok("people", "At least one senior editor is active.")
        else:
            yield advice(
                "people",
                "No senior editor is active, so editors may take a senior's steps with a reason. "
                "Make one with: portal user create --role senior",
            )
