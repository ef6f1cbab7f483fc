"""Runs two acts at once and holds what came of it against both orders of taking them one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

from sqlalchemy import select

from portal.rules.refusals import Refused
from portal.storage.tables import Outbox, TimelineEntry
from tests.races.acts import Act
from tests.races.situations import Situation
from tests.rigs.copies import Copier
from tests.rigs.desk import Desk

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Outcome:
    """Who won, and everything that can be seen of a release afterwards."""

    won: tuple[bool, ...]
    state: str
    publication: str
    facts: tuple[str, ...]
    told: tuple[str, ...]


class Track:
    """One situation on one database: releases that stand there, one for each race."""

    def __init__(self, desk: Desk, situation: Situation, runs: int = 1) -> None:
        self.desk, self.situation = desk, situation
        self._later = Desk(desk.portal, desk.people, desk.now + situation.later)
        self._batch = min(runs * 10, MOST_AT_ONCE)
        self._ready: list[str] = []
        self._copier: Copier | None = None

    def race(self, pair: tuple[Act, Act]) -> Outcome:
        """Both at the same moment, on a release of its own."""
        reference = self._release(pair)
        answers = _at_once([act.ready(self._later, reference) for act in pair])
        return self._outcome(reference, pair, answers)

    def in_turn(self, pair: tuple[Act, Act], first: int) -> Outcome:
        """One after the other, both ready before the first is taken."""
        reference = self._release(pair)
        steps = [act.ready(self._later, reference) for act in pair]
        answers: list[Any] = [None, None]
        for number in (first, 1 - first):
            answers[number] = _taken(steps[number])
        return self._outcome(reference, pair, answers)

    def possible(self, pair: tuple[Act, Act]) -> tuple[Outcome, Outcome]:
        """What may come of a race: what comes of either order."""
        return self.in_turn(pair, 0), self.in_turn(pair, 1)

    def _release(self, pair: tuple[Act, Act]) -> str:
        if self._copier is None:
            self._copier = Copier(self.desk, self.situation.arrange(self.desk))
        if any(act.ticks for act in pair):
            self._ready = self._copier.make(
                1
            )  # the clock acts on whatever stands there, so nothing else does
        elif not self._ready:
            self._ready = self._copier.make(self._batch)
        return self._ready.pop()

    def _outcome(self, reference: str, pair: tuple[Act, Act], answers: Sequence[Any]) -> Outcome:
        for act in pair:
            if act.ticks:
                act.ready(self._later, reference)()
        case = self._later.case(reference)
        with self._later.portal.database.reading() as session:
            facts = select(TimelineEntry.fact).where(TimelineEntry.release_id == case.release.id)
            told = select(Outbox.fact).where(Outbox.release_id == case.release.id)
            return Outcome(
                won=tuple(not isinstance(answer, Refused) for answer in answers),
                state=case.edition.state,
                publication=case.release.publication,
                facts=tuple(session.scalars(facts.order_by(TimelineEntry.position))),
                told=tuple(session.scalars(told.order_by(Outbox.id))),
            )


def problem(pair: tuple[Act, Act], came: Outcome, allowed: Callable[[], Sequence[Outcome]]) -> str:
    """What is wrong with the outcome of a race; empty where all is well."""
    names = f"{pair[0].name} against {pair[1].name}"
    if excludes(pair) and sum(came.won) > 1:
        return f"{names}: two winners"
    if came not in allowed():
        return f"{names}: {came} is the outcome of neither order: {allowed()}"
    return ""


def has_one_winner(pair: tuple[Act, Act], came: Outcome) -> bool:
    """The usual end of a race between people; for every other one both orders have to be tried."""
    return excludes(pair) and sum(came.won) == 1


def excludes(pair: tuple[Act, Act]) -> bool:
    """Do both carry a version that the other moves?"""
    same_again = pair[0] is pair[1] and pair[0].twice
    return pair[0].moves and pair[1].moves and not same_again


_runners = ThreadPoolExecutor(2, thread_name_prefix="race")


def _at_once(steps: Sequence[Callable[[], Any]]) -> list[Any]:
    """Both in the same moment; answers or refusals, in their order."""
    barrier = Barrier(len(steps))

    def take(step: Callable[[], Any]) -> Any:
        barrier.wait()
        return _taken(step)

    return list(_runners.map(take, steps))


def _taken(step: Callable[[], Any]) -> Any:
    try:
        return step()
    except Refused as refused:
        return refused
