"""What can be done to a release in each situation, as data: a race takes any two of these at once.

An act is made ready first (it looks at the page, as a person does: version, hash, key) and taken later. A new action
joins by a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import combinations
from typing import Any

from portal.actions import (
    afterlife,
    appealing,
    conversing,
    correcting,
    drafting,
    editing_text,
    killing,
    moderating,
    publishing,
    removing,
    rescheduling,
    second_pair,
    signing_off,
    submitting,
    undoing,
)
from portal.actions.correcting import Correction
from portal.actions.killing import Kill
from portal.actions.second_pair import Answer
from tests.rigs.desk import DECLARED, RECORDED, Desk
from tests.rules.examples import EXAMPLES

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
            moderating.decide,
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
            submitting.submit,
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
        act = by("editor", rescheduling.reschedule, publish_at=_local(desk, timedelta(hours=hours)))
        return act.ready(desk, reference)

    return Act(f"reschedule to {hours} hours", ready, steps=("reschedule", *steps))


# How a release comes to stand where it is raced.


def scheduled(desk: Desk) -> str:
    reference = desk.held()
    desk.decide(reference, publish_at=_local(desk, IN_THREE_HOURS))
    return reference


def under_embargo(desk: Desk) -> str:
    at = _local(desk, IN_THREE_HOURS)
    return desk.decided("approve", timing="embargo", release_at=at, release_timezone="Asia/Singapore")


def awaiting_second(desk: Desk) -> str:
    reference = desk.held(body="The High Court heard the lawsuit on Monday. " + EXAMPLES["business"]["body"])
    desk.examine(reference)
    desk.decide(reference, **dict.fromkeys(RECORDED, ""))
    return reference


def awaiting_signoff(desk: Desk) -> str:
    reference = desk.held()
    edit(material=True).ready(desk, reference)()
    return reference


def corrected(desk: Desk) -> str:
    """A correction of something public that its editor reads."""
    reference = public(desk)
    CORRECT_BY_EDITOR.ready(desk, reference)()
    return reference


def public(desk: Desk) -> str:
    return desk.decided("approve")


def after(*acts: Act) -> Callable[[Desk], str]:
    """Public, and then these steps."""

    def arrange(desk: Desk) -> str:
        reference = public(desk)
        for act in acts:
            act.ready(desk, reference)()
        return reference

    return arrange


def ending_today(desk: Desk) -> str:
    reference = public(desk)
    end = (desk.now + timedelta(days=1)).astimezone(desk.portal.settings.zone).date().isoformat()
    by("editor", removing.expire_on, expires_at=end).ready(desk, reference)()
    return reference


def _local(desk: Desk, later: timedelta) -> str:
    """A time as a form sends it."""
    return (desk.now + later).astimezone(desk.portal.settings.zone).strftime("%Y-%m-%dT%H:%M")


IN_THREE_HOURS = timedelta(hours=3)
CORRECTION = Correction("minor", "The second ferry sails on Tuesday.", "We mistook the day.")
KILL = Kill("It is not true.", ["WEAK_LEAD"], "This release was withdrawn.", mail_readers=False)
WHY = {"message": "A reason."}

WITHDRAW = by("owner", submitting.withdraw)
UNDO = by("editor", undoing.undo)
SWEEP = tick(publishing.record_due, "go_live")
UNSCHEDULE = by("editor", rescheduling.unschedule, **WHY)
TAKE_DOWN = by("senior", removing.take_down, **WHY)
CORRECT = by("member", correcting.start, "start_correction", correction=CORRECTION)
CORRECT_BY_EDITOR = by("editor", correcting.open_by_editor, "open_correction", correction=CORRECTION)
DECISIONS = (decide("approve"), decide("reject"), decide("request_changes"))

SITUATIONS = (
    Situation(
        "a draft", lambda desk: desk.draft(), (save("member"), save("owner"), send("member"), WITHDRAW)
    ),
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
            edit(material=False),
            edit(material=True),
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
            by("other_editor", moderating.claim, twice=True),
            tick(moderating.lapse_claims, "lapse_claim"),
            WITHDRAW,
        ),
        later=timedelta(minutes=21),
    ),
    Situation(
        "sent back for changes",
        lambda desk: desk.decided("request_changes"),
        (save("member"), send("member"), WITHDRAW, UNDO),
    ),
    Situation(
        "sent back long ago",
        lambda desk: desk.decided("request_changes"),
        (send("member"), tick(afterlife.remind_and_expire, "lapse_changes"), WITHDRAW),
        later=timedelta(days=15),
    ),
    Situation(
        "rejected",
        lambda desk: desk.decided("reject"),
        (
            by("member", appealing.appeal, **WHY),
            by("senior", appealing.reopen, **WHY),
            by("member", drafting.clone),
            UNDO,
        ),
    ),
    Situation(
        "waits for a second editor",
        awaiting_second,
        (endorse("confirm", "other_editor"), endorse("dissent", "senior"), WITHDRAW, UNDO),
    ),
    Situation(
        "waits for the sender’s word",
        awaiting_signoff,
        (
            by("member", signing_off.answer, "sign_off", answer="accept"),
            by("owner", signing_off.answer, "object", answer="object", message="No."),
            tick(signing_off.lapse_signoffs, "lapse_signoff"),
            WITHDRAW,
        ),
        later=timedelta(days=3),
    ),
    Situation(
        "to be public later", scheduled, (WITHDRAW, SWEEP, reschedule(5), UNSCHEDULE, UNDO, write("owner"))
    ),
    Situation(
        "under embargo",
        under_embargo,
        (by("owner", rescheduling.lift_embargo), reschedule(6), UNSCHEDULE, WITHDRAW, SWEEP),
    ),
    Situation("due", scheduled, (WITHDRAW, SWEEP, UNSCHEDULE, TAKE_DOWN), later=IN_THREE_HOURS),
    Situation(
        "public",
        public,
        (
            CORRECT,
            CORRECT_BY_EDITOR,
            kill("senior"),
            kill("other_editor"),
            TAKE_DOWN,
            by("editor", removing.set_notice, "notice", kind="outdated", text="It is over."),
            by("editor", removing.expire_on, expires_at=""),
            UNDO,
        ),
    ),
    Situation(
        "a correction is read", corrected, (decide("approve"), decide("reject"), kill("senior"), TAKE_DOWN)
    ),
    Situation(
        "corrected a moment ago",
        after(CORRECT_BY_EDITOR, decide("approve")),
        (by("editor", undoing.undo, "undo_correction"), kill("senior"), CORRECT),
    ),
    Situation(
        "a kill is asked for",
        after(kill("editor")),
        (kill("other_editor"), kill("senior"), CORRECT, TAKE_DOWN),
    ),
    Situation("killed", after(kill("senior")), (by("senior", removing.revert, **WHY),)),
    Situation("taken down", after(TAKE_DOWN), (by("senior", removing.put_back, **WHY), kill("senior"))),
    Situation(
        "over since a while",
        ending_today,
        (tick(removing.expire_due, "expire"), kill("senior"), TAKE_DOWN),
        later=timedelta(days=3),
    ),
)
