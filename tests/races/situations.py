"""Where a release may stand and what can be done to it there, as data: a race takes any two acts at once.

A new action joins by a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from portal.actions.moderating import reading, undoing
from portal.actions.publishing import correcting, going_live, removing, rescheduling
from portal.actions.publishing.correcting import Correction
from portal.actions.submitting import appealing, drafting, reminding, sending, signing_off
from tests.races.acts import Act, by, decide, edit, endorse, kill, local, reschedule, save, send, tick, write
from tests.rigs.desk import RECORDED, Desk
from tests.rules.examples import EXAMPLES


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


def scheduled(desk: Desk) -> str:
    reference = desk.held()
    desk.decide(reference, publish_at=local(desk, IN_THREE_HOURS))
    return reference


def under_embargo(desk: Desk) -> str:
    at = local(desk, IN_THREE_HOURS)
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


IN_THREE_HOURS = timedelta(hours=3)
CORRECTION = Correction("minor", "The second ferry sails on Tuesday.", "We mistook the day.")
WHY = {"message": "A reason."}

WITHDRAW = by("owner", sending.withdraw)
UNDO = by("editor", undoing.undo)
SWEEP = tick(going_live.record_due, "go_live")
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
            by("editor", reading.claim, twice=True),
            by("other_editor", reading.claim, twice=True),
            by("member", sending.recall),
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
            by("editor", reading.let_go),
            by("senior", reading.take_over, message="It is urgent."),
            by("member", sending.ask_back),
            WITHDRAW,
        ),
    ),
    Situation(
        "read too long",
        lambda desk: desk.held(),
        (
            decide("approve"),
            by("other_editor", reading.claim, twice=True),
            tick(reading.lapse_claims, "lapse_claim"),
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
        (send("member"), tick(reminding.remind_and_expire, "lapse_changes"), WITHDRAW),
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
