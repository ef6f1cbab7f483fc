"""what the records vouch for, and an anchor every hour"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("chain_heads") as table:
        table.add_column(sa.Column("row_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("vouches", sa.JSON(none_as_null=True), nullable=True))
    with op.batch_alter_table("chain_lock") as table:
        table.alter_column(
            "anchored_on", existing_type=sa.String(10), type_=sa.String(13), existing_nullable=False
        )


def downgrade() -> None:
    op.execute("UPDATE chain_lock SET anchored_on = substr(anchored_on, 1, 10)")
    with op.batch_alter_table("chain_lock") as table:
        table.alter_column(
            "anchored_on", existing_type=sa.String(13), type_=sa.String(10), existing_nullable=False
        )
    with op.batch_alter_table("chain_heads") as table:
        table.drop_column("vouches")
        table.drop_column("row_id")
