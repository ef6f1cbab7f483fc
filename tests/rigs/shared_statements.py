"""Statements compiled once for a test process.

Each test has a database, and so an engine, of its own, and each engine would write all its SQL anew: a fifth of the
time of the tests of the actions. Engines of one kind are all made with the same settings, so what one of them
compiled serves the others.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, create_engine

from portal.storage import database

CACHED = 4000
_first: dict[str, Engine] = {}


def share_statements(patch: pytest.MonkeyPatch) -> None:
    """Until the patch is undone, databases that are opened use what was compiled before."""
    patch.setattr(database, "create_engine", _engine)


def _engine(url: str, **options: Any) -> Engine:
    engine = create_engine(url, query_cache_size=CACHED, **options)
    first = _first.get(engine.name)
    if first is None or not _has_met_a_server(first):
        _first[engine.name] = engine
        return engine
    engine.dialect = first.dialect
    engine._compiled_cache = first._compiled_cache
    return engine


def _has_met_a_server(engine: Engine) -> bool:
    """Only then its dialect knows with whom it speaks."""
    return getattr(engine.dialect, "server_version_info", None) is not None
