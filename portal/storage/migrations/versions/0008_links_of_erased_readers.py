"""links of erased readers, so that the one-click POST of an old letter is still answered"""

import sqlalchemy as sa
from alembic import op

import portal.storage.tables.base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erased_readers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_hash", sa.String(length=64), nullable=False),
        sa.Column("erased_at", portal.storage.tables.base.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erased_readers")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_erased_readers_link_hash")),
    )


def downgrade() -> None:
    op.drop_table("erased_readers")
