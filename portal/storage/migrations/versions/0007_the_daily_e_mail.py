"""the daily e-mail"""

import sqlalchemy as sa
from alembic import op

import portal.storage.tables.base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("asked_at", portal.storage.tables.base.Instant(timezone=True), nullable=False),
        sa.Column("confirmed_at", portal.storage.tables.base.Instant(timezone=True), nullable=True),
        sa.Column("left_at", portal.storage.tables.base.Instant(timezone=True), nullable=True),
        sa.Column("paused_until", portal.storage.tables.base.Instant(timezone=True), nullable=True),
        sa.Column("corrections_only", sa.Boolean(), nullable=False),
        sa.Column("asked_for", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'confirmed' OR confirmed_at IS NOT NULL", name=op.f("ck_subscribers_confirmed_has_time")
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'confirmed', 'left')", name=op.f("ck_subscribers_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("email", name=op.f("uq_subscribers_email")),
    )
    with op.batch_alter_table("subscribers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscribers_state_id"), ["state", "id"], unique=False)

    op.create_table(
        "digest_issues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=False),
        sa.Column("due_at", portal.storage.tables.base.Instant(timezone=True), nullable=False),
        sa.Column("covers_from", portal.storage.tables.base.Instant(timezone=True), nullable=True),
        sa.Column("covers_until", portal.storage.tables.base.Instant(timezone=True), nullable=True),
        sa.Column("closed_at", portal.storage.tables.base.Instant(timezone=True), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("held_at", portal.storage.tables.base.Instant(timezone=True), nullable=True),
        sa.Column("held_by_id", sa.Integer(), nullable=True),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("chosen_order", sa.JSON(), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("afterwards", sa.JSON(), nullable=False),
        sa.Column("paused_at", portal.storage.tables.base.Instant(timezone=True), nullable=True),
        sa.Column("queued_at", portal.storage.tables.base.Instant(timezone=True), nullable=True),
        sa.Column("finished_at", portal.storage.tables.base.Instant(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["held_by_id"], ["users.id"], name=op.f("fk_digest_issues_held_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_issues")),
        sa.UniqueConstraint("date", name=op.f("uq_digest_issues_date")),
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("dimension", sa.String(length=5), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.CheckConstraint("dimension IN ('kind', 'place')", name=op.f("ck_subscriptions_dimension_known")),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_subscriptions_subscriber_id_subscribers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
    )
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subscriptions_subscriber_id_dimension_value"),
            ["subscriber_id", "dimension", "value"],
            unique=True,
        )

    op.create_table(
        "suppressions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("soft_count", sa.Integer(), nullable=False),
        sa.Column("last_soft_at", portal.storage.tables.base.Instant(timezone=True), nullable=True),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("since", portal.storage.tables.base.Instant(timezone=True), nullable=False),
        sa.Column("lifted_at", portal.storage.tables.base.Instant(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_why", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('refused', 'soft', 'complaint', 'asked')", name=op.f("ck_suppressions_reason_known")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"], ["users.id"], name=op.f("fk_suppressions_lifted_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppressions")),
        sa.UniqueConstraint("email", name=op.f("uq_suppressions_email")),
    )
    op.create_table(
        "digest_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", portal.storage.tables.base.Instant(timezone=True), nullable=False),
        sa.Column("claimed_until", portal.storage.tables.base.Instant(timezone=True), nullable=True),
        sa.Column("handed_at", portal.storage.tables.base.Instant(timezone=True), nullable=True),
        sa.Column("sent_at", portal.storage.tables.base.Instant(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_digest_deliveries_sent_has_time")
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'failed', 'uncertain', 'dropped')",
            name=op.f("ck_digest_deliveries_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["digest_issues.id"], name=op.f("fk_digest_deliveries_issue_id_digest_issues")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_deliveries")),
    )
    with op.batch_alter_table("digest_deliveries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_digest_deliveries_issue_id_state"), ["issue_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_digest_deliveries_issue_id_subscriber_id"),
            ["issue_id", "subscriber_id"],
            unique=True,
        )
        batch_op.create_index(
            "ix_digest_deliveries_next",
            ["issue_id", "next_at", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('pending', 'sending')"),
            postgresql_where=sa.text("state IN ('pending', 'sending')"),
        )
        batch_op.create_index(
            batch_op.f("ix_digest_deliveries_subscriber_id"), ["subscriber_id"], unique=False
        )

    op.create_table(
        "digest_items",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("as_what", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["digest_deliveries.id"],
            name=op.f("fk_digest_items_delivery_id_digest_deliveries"),
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name=op.f("fk_digest_items_release_id_releases")
        ),
        sa.PrimaryKeyConstraint("delivery_id", "release_id", name=op.f("pk_digest_items")),
    )
    with op.batch_alter_table("digest_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_digest_items_release_id"), ["release_id"], unique=False)

    op.add_column("outbox", sa.Column("subscriber_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_outbox_subscriber_id"), "outbox", ["subscriber_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_outbox_subscriber_id"), "outbox")
    op.execute(
        "ALTER TABLE outbox DROP COLUMN subscriber_id"
    )  # both engines can, without making the table anew

    with op.batch_alter_table("digest_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_digest_items_release_id"))

    op.drop_table("digest_items")
    with op.batch_alter_table("digest_deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_digest_deliveries_subscriber_id"))
        batch_op.drop_index(
            "ix_digest_deliveries_next",
            sqlite_where=sa.text("state IN ('pending', 'sending')"),
            postgresql_where=sa.text("state IN ('pending', 'sending')"),
        )
        batch_op.drop_index(batch_op.f("ix_digest_deliveries_issue_id_subscriber_id"))
        batch_op.drop_index(batch_op.f("ix_digest_deliveries_issue_id_state"))

    op.drop_table("digest_deliveries")
    op.drop_table("suppressions")
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscriptions_subscriber_id_dimension_value"))

    op.drop_table("subscriptions")
    op.drop_table("digest_issues")
    with op.batch_alter_table("subscribers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscribers_state_id"))

    op.drop_table("subscribers")
