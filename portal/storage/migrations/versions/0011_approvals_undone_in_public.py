"""an index that finds what readers saw leave when an approval was undone"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CONDITION = "publication = 'hidden' AND updated_at IS NOT NULL"


def upgrade() -> None:
    where = sa.text(CONDITION)
    op.create_index(
        "ix_releases_undone",
        "releases",
        ["updated_at"],
        unique=False,
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    op.drop_index("ix_releases_undone", table_name="releases")
