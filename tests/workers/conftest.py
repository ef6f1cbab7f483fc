"""Each test of the background half begins as a process does: nothing refused, and its log written as the portal's."""

from __future__ import annotations

from typing import Any

import pytest

from portal import logs
from portal.settings import Settings
from workers import guarded


@pytest.fixture(autouse=True)
def _a_new_process(settings: Settings, monkeypatch: Any) -> None:
    logs.configure(settings)
    monkeypatch.setattr(guarded, "_untold", {})
