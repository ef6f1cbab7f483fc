"""each try to register keeps its own password, and from where somebody has logged in"""

import sqlalchemy as sa
from alembic import op

import portal.storage.tables.base

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = portal.storage.tables.base.Instant(timezone=True)

# A registration that waits: the link that is good last held what stood on the user and the organisation.
KEEP_TRIES = """
INSERT INTO registrations (token_id, user_id, name, password_hash, organisation, website, address_key, asked_at)
SELECT t.id, u.id, u.name, u.password_hash, o.name, o.website, '', t.created_at
FROM single_use_tokens t
JOIN users u ON u.id = t.user_id
JOIN organisations o ON o.id = t.organisation_id
WHERE t.purpose = 'confirm' AND t.used_at IS NULL AND u.confirmed_at IS NULL AND u.password_hash IS NOT NULL
"""
TAKE_FROM_USERS = "UPDATE users SET password_hash = NULL WHERE confirmed_at IS NULL"
KEEP_NETWORKS = """
INSERT INTO known_networks (user_id, key, seen_at)
SELECT user_id, address_key, MAX(last_seen_at) FROM sessions WHERE address_key <> '' GROUP BY user_id, address_key
"""
GIVE_BACK = """
UPDATE users SET password_hash = (
    SELECT r.password_hash FROM registrations r WHERE r.user_id = users.id ORDER BY r.id DESC LIMIT 1
) WHERE confirmed_at IS NULL
"""


def upgrade() -> None:
    _registrations()
    _known_networks()
    with op.batch_alter_table("login_attempts", schema=None) as batch_op:
        for name in ("network_key", "site_key"):
            batch_op.add_column(sa.Column(name, sa.String(length=64), nullable=False, server_default=""))
            batch_op.create_index(
                batch_op.f(f"ix_login_attempts_purpose_{name}_at"), ["purpose", name, "at"], unique=False
            )
    for statement in (KEEP_TRIES, TAKE_FROM_USERS, KEEP_NETWORKS):
        op.execute(statement)


def _registrations() -> None:
    op.create_table(
        "registrations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("address_key", sa.String(length=64), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["token_id"], ["single_use_tokens.id"], name=op.f("fk_registrations_token_id_single_use_tokens")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_registrations_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("token_id", name=op.f("uq_registrations_token_id")),
    )
    op.create_index(op.f("ix_registrations_user_id"), "registrations", ["user_id"], unique=False)
    op.create_index(op.f("ix_registrations_asked_at"), "registrations", ["asked_at"], unique=False)


def _known_networks() -> None:
    op.create_table(
        "known_networks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_known_networks_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_networks")),
    )
    op.create_index(op.f("ix_known_networks_user_id_key"), "known_networks", ["user_id", "key"], unique=True)
    op.create_index(op.f("ix_known_networks_seen_at"), "known_networks", ["seen_at"], unique=False)


def downgrade() -> None:
    op.execute(GIVE_BACK)
    with op.batch_alter_table("login_attempts", schema=None) as batch_op:
        for name in ("network_key", "site_key"):
            batch_op.drop_index(batch_op.f(f"ix_login_attempts_purpose_{name}_at"))
            batch_op.drop_column(name)
    op.drop_table("known_networks")
    op.drop_table("registrations")
