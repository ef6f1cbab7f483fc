"""words for a better search

What is kept of each release is made anew by the program, which reads words otherwise now: `portal init` does so right
after this. Known words are learnt by the clock.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "to_learn",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name=op.f("fk_to_learn_release_id_releases")
        ),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_to_learn")),
    )
    op.create_table(
        "known_words",
        sa.Column("word", sa.String(32), nullable=False),
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("written", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name=op.f("fk_known_words_release_id_releases")
        ),
        sa.PrimaryKeyConstraint("word", "release_id", name=op.f("pk_known_words")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_known_words_release_id"), "known_words", ["release_id"])
    op.create_table(
        "word_grams",
        sa.Column("gram", sa.String(3), nullable=False),
        sa.Column("length", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("word", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("gram", "length", "word", name=op.f("pk_word_grams")),
        sqlite_with_rowid=False,
    )
    op.execute("DELETE FROM search_entries")


def downgrade() -> None:
    op.execute("DELETE FROM search_entries")
    op.drop_table("word_grams")
    op.drop_table("known_words")
    op.drop_table("to_learn")
