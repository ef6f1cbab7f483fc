"""The pages of the daily e-mail, and readers behind their links."""

from __future__ import annotations

import pytest

from tests.rigs.readers import Readers
from tests.rigs.visitor import Visitor


@pytest.fixture
def readers(portal_app) -> Readers:
    return Readers(portal_app.extensions["portal"])


@pytest.fixture
def visitor(stranger: Visitor):
    """The client of somebody without a cookie."""
    return stranger.client
