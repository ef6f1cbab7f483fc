"""Plays the demo story into an empty database, oldest act first, as one transaction."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from portal.actions.mailing import notifying
from portal.actions.moderating import ladder
from portal.actions.portal import Portal
from portal.demo import reading
from portal.demo.acts import acts_of
from portal.demo.people import Login, arrivals, logins
from portal.demo.stage import Act, Stage
from portal.storage import demo_mail, outbox
from portal.storage.one_transaction import one_transaction
from portal.storage.queries import emptiness
from portal.storage.unit_of_work import Ring

LOOKS_BACK = timedelta(hours=8)  # nothing has waited longer, so the clock's rounds begin here
ROUND = timedelta(minutes=5)


class NotEmpty(Exception):
    """There are people or releases already, and the demo never mixes with them."""


def load(portal: Portal, *, now: datetime, keep: Callable[[list[Login]], None]) -> list[Login]:
    """Make everything and return the logins; `keep` gets them just before it all becomes true.

    Raises NotEmpty. No worker is rung for, and nothing is left to be mailed.
    """
    with one_transaction(portal.database) as database:
        with database.reading() as session:
            if not emptiness.is_empty(session):
                raise NotEmpty
        rings: list[Ring] = []
        stage = _stage(replace(portal, database=database, doorbell=rings.append), now.replace(microsecond=0))
        made = logins(stage)
        _play(stage, made, rings)
        keep(made)
    return made


def _stage(portal: Portal, now: datetime) -> Stage:
    desk = {person["key"]: person for person in reading.newsroom()}
    houses = {house["key"]: house for house in reading.organisations()}
    return Stage(portal, now, desk, houses)


def _play(stage: Stage, made: list[Login], rings: list[Ring]) -> None:
    today = stage.moment.astimezone(stage.portal.settings.zone).date()
    told = [act for release in reading.releases(today) for act in acts_of(stage, release)]
    for act in sorted([*arrivals(stage, made), *told, *_rounds(stage.portal)], key=lambda act: act.at):
        at = stage.moment + act.at
        act.do(at)
        _answer(stage.portal, rings, at)
    _answer_held(stage)
    with stage.portal.work() as work:
        demo_mail.count_as_mailed(work)
        work.commit()


def _rounds(portal: Portal) -> list[Act]:
    """The clock's own part: who waits too long is noticed on the way, not all at once when the real clock starts."""
    return [Act(-number * ROUND, partial(_climb, portal)) for number in range(LOOKS_BACK // ROUND)]


def _climb(portal: Portal, now: datetime) -> None:
    ladder.climb(portal, now=now)


def _answer(portal: Portal, rings: list[Ring], at: datetime) -> None:
    """What the relay does when it is rung for, and at the end of the hold of a decision's mail."""
    for outbox_id in [ring.row_id for ring in rings if ring.job == "relay"]:
        notifying.relay(portal, outbox_id, now=at)
    rings.clear()


def _answer_held(stage: Stage) -> None:
    """Every mail that was held left at the end of its hold, and none after the moment of loading."""
    with stage.portal.database.reading() as session:
        waiting = outbox.waiting(session)
    for row in waiting:
        left_at = min(row.not_before, stage.moment)
        notifying.relay(stage.portal, row.id, now=row.not_before, at=left_at)
