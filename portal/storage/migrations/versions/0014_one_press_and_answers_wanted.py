"""one press has one effect, and a sender's question waits in sight"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ASKS = sa.text("answer_wanted_at IS NOT NULL")
# The sender wrote last: no editor has written or decided since.
_UNANSWERED = """
UPDATE releases SET answer_wanted_at = (
    SELECT max(timeline.at) FROM timeline
    WHERE timeline.release_id = releases.id AND timeline.fact = 'message_sent'
)
WHERE COALESCE((
    SELECT max(timeline.id) FROM timeline
    WHERE timeline.release_id = releases.id AND timeline.fact = 'message_sent'
), 0) > COALESCE((
    SELECT max(timeline.id) FROM timeline
    WHERE timeline.release_id = releases.id AND timeline.fact IN (
        'message_answered', 'approved', 'confirmed', 'first_yes', 'rejected', 'changes_requested'
    )
), 0)
"""


def upgrade() -> None:
    op.create_table(
        "pressed_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("words", sa.String(length=64), nullable=False),
        sa.Column("pressed", sa.Double(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version_after", sa.Integer(), nullable=True),
        sa.Column("result", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_pressed_forms_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pressed_forms")),
    )
    op.create_index(op.f("ix_pressed_forms_mark"), "pressed_forms", ["mark"], unique=True)
    op.create_index(op.f("ix_pressed_forms_words"), "pressed_forms", ["words"])
    op.create_index(op.f("ix_pressed_forms_at"), "pressed_forms", ["at"])
    with op.batch_alter_table("releases") as table:
        table.add_column(sa.Column("answer_wanted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_releases_asking",
        "releases",
        ["answer_wanted_at", "id"],
        sqlite_where=_ASKS,
        postgresql_where=_ASKS,
    )
    op.execute(_UNANSWERED)


def downgrade() -> None:
    op.drop_index("ix_releases_asking", "releases")
    with op.batch_alter_table("releases") as table:
        table.drop_column("answer_wanted_at")
    op.drop_table("pressed_forms")
