"""finding releases: by words and by date

The rows are made by the program, which knows how words are read: `portal init` does so right after this.
"""

import sqlalchemy as sa
from alembic import op

import portal.storage.tables.base
import portal.storage.tables.finding

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None

_INSERTED = "INSERT INTO search_index (rowid, words) VALUES (new.position, new.words);"
_DELETED = "INSERT INTO search_index (search_index, rowid, words) VALUES ('delete', old.position, old.words);"
_TABLE = (
    "CREATE VIRTUAL TABLE search_index USING fts5 (words, content='search_entries', content_rowid='position',"
    " tokenize='ascii', detail='none', columnsize=0)"
)
FTS5 = (
    _TABLE,
    f"CREATE TRIGGER search_entries_inserted AFTER INSERT ON search_entries BEGIN {_INSERTED} END",
    f"CREATE TRIGGER search_entries_deleted AFTER DELETE ON search_entries BEGIN {_DELETED} END",
    f"CREATE TRIGGER search_entries_updated AFTER UPDATE ON search_entries BEGIN {_DELETED} {_INSERTED} END",
)


def upgrade() -> None:
    op.create_table(
        "event_dates",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", portal.storage.tables.base.Instant(timezone=True), nullable=False),
        sa.Column("ends_at", portal.storage.tables.base.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name=op.f("fk_event_dates_release_id_releases")
        ),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_event_dates")),
    )
    op.create_index(op.f("ix_event_dates_ends_at_release_id"), "event_dates", ["ends_at", "release_id"])
    op.create_table(
        "search_entries",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("words", portal.storage.tables.finding.Words(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name=op.f("fk_search_entries_release_id_releases")
        ),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_search_entries")),
    )
    op.create_index(op.f("ix_search_entries_position"), "search_entries", ["position"], unique=True)
    if op.get_bind().dialect.name == "sqlite":
        for statement in FTS5:
            op.execute(statement)
    else:
        op.create_index("search_index", "search_entries", ["words"], postgresql_using="gin")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_table("search_entries")
    op.drop_table("event_dates")
