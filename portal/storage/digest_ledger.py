"""Writes into the ledger of the daily e-mail, by the hundred: the ORM would take longer for these rows than the mail server for the letters."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

_SQLITE = "INSERT INTO digest_items (delivery_id, release_id, as_what) VALUES (?, ?, ?)"
_POSTGRESQL = (
    "INSERT INTO digest_items (delivery_id, release_id, as_what) "
    "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[])"
)


def write(session: Session, rows: Sequence[tuple[int, int, str]]) -> None:
    """`rows`: delivery, release, as what it is named there. Each pair of the first two at most once."""
    if not rows:
        return
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_SQLITE, list(rows))
    else:
        connection.exec_driver_sql(_POSTGRESQL, tuple(list(column) for column in zip(*rows, strict=True)))
