"""The names and kinds under which steps set columns are those of the tables."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

import pytest
from sqlalchemy.orm import Mapped

from portal.storage.columns import EditionColumns, ReleaseColumns
from portal.storage.tables import Edition, Release

# What no step sets in this way: keys, the states themselves, what moves with every step, and what is never changed.
OF_EDITION = {"id", "release_id", "state"}
OF_RELEASE = {
    "id", "reference", "feed_id", "kind", "organisation_id", "created_by_id", "created_at", "ancestor_id",
    "version", "moved_at", "publication", "chain_count", "chain_head",
}  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "table", "left_out"),
    [(EditionColumns, Edition, OF_EDITION), (ReleaseColumns, Release, OF_RELEASE)],
    ids=["editions", "releases"],
)
def test_the_columns_that_steps_set_are_those_of_the_table(
    columns: Any, table: Any, left_out: set[str]
) -> None:
    hints = get_type_hints(table)
    mapped = {
        name: get_args(hints[name])[0]
        for name in (column.key for column in table.__table__.c)
        if _is_mapped(hints[name])
    }

    assert get_type_hints(columns) == {name: kind for name, kind in mapped.items() if name not in left_out}


def _is_mapped(hint: Any) -> bool:
    return getattr(hint, "__origin__", None) is Mapped
