"""What readers can see, as one mark: kept answers are good for as long as it stands still.

Triggers move it, in the transaction of the change itself, so that statements in bulk, a restored copy and `psql` count
too. The mark is a random number and no counter: a database that was put back to an earlier state and went on from there
never comes by a mark that stood for something else.

PostgreSQL moves it at the end of the transaction (a deferred trigger): the row is then the last lock that anybody takes,
so that no two transactions wait for each other, and it is held for no longer than a commit takes.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

NAME = "public_changed"


@dataclass(frozen=True)
class Watched:
    """One table. `columns`: whose updates count, all where empty. `only`: a condition on the row as it was or became."""

    columns: tuple[str, ...] = ()
    only: str = ""
    events: tuple[str, ...] = ("insert", "update", "delete")


WATCHED = {
    "releases": Watched(
        (
            "reference",
            "feed_id",
            "kind",
            "organisation_id",
            "publication",
            "live_from",
            "went_live_at",
            "updated_at",
            "expires_at",
            "slug",
            "notice_kind",
            "notice_text",
            "notice_at",
            "removed_at",
            "removal_text",
            "removal_reasons",
            "country_slug",
            "city_slug",
            "live_edition_id",
            "live_revision_id",
        ),
        only="{row}.publication <> 'hidden'",
    ),
    "editions": Watched(
        ("release_id", "number", "state", "correction_kind", "correction_what", "correction_why", "published_at"),
        only="{row}.published_at IS NOT NULL",
    ),
    # A text is never changed by the program; one that somebody changed by hand shows at once.
    "revisions": Watched(events=("update",)),
    # One that was just made has nothing public yet.
    "organisations": Watched(("slug", "name", "website", "about", "about_html"), events=("update", "delete")),
    "places": Watched(),
    "event_dates": Watched(),
    "clock_hold": Watched(),
    "digest_issues": Watched(),
}  # fmt: skip

_MOVE_SQLITE = "UPDATE public_generation SET mark = random() WHERE id = 1"
# A transaction of ten thousand rows moves the mark once: the setting is local to it and remembers that it did.
_FUNCTION = """
CREATE OR REPLACE FUNCTION public_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('portal.public_changed', true), '') <> txid_current()::text THEN
        PERFORM set_config('portal.public_changed', txid_current()::text, true);
        UPDATE public_generation SET mark = (random() * 9007199254740991)::bigint WHERE id = 1;
    END IF;
    RETURN NULL;
END $$
"""
_ROWS_OF = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}


def install(connection: Connection) -> None:
    """Make the row and every trigger anew. Asked for after each migration: one that rebuilds a table loses its triggers."""
    is_sqlite = connection.dialect.name == "sqlite"
    for statement in _sqlite() if is_sqlite else _postgresql():
        connection.execute(text(statement))
    if connection.execute(text("SELECT id FROM public_generation")).first() is None:
        connection.execute(text("INSERT INTO public_generation (id, mark) VALUES (1, 1)"))


def missing(connection: Connection) -> list[str]:
    """Names of triggers that are not there; then kept answers would outlive what they show."""
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    present = set(connection.scalars(text(asked)))
    return [name for name, _, _, _ in _triggers() if name not in present]


def _triggers() -> list[tuple[str, str, str, Watched]]:
    return [
        (f"{NAME}_{table}_{event}", table, event, watched)
        for table, watched in WATCHED.items()
        for event in watched.events
    ]


def _when(watched: Watched, event: str) -> str:
    if not watched.only:
        return ""
    return " OR ".join(watched.only.format(row=row) for row in _ROWS_OF[event])


def _on(watched: Watched, event: str) -> str:
    return (
        f"UPDATE OF {', '.join(watched.columns)}" if event == "update" and watched.columns else event.upper()
    )


def _sqlite() -> list[str]:
    statements = []
    for name, table, event, watched in _triggers():
        when = _when(watched, event)
        statements += [
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} AFTER {_on(watched, event)} ON {table}"
            + (f" WHEN {when}" if when else "")
            + f" BEGIN {_MOVE_SQLITE}; END",
        ]
    return statements


def _postgresql() -> list[str]:
    statements = [_FUNCTION]
    for name, table, event, watched in _triggers():
        when = _when(watched, event)
        statements += [
            f"DROP TRIGGER IF EXISTS {name} ON {table}",
            f"CREATE CONSTRAINT TRIGGER {name} AFTER {_on(watched, event)} ON {table} DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW" + (f" WHEN ({when})" if when else "") + " EXECUTE FUNCTION public_changed()",
        ]
    for table in WATCHED:
        statements += [
            f"DROP TRIGGER IF EXISTS {NAME}_{table}_truncate ON {table}",
            f"CREATE TRIGGER {NAME}_{table}_truncate AFTER TRUNCATE ON {table} EXECUTE FUNCTION public_changed()",
        ]
    return statements
