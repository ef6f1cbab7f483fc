"""what stood before a decision, so that it can be taken back"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decisions", sa.Column("before", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("decisions", "before")
