"""A running portal for each journey, with the people that most of them need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rigs.plain_browser import PlainBrowser
from tests.rigs.running_portal import RunningPortal, running_portal

SENDER = "dewi@selatbiru.example"
EDITOR = "an.phan@post.example"


@pytest.fixture
def site(tmp_path: Path, sqlite_template: Path) -> Iterator[RunningPortal]:
    with running_portal(tmp_path, sqlite_template) as running:
        yield running


@pytest.fixture
def sender(site: RunningPortal) -> PlainBrowser:
    """Dewi Anggraini, who registered Selat Biru Ferries."""
    return site.member(SENDER, name="Dewi Anggraini", organisation="Selat Biru Ferries")


@pytest.fixture
def editor(site: RunningPortal) -> PlainBrowser:
    return site.editor(EDITOR, name="An Phan")


@pytest.fixture
def other_editor(site: RunningPortal) -> PlainBrowser:
    return site.editor("malee@post.example", name="Malee Srisai")
