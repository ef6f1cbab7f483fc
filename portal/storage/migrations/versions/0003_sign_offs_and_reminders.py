"""what waits for its sender is found by its date, and changes asked for before this are looked at on theirs"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_editions_signoff": (["signoff_due_at"], "state = 'awaiting_signoff'"),
    "ix_editions_reminder": (["reminder_next_at"], "state = 'changes_requested'"),
}


def upgrade() -> None:
    for name, (columns, condition) in INDEXES.items():
        where = sa.text(condition)
        op.create_index(name, "editions", columns, unique=False, sqlite_where=where, postgresql_where=where)
    op.execute(
        "UPDATE editions SET reminder_next_at = changes_due_at "
        "WHERE state = 'changes_requested' AND reminder_next_at IS NULL"
    )


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, table_name="editions")
