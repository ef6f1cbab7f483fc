"""which run of a database this is, so that a copy that was put back is noticed and held"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("clock_lease") as batch_op:
        batch_op.add_column(sa.Column("epoch", sa.String(length=32), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("ticks", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("past_epochs", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("clock_hold") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=10), nullable=False, server_default="clock"))
        batch_op.create_check_constraint(op.f("ck_clock_hold_kind_known"), "kind IN ('clock', 'restore')")
        batch_op.create_unique_constraint(op.f("uq_clock_hold_kind"), ["kind"])
    # The values are the program's to give from here on.
    with op.batch_alter_table("clock_lease") as batch_op:
        for name in ("epoch", "ticks", "past_epochs"):
            batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table("clock_hold") as batch_op:
        batch_op.alter_column("kind", server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM clock_hold WHERE kind <> 'clock'")
    with op.batch_alter_table("clock_hold") as batch_op:
        batch_op.drop_constraint(op.f("uq_clock_hold_kind"), type_="unique")
        batch_op.drop_constraint(op.f("ck_clock_hold_kind_known"), type_="check")
        batch_op.drop_column("kind")
    with op.batch_alter_table("clock_lease") as batch_op:
        for name in ("past_epochs", "ticks", "epoch"):
            batch_op.drop_column(name)
