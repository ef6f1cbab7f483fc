"""A database is judged by the mark that its machine keeps: known, new, or to be held."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.rules.restore import ANOTHER, FRESH, KNOWN, OLDER, STRANGE, Mark, Run, judged

NOW = datetime(2026, 3, 24, 3, 20, tzinfo=UTC)
OLD = NOW - timedelta(minutes=11)


@pytest.mark.parametrize(
    ("mark", "run", "found"),
    [
        (Mark("a", 7), Run("a", 7, OLD), KNOWN),
        # Another machine has ticked since, or the last tick was not written down.
        (Mark("a", 7), Run("a", 900, OLD), KNOWN),
        (Mark("a", 8), Run("a", 7, NOW), OLDER),
        (Mark("b", 1), Run("a", 900, NOW), ANOTHER),
        # An operator has ended the run that this machine knows.
        (Mark("b", 900), Run("a", 7, NOW, past=("c", "b")), KNOWN),
        # A second machine joins while a clock is at work; a copy on a new machine stands still.
        (None, Run("a", 7, NOW), KNOWN),
        (None, Run("a", 7, OLD), STRANGE),
        (None, Run("a", 7, NOW + timedelta(days=1)), STRANGE),
        # No clock has ticked: a new database, or one from before this was kept.
        (None, Run(), FRESH),
        (None, Run(has_records=True), FRESH),
        (Mark("a", 7), Run(), FRESH),
        (Mark("a", 7), Run(has_records=True), ANOTHER),
    ],
)
def test_a_database_is_judged_by_the_mark(mark: Mark | None, run: Run, found: str) -> None:
    assert judged(mark, run, now=NOW) == found


@pytest.mark.parametrize(("minutes", "found"), [(10, KNOWN), (-10, KNOWN), (10.1, STRANGE), (-10.1, STRANGE)])
def test_a_clock_is_at_work_for_ten_minutes_after_its_tick(minutes: float, found: str) -> None:
    ticked = NOW - timedelta(minutes=minutes)

    assert judged(None, Run("a", 7, ticked), now=NOW) == found


def test_a_run_that_never_ticked_is_strange_to_a_new_machine() -> None:
    assert judged(None, Run("a", 7), now=NOW) == STRANGE
