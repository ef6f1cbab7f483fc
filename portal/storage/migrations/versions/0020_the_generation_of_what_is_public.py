"""one mark for all that readers can see; its triggers are made after every migration"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "public_generation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_generation")),
    )


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        asked = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'public_changed_%'"
        for name in list(connection.scalars(sa.text(asked))):
            op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute("DROP FUNCTION IF EXISTS public_changed() CASCADE")
    op.drop_table("public_generation")
