"""The newest migration is read from file names at every start, so they must agree with Alembic."""

from __future__ import annotations

from alembic.script import ScriptDirectory

from portal.storage.migrate import configuration, newest


def test_the_highest_file_name_is_the_head_that_alembic_sees() -> None:
    assert ScriptDirectory.from_config(configuration()).get_heads() == [newest()]


def test_every_file_is_named_after_its_revision() -> None:
    from pathlib import Path

    for script in ScriptDirectory.from_config(configuration()).walk_revisions():
        assert Path(script.path).name.partition("_")[0] == script.revision
