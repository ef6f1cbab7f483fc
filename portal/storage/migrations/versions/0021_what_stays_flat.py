"""indexes for what grew with the rows, and the parts of the sitemap"""

import sqlalchemy as sa
from alembic import op

from portal.storage.tables.base import Instant

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

LIVE = "publication = 'live'"
ENDS = "publication = 'live' AND expires_at IS NOT NULL"
NOT_YET_ARCHIVED = f"{ENDS} AND archived_at IS NULL"
REMOVED = "removed_at IS NOT NULL"
UNDONE = "publication = 'hidden' AND updated_at IS NOT NULL"
WAITING = "state IN ('submitted', 'in_review', 'awaiting_second')"
LISTED_BY = (
    ("organisation", "organisation_id"),
    ("kind", "kind"),
    ("country", "country_slug"),
    ("city", "city_slug"),
)

INDEXES: tuple[tuple[str, str, list[str], str], ...] = (
    ("ix_releases_public_organisation_kind", "releases", ["organisation_id", "kind", "live_from", "id"], LIVE),
    ("ix_releases_public_organisation_country", "releases", ["organisation_id", "country_slug", "live_from", "id"], LIVE),
    ("ix_releases_public_organisation_city", "releases", ["organisation_id", "city_slug", "live_from", "id"], LIVE),
    ("ix_releases_public_country_kind", "releases", ["country_slug", "kind", "live_from", "id"], LIVE),
    ("ix_releases_public_city_kind", "releases", ["city_slug", "kind", "live_from", "id"], LIVE),
    *((f"ix_releases_gone_{name}", "releases", [column, "removed_at"], REMOVED) for name, column in LISTED_BY),
    *((f"ix_releases_removed_{name}", "releases", [column, "live_from", "id"], REMOVED) for name, column in LISTED_BY),
    *((f"ix_releases_ends_{name}", "releases", [column, "expires_at"], ENDS) for name, column in LISTED_BY),
    *((f"ix_releases_undone_{name}", "releases", [column, "updated_at"], UNDONE) for name, column in LISTED_BY),
    ("ix_releases_gone", "releases", ["removed_at"], REMOVED),
    ("ix_releases_noticed", "releases", ["notice_at"], "notice_kind <> ''"),
    ("ix_editions_claims", "editions", ["claim_expires_at"], "state = 'in_review'"),
    ("ix_editions_unexamined", "editions", ["examined_at", "submitted_at", "id"], f"{WAITING} AND examined_at IS NULL"),
    ("ix_editions_corrections", "editions", ["published_at"], "correction_kind <> ''"),
    ("ix_digest_deliveries_troubled", "digest_deliveries", ["state", "id"], "state IN ('failed', 'uncertain', 'dropped')"),
    ("ix_digest_issues_unfinished", "digest_issues", ["due_at"], "finished_at IS NULL"),
    ("ix_endorsements_falls", "endorsements", ["falls_at", "id"], "ended_at IS NULL"),
)  # fmt: skip
WHOLE: tuple[tuple[str, str, list[str]], ...] = (
    ("ix_endorsements_edition_id", "endorsements", ["edition_id"]),
    ("ix_digest_issues_closed_at", "digest_issues", ["closed_at"]),
    ("ix_digest_issues_covers_until", "digest_issues", ["covers_until"]),
    ("ix_digest_issues_due_at_id", "digest_issues", ["due_at", "id"]),
    ("ix_account_events_fact_at", "account_events", ["fact", "at"]),
)


def upgrade() -> None:
    op.create_table(
        "sitemap_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("live_from", Instant(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitemap_parts")),
    )
    op.drop_index("ix_releases_to_archive", "releases")
    _make("ix_releases_to_archive", "releases", ["archived_at", "expires_at"], NOT_YET_ARCHIVED)
    for name, table, columns, where in INDEXES:
        _make(name, table, columns, where)
    for name, table, columns in WHOLE:
        op.create_index(op.f(name), table, columns)


def downgrade() -> None:
    for name, table, _columns in WHOLE:
        op.drop_index(op.f(name), table)
    for name, table, _columns, _where in INDEXES:
        op.drop_index(name, table)
    op.drop_index("ix_releases_to_archive", "releases")
    _make("ix_releases_to_archive", "releases", ["expires_at"], NOT_YET_ARCHIVED)
    op.drop_table("sitemap_parts")


def _make(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
