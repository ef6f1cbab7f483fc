"""when a release left the lists, and indexes that find what was removed or ends"""

import sqlalchemy as sa
from alembic import op

import portal.storage.tables.base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_releases_removed": (["live_from", "id"], "removed_at IS NOT NULL"),
    "ix_releases_ends": (["expires_at"], "publication = 'live' AND expires_at IS NOT NULL"),
    "ix_releases_to_archive": (
        ["expires_at"],
        "publication = 'live' AND expires_at IS NOT NULL AND archived_at IS NULL",
    ),
}


def upgrade() -> None:
    column = sa.Column("archived_at", portal.storage.tables.base.Instant(timezone=True), nullable=True)
    op.add_column("releases", column)
    for name, (columns, condition) in INDEXES.items():
        where = sa.text(condition)
        op.create_index(name, "releases", columns, unique=False, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, table_name="releases")
    op.drop_column("releases", "archived_at")
