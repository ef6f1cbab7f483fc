"""near copies are looked up in the index of bands alone"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_TABLE = "similarity_bands"
_NARROW = "ix_similarity_bands_band"
_WHOLE = "ix_similarity_bands_band_revision_id_release_id"


def upgrade() -> None:
    op.create_index(op.f(_WHOLE), _TABLE, ["band", "revision_id", "release_id"])
    op.drop_index(op.f(_NARROW), table_name=_TABLE)


def downgrade() -> None:
    op.create_index(op.f(_NARROW), _TABLE, ["band"])
    op.drop_index(op.f(_WHOLE), table_name=_TABLE)
