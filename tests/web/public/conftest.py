"""A portal with a public site that stands at one instant, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.unit_of_work import UnitOfWork, silent


class StoppedClock:
    """Stands still until a test moves it."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant


@pytest.fixture
def clock(now: datetime) -> StoppedClock:
    return StoppedClock(now)


@pytest.fixture
def site_settings(settings: Settings, database: Database) -> Settings:
    return replace(
        settings,
        database_url=database.url,
        base_url="https://post.example",
        allowed_hosts=("localhost", "post.example"),
    )


@pytest.fixture
def app(site_settings: Settings, clock: StoppedClock) -> Iterator[Flask]:
    made = create_app(site_settings, clock=clock, doorbell=silent)
    yield made
    made.extensions["portal"].database.dispose()


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    """Somebody without a login."""
    return app.test_client()


@pytest.fixture
def saving(database: Database) -> Callable[[], Any]:
    """`with saving() as work:` commits what a builder made."""

    @contextmanager
    def made() -> Iterator[UnitOfWork]:
        with UnitOfWork(database) as work:
            yield work
            work.commit()

    return made
