"""Can this portal serve? Without its database, its tables or its storage it cannot; without Redis it is only slower."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from portal.actions.portal import Portal
from portal.settings import Settings
from portal.storage import migrate

OK = "ok"
REDIS_SECONDS = 0.3


@dataclass(frozen=True)
class Readiness:
    """`status` is ok, degraded or down; `checks` holds ok, or what is wrong, by name."""

    status: str
    checks: dict[str, str]


def look(portal: Portal, *, is_going: bool = False) -> Readiness:
    """`is_going`: the process was told to stop; it still answers, and nobody new should be sent to it."""
    needed: dict[str, Callable[[Portal], str]] = {
        "database": _database,
        "migrations": _migrations,
        "storage": _storage,
    }
    checks = {name: check(portal) for name, check in needed.items()}
    if is_going:
        checks["process"] = "going: it was told to stop"
    down = any(found != OK for found in checks.values())
    checks["redis"] = _redis(portal.settings)
    if down:
        return Readiness("down", checks)
    return Readiness(OK if checks["redis"] == OK else "degraded", checks)


def _database(portal: Portal) -> str:
    try:
        return OK if portal.database.answers() else "no answer"
    except SQLAlchemyError:
        return "no answer"


def _migrations(portal: Portal) -> str:
    try:
        return OK if migrate.present(portal.database) == _newest() else "not up to date: run portal init"
    except SQLAlchemyError:
        return "unknown"


@cache
def _newest() -> str:
    return migrate.newest()


def _storage(portal: Portal) -> str:
    folder = portal.settings.storage_folder
    if folder is None:
        return OK  # an object store answers for itself when it is asked for a file
    nearest = next(each for each in (folder, *folder.parents) if each.exists())
    return OK if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK) else "cannot be written"


def _redis(settings: Settings) -> str:
    redis = Redis.from_url(
        settings.redis_url, socket_connect_timeout=REDIS_SECONDS, socket_timeout=REDIS_SECONDS
    )
    try:
        return OK if redis.ping() else "no answer"
    except (RedisError, OSError):
        return "missing"
    finally:
        redis.close()
