"""Runs two acts at once and holds what came of it against both orders of taking them one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.rules.refusals import Refused
from portal.storage.tables import Outbox
from tests.races.acts import Act
from tests.races.situations import Situation
from tests.rigs.desk import Desk, at_once


@dataclass(frozen=True)
class Outcome:
    """Who won, and everything that can be seen of a release afterwards."""

    won: tuple[bool, ...]
    state: str
    publication: str
    facts: tuple[str, ...]
    told: tuple[str, ...]


def race(desk: Desk, situation: Situation, pair: tuple[Act, Act]) -> Outcome:
    """Both at the same moment, on a release of its own."""
    reference, later = _arranged(desk, situation)
    answers = at_once([act.ready(later, reference) for act in pair])
    _next_tick(later, reference, pair)
    return _outcome(later, reference, answers)


def in_turn(desk: Desk, situation: Situation, pair: tuple[Act, Act], first: int) -> Outcome:
    """One after the other, both ready before the first is taken."""
    reference, later = _arranged(desk, situation)
    steps = [act.ready(later, reference) for act in pair]
    answers: list[Any] = [None, None]
    for number in (first, 1 - first):
        answers[number] = _taken(steps[number])
    _next_tick(later, reference, pair)
    return _outcome(later, reference, answers)


def possible(desk: Desk, situation: Situation, pair: tuple[Act, Act]) -> tuple[Outcome, Outcome]:
    """What may come of a race: what comes of either order."""
    return in_turn(desk, situation, pair, 0), in_turn(desk, situation, pair, 1)


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


def _next_tick(desk: Desk, reference: str, pair: tuple[Act, Act]) -> None:
    for act in pair:
        if act.ticks:
            act.ready(desk, reference)()


def _arranged(desk: Desk, situation: Situation) -> tuple[str, Desk]:
    reference = situation.arrange(desk)
    return reference, Desk(desk.portal, desk.people, desk.now + situation.later)


def _taken(step: Any) -> Any:
    try:
        return step()
    except Refused as refused:
        return refused


def _outcome(desk: Desk, reference: str, answers: Sequence[Any]) -> Outcome:
    case = desk.case(reference)
    return Outcome(
        won=tuple(not isinstance(answer, Refused) for answer in answers),
        state=case.edition.state,
        publication=case.release.publication,
        facts=tuple(desk.facts(reference)),
        told=_told(desk, case.release.id),
    )


def _told(desk: Desk, release_id: int) -> tuple[str, ...]:
    """The facts that mails will tell, oldest first."""
    statement = select(Outbox.fact).where(Outbox.release_id == release_id).order_by(Outbox.id)
    with desk.portal.database.reading() as session:
        return tuple(session.scalars(statement))
