"""the newest decision of an edition is found by an index"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_decisions_edition_id_id", "decisions", ["edition_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_decisions_edition_id_id", table_name="decisions")
