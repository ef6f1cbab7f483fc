"""What every job and every tick works with, put together once in a process."""

from __future__ import annotations

from dataclasses import dataclass

from portal.actions.portal import Portal
from portal.clock import Clock, clock_from
from portal.outlets.mail import Sender, sender_from
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.unit_of_work import Doorbell, silent


@dataclass(frozen=True)
class Bench:
    """The portal, its clock and its way of sending mail."""

    portal: Portal
    clock: Clock
    sender: Sender


class NotPrepared(RuntimeError):
    """A job ran in a process that is no worker."""


_prepared: list[Bench] = []


def bench_for(settings: Settings, ring: Doorbell = silent) -> Bench:
    """A bench of its own. `ring` tells the workers of what follows; silent leaves it to the clock."""
    portal = Portal(Database(settings.database_url), settings, ring)
    return Bench(portal, clock_from(settings), sender_from(settings))


def prepare(ready: Bench) -> None:
    """Set the bench that this process's jobs work with."""
    _prepared[:] = [ready]


def bench() -> Bench:
    """This process's bench. Raises NotPrepared where nobody set one."""
    if not _prepared:
        raise NotPrepared("jobs run in `portal worker` only")
    return _prepared[0]
