"""The bench measures what it names; how fast it is, no test can say on a shared machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import bench


def test_every_page_is_measured_beside_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "SAMPLES", 2)

    rows = bench.measure(f"sqlite:///{tmp_path / 'bench.sqlite3'}", 60)

    assert [row.page for row in rows if row.page] == [
        "front page",
        "release page",
        "feed",
        "queue page",
        "submit",
    ]
    assert all(row.ours > 0 and row.limit > 0 and row.statements > 0 for row in rows)
