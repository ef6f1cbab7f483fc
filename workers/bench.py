"""What every job and every tick works with, put together once in a process."""

from __future__ import annotations

from dataclasses import dataclass

from portal.actions.operating import restore_holding
from portal.actions.portal import Portal
from portal.clock import Clock, clock_from
from portal.outlets.mail.senders import Sender, sender_from
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


def bench_for(settings: Settings, ring: Doorbell = silent, *, alarms: bool = False) -> Bench:
    """A bench of its own. `ring` tells the workers of what follows; silent leaves it to the clock.

    Before anybody works at it: is the database a copy that was put back? Then nothing of it leaves; `alarms` says so
    in the log. One that does not answer is asked again by the clock at each tick and by the worker at each job.
    """
    portal = Portal(Database(settings.database_url), settings, ring)
    made = Bench(portal, clock_from(settings), sender_from(settings))
    if restore_holding.look_at_start(portal, now=made.clock.now()) and alarms:
        restore_holding.alarm(portal)
    return made


def prepare(ready: Bench) -> None:
    """Set the bench that this process's jobs work with."""
    _prepared[:] = [ready]


def bench() -> Bench:
    """This process's bench. Raises NotPrepared where nobody set one."""
    if not _prepared:
        raise NotPrepared("jobs run in `portal worker` only")
    return _prepared[0]


def bench_for_job() -> Bench:
    """The same, after a look whether the database under it was swapped. Raises where that cannot be told."""
    here = bench()
    restore_holding.look(here.portal, now=here.clock.now())
    return here
