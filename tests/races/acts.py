"""What can be done to a release by a person or the clock, ready to be raced.

An act is made ready first (it looks at the page, as a person does: version, hash, key) and taken later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from portal.actions.moderating import editing_text, reading, second_pair
from portal.actions.moderating.second_pair import Answer
from portal.actions.publishing import killing, rescheduling
from portal.actions.publishing.killing import Kill
from portal.actions.releases import conversing
from portal.actions.submitting import drafting, sending
from tests.rigs.desk import DECLARED, Desk

KILL = Kill("It is not true.", ["WEAK_LEAD"], "This release was withdrawn.", mail_readers=False)
DECISION_STEPS = {
    "approve": ("approve", "approve_first", "approve_correction"),
    "reject": ("reject",),
    "request_changes": ("request_changes",),
}

Taken = Callable[[], Any]
Ready = Callable[[Desk, str], Taken]


@dataclass(frozen=True)
class Act:
    """`moves`: it carries a version and moves it, so of two such acts exactly one can win.

    `twice`: done again by the same person it is the same act once more, and no conflict. `steps`: the rows of
    rules/release_states.py that it may take. `ticks`: the clock takes it at every tick, so what it leaves to the
    next one is not lost.
    """

    name: str
    ready: Ready
    moves: bool = True
    twice: bool = False
    steps: tuple[str, ...] = ()
    ticks: bool = False


def by(who: str, action: Callable[..., Any], *steps: str, twice: bool = False, **more: Any) -> Act:
    """Any action that takes an actor, a reference and a version."""

    def ready(desk: Desk, reference: str) -> Taken:
        return partial(
            action,
            desk.portal,
            getattr(desk.people, who),
            reference,
            version=desk.version(reference),
            now=desk.now,
            **more,
        )

    name = " ".join((action.__name__, *steps[:1], "by", who))
    return Act(name, ready, twice=twice, steps=steps or (action.__name__,))


def decide(decision: str, who: str = "editor", **more: Any) -> Act:
    def ready(desk: Desk, reference: str) -> Taken:
        verdict = desk.verdict(reference, decision, **more)
        return partial(
            reading.decide,
            desk.portal,
            getattr(desk.people, who),
            reference,
            verdict,
            version=desk.version(reference),
            now=desk.now,
        )

    return Act(f"{decision} by {who}", ready, steps=DECISION_STEPS[decision])


def save(who: str) -> Act:
    def ready(desk: Desk, reference: str) -> Taken:
        actor = getattr(desk.people, who)
        version = desk.version(reference)
        posted = {"headline": f"Ferries sail at night, says {who} {object()}"}
        return partial(
            drafting.save,
            desk.portal,
            actor,
            reference,
            page="news",
            posted=posted,
            version=version,
            now=desk.now,
        )

    return Act(f"save by {who}", ready, steps=("save",))


def send(who: str) -> Act:
    def ready(desk: Desk, reference: str) -> Taken:
        key, version = desk.edition(reference).submission_key, desk.version(reference)
        actor = getattr(desk.people, who)
        return partial(
            sending.submit,
            desk.portal,
            actor,
            reference,
            posted=DECLARED,
            version=version,
            key=key,
            now=desk.now,
        )

    return Act(f"submit by {who}", ready, twice=True, steps=("submit",))


def write(who: str) -> Act:
    def ready(desk: Desk, reference: str) -> Taken:
        actor, message = getattr(desk.people, who), "One more thing."
        return partial(conversing.write_to_desk, desk.portal, actor, reference, message=message, now=desk.now)

    return Act(f"message by {who}", ready, moves=False)


def tick(action: Callable[..., Any], *steps: str) -> Act:
    """What the clock does to everything that is due."""
    return Act(
        f"the clock’s {action.__name__}",
        lambda desk, _reference: partial(action, desk.portal, now=desk.now),
        moves=False,
        steps=steps,
        ticks=True,
    )


def endorse(answer: str, who: str) -> Act:
    def ready(desk: Desk, reference: str) -> Taken:
        sent = Answer(answer, desk.edition(reference).revision.hash, "Ask the court first.")
        actor, version = getattr(desk.people, who), desk.version(reference)
        return partial(
            second_pair.endorse, desk.portal, actor, reference, sent, version=version, now=desk.now
        )

    return Act(f"{answer} by {who}", ready, steps=(answer,))


def edit(*, material: bool) -> Act:
    posted = {"headline": "Selat Biru Ferries opens a second Batam route"}
    step = "edit_materially" if material else "edit_text"
    return by("editor", editing_text.edit, step, posted=posted, material=material)


def kill(who: str) -> Act:
    return by(who, killing.kill, "kill", "ask_kill", sent=KILL)


def reschedule(hours: int, *steps: str) -> Act:
    def ready(desk: Desk, reference: str) -> Taken:
        act = by("editor", rescheduling.reschedule, publish_at=local(desk, timedelta(hours=hours)))
        return act.ready(desk, reference)

    return Act(f"reschedule to {hours} hours", ready, steps=("reschedule", *steps))


def local(desk: Desk, later: timedelta) -> str:
    """A time as a form sends it."""
    return (desk.now + later).astimezone(desk.portal.settings.zone).strftime("%Y-%m-%dT%H:%M")
