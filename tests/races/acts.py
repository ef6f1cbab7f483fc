"""What can be done to a release in each situation, as data: a race takes any two of these at once.

An act is made ready first (it looks at the page, as a person does: version, hash, key) and taken later. Acts of
modules that do not exist are left out, so a new action joins by one line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib import import_module
from itertools import combinations
from typing import Any

from portal.actions import conversing, drafting, moderating, publishing, submitting
from tests.rigs.desk import DECLARED, Desk

Taken = Callable[[], Any]
Ready = Callable[[Desk, str], Taken]


@dataclass(frozen=True)
class Act:
    """`moves`: it carries a version and moves it, so of two such acts exactly one can win.

    `twice`: done again by the same person it is the same act once more, and no conflict.
    """

    name: str
    ready: Ready
    moves: bool = True
    twice: bool = False


@dataclass(frozen=True)
class Situation:
    """How a release came to stand there, how much later the race is run, and what may be tried then."""

    name: str
    arrange: Callable[[Desk], str]
    acts: tuple[Act, ...]
    later: timedelta = timedelta()

    def pairs(self) -> Iterator[tuple[Act, Act]]:
        """Any two, and each against itself."""
        yield from combinations(self.acts, 2)
        yield from ((act, act) for act in self.acts)


def by(who: str, action: Callable[..., Any], *, twice: bool = False, **more: Any) -> Act:
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

    return Act(f"{action.__name__} by {who}", ready, twice=twice)


def decide(decision: str, who: str = "editor", **more: Any) -> Act:
    def ready(desk: Desk, reference: str) -> Taken:
        verdict = desk.verdict(reference, decision, **more)
        return partial(
            moderating.decide,
            desk.portal,
            getattr(desk.people, who),
            reference,
            verdict,
            version=desk.version(reference),
            now=desk.now,
        )

    return Act(f"{decision} by {who}", ready)


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

    return Act(f"save by {who}", ready)


def send(who: str) -> Act:
    def ready(desk: Desk, reference: str) -> Taken:
        key, version = desk.edition(reference).submission_key, desk.version(reference)
        actor = getattr(desk.people, who)
        return partial(
            submitting.submit,
            desk.portal,
            actor,
            reference,
            posted=DECLARED,
            version=version,
            key=key,
            now=desk.now,
        )

    return Act(f"submit by {who}", ready, twice=True)


def write(who: str) -> Act:
    def ready(desk: Desk, reference: str) -> Taken:
        actor, message = getattr(desk.people, who), "One more thing."
        return partial(
            conversing.write_to_desk, desk.portal, actor, reference, message=message, now=desk.now
        )

    return Act(f"message by {who}", ready, moves=False)


def tick(action: Callable[..., Any]) -> Act:
    """What the clock does to everything that is due."""
    return Act(
        f"the clock’s {action.__name__}",
        lambda desk, _reference: partial(action, desk.portal, now=desk.now),
        moves=False,
    )


def there(module: str, make: Callable[[Any], Act | tuple[Act, ...]]) -> tuple[Act, ...]:
    """The acts of a module, none where the portal has no such module or action."""
    try:
        made = make(import_module(f"portal.actions.{module}"))
    except (ImportError, AttributeError):
        return ()
    return made if isinstance(made, tuple) else (made,)


def scheduled(desk: Desk) -> str:
    reference = desk.held()
    desk.decide(reference, publish_at=_local(desk, IN_THREE_HOURS))
    return reference


def _local(desk: Desk, later: timedelta) -> str:
    """An editor's time as the form sends it."""
    return (desk.now + later).astimezone(desk.portal.settings.zone).strftime("%Y-%m-%dT%H:%M")


IN_THREE_HOURS = timedelta(hours=3)
WITHDRAW = by("owner", submitting.withdraw)
SWEEP = tick(publishing.record_due)
DECISIONS = (decide("approve"), decide("reject"), decide("request_changes"))

SITUATIONS = (
    Situation("a draft", lambda desk: desk.draft(), (save("member"), save("owner"), send("member"), WITHDRAW)),
    Situation(
        "sent",
        lambda desk: desk.sent(),
        (
            by("editor", moderating.claim, twice=True),
            by("other_editor", moderating.claim, twice=True),
            by("member", submitting.recall),
            WITHDRAW,
            write("member"),
        ),
    ),
    Situation(
        "read by an editor",
        lambda desk: desk.held(),
        (
            *DECISIONS,
            by("editor", moderating.let_go),
            by("senior", moderating.take_over, message="It is urgent."),
            by("member", submitting.ask_back),
            WITHDRAW,
        ),
    ),
    Situation(
        "read too long",
        lambda desk: desk.held(),
        (
            decide("approve"),
            decide("reject"),
            by("other_editor", moderating.claim, twice=True),
            tick(moderating.lapse_claims),
            WITHDRAW,
        ),
        later=timedelta(minutes=21),
    ),
    Situation(
        "sent back for changes",
        lambda desk: desk.decided("request_changes"),
        (save("member"), send("member"), WITHDRAW),
    ),
    Situation("to be public later", scheduled, (WITHDRAW, SWEEP, write("owner"))),
    Situation("due", scheduled, (WITHDRAW, SWEEP), later=IN_THREE_HOURS),
)
