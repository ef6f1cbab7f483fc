"""Both databases, and the people of the account tests in them."""

from __future__ import annotations

import pytest

from portal.settings import Settings
from portal.storage.database import Database
from tests.rigs.people import People, cheap_hashes


@pytest.fixture
def people(database: Database, database_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> People:
    cheap_hashes(monkeypatch)
    return People(database, database_settings)
