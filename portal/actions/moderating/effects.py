"""What the button of a yes says is what its press does, or nothing happens.

A button names its effect: public now, at its time, or a first yes of two. A form without one (a program's) takes
whatever comes of what it holds.
"""

from collections.abc import Collection
from datetime import datetime

from portal.actions.moderating.deciding import Verdict
from portal.actions.publishing import going_live
from portal.actions.releases.moving import Act
from portal.rules import second_pair
from portal.rules.issues import Issue, blocking
from portal.rules.publication_time import EMBARGO, Wish, live_from
from portal.rules.refusals import Invalid, refused
from portal.rules.shown_times import shown
from portal.storage.tables import Revision

NOW, AT, FIRST_YES = "now", "at", "first_yes"
EFFECTS = (NOW, AT, FIRST_YES)
TYPED_TIME, WISHED_TIME = "time", "wish"
"""Which of two times a button is about: the one typed above it, or the one that the sender asks for."""

# The parts of each recorded act, and what is said where one is missing.
RECORDS = {
    second_pair.IDENTITY: {
        "identity_person": "Write who was called.",
        "identity_number": "Write on which number.",
        "identity_source": "Write where that number was found.",
    },
    second_pair.CONSENT: {"consent_note": "Write what consent was seen."},
    second_pair.CHECK: {"check_note": "Write what was checked, where, and with whom."},
}
GIVE_A_TIME = "Give the day and time when it goes public."
NOT_THIS_TIME = "This button does not use the time. Empty it, or press the button below it."


def require_known(effect: str) -> None:
    if effect and effect not in EFFECTS:
        raise refused("effect", "Choose what to do.")


def require_own_fields(verdict: Verdict) -> None:
    """Raises Invalid where the fields of another button are filled in, or the pressed one's own are not."""
    require_known(verdict.effect)
    has_time = bool(verdict.publish_at.strip())
    if verdict.go == TYPED_TIME and not has_time:
        raise refused("publish_at", GIVE_A_TIME, "EMBARGO")
    if has_time and (verdict.effect == NOW or verdict.go == WISHED_TIME):
        raise refused("publish_at", NOT_THIS_TIME, "EMBARGO")


def require(
    act: Act, revision: Revision, verdict: Verdict, at: datetime | None, missing: Collection[str]
) -> None:
    """Raises Invalid or Conflict where the press would do something else than its button says. Nothing is done then."""
    said = verdict.effect or (AT if verdict.go in (TYPED_TIME, WISHED_TIME) else "")
    if not said:
        return
    if missing and said != FIRST_YES and verdict.records:
        raise Invalid("What is recorded here is not complete.", _to_record(missing, verdict))
    wish = going_live.wished(revision.content["values"], act.settings)
    _require_after_embargo(act, wish, at)
    comes = FIRST_YES if missing else _when(act, wish, at)
    if comes != said:
        raise act.conflict(f"Nothing was decided: {_told(act, comes, wish, at)}")


def require_second(
    act: Act, revision: Revision, effect: str, at: datetime | None, asked: datetime | None
) -> None:
    """The same for a second yes. `at`: its time; `asked`: what the first editor had set."""
    require_known(effect)
    wish = going_live.wished(revision.content["values"], act.settings)
    comes = _when(act, wish, at)
    if asked and at == asked and comes == NOW and effect != NOW and not act.edition.is_correction:
        issue = going_live.over(asked, act.settings.timezone)
        raise Invalid(issue.message, [issue])
    if effect and effect != comes:
        raise act.conflict(f"Nothing was confirmed: {_told(act, comes, wish, at)}")


def _when(act: Act, wish: Wish, at: datetime | None) -> str:
    if act.edition.is_correction:
        return NOW
    return AT if live_from(act.now, at, wish.at, wish.timing) > act.now else NOW


def _require_after_embargo(act: Act, wish: Wish, at: datetime | None) -> None:
    """A button that names a time does not keep silent about an embargo that would move it."""
    if at is None or wish.timing != EMBARGO or wish.at is None or at >= wish.at:
        return
    until = shown(wish.at, act.settings.timezone)
    told = f"The sender asked for an embargo, and it stands until {until}. Choose that time or a later one."
    raise refused("publish_at", told, "EMBARGO")


def _to_record(missing: Collection[str], verdict: Verdict) -> list[Issue]:
    return [
        blocking("IDENTITY" if act == second_pair.IDENTITY else "WRITING", name, sentence)
        for act in missing
        for name, sentence in RECORDS[act].items()
        if not getattr(verdict, name).strip()
    ]


def _told(act: Act, comes: str, wish: Wish, at: datetime | None) -> str:
    if comes == FIRST_YES:
        return "your yes would be the first of two now, and the button said something else. Press again."
    if comes == AT:
        from_then = shown(live_from(act.now, at, wish.at, wish.timing), act.settings.timezone)
        return f"it would go public {from_then}, and the button said something else. Press again."
    return "it would go public now, and the button said something else. Press again."
