"""when the next mail may go to a mail server, for all who send together; and letters that an editor asks for"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_pace",
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("free_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_mail_pace")),
    )
    op.add_column("outbox", sa.Column("digest_date", sa.String(length=10), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.drop_column("digest_date")
    op.drop_table("mail_pace")
