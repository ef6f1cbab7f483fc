"""What the review page says about the second pair of eyes, and until when a decision can be undone."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from portal.actions.moderating import examining
from portal.actions.publishing.going_live import wished
from portal.actions.releases.asking import Offers
from portal.rules import release_states as states
from portal.rules import second_pair
from portal.rules.permissions import Person
from portal.rules.publication_time import live_from
from portal.settings import Settings
from portal.storage import outbox
from portal.storage.queries import endorsements, releases
from portal.storage.queries.releases import Case
from portal.storage.tables import Endorsement
from portal.web.moderating import met_flags


@dataclass(frozen=True)
class Undo:
    """A decision that can be taken back. `until`: when its mail leaves; None where a first yes waits without one."""

    until: datetime | None
    mine: bool


@dataclass(frozen=True)
class Second:
    """A first yes that waits for an answer: by whom, from when it would be public, and who may answer.

    `time_over`: the time that the first editor had set, where it is over by now.
    """

    yes: Endorsement
    goes_public_at: datetime | None
    time_over: datetime | None
    may_answer: bool
    why_not: str


@dataclass(frozen=True)
class Pair:
    """`missing` are the recorded acts without which one yes is only the first of two; `standing` the flags that ask
    for them, `met` those that are answered, each with how."""

    flags: list[str]
    missing: tuple[str, ...]
    standing: list[str] = field(default_factory=list)
    met: dict[str, str] = field(default_factory=dict)
    asked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    undo: Undo | None = None
    second: Second | None = None


def pair_of(session: Session, case: Case, offered: Offers, settings: Settings, moment: datetime) -> Pair:
    """Read once for one page."""
    flags = examining.standing_flags(session, case)
    # Without a flag nothing has to be recorded.
    asked = bool(flags) and case.edition.submitted_at is not None
    made = endorsements.acts_recorded(session, case.release, case.edition) if asked else {}
    met = met_flags.met(flags, made, settings.timezone)
    waits = case.edition.state in states.WAITING_STATES
    return Pair(
        flags=flags,
        missing=second_pair.missing(flags, made) if waits else (),
        standing=[flag for flag in flags if flag not in met],
        met=met,
        asked={act: second_pair.flags_asking(act, flags) for act in second_pair.asked_by(flags)},
        undo=undo_of(session, case, offered.person, moment),
        second=_second(session, case, offered, settings, moment),
    )


def undo_of(session: Session, case: Case, person: Person, moment: datetime) -> Undo | None:
    """What the editor who decided may still take back; for others, when its mail leaves."""
    if case.edition.state == states.AWAITING_SECOND:
        yes, last = (
            endorsements.first_yes(session, case.edition),
            releases.last_act_of_a_person(session, case.release),
        )
        mine = yes is not None and yes.user_id == person.id
        return Undo(None, mine=True) if mine and last is not None and last.fact == "first_yes" else None
    decision = (
        releases.decision_that_stands(session, case.edition)
        if case.edition.state in states.DECIDED_STATES
        else None
    )
    mail = outbox.mail_of(session, decision, moment) if decision else None
    if decision is None or mail is None:
        return None
    return Undo(mail.not_before, mine=decision.decided_by_id == person.id)


def _second(
    session: Session, case: Case, offered: Offers, settings: Settings, moment: datetime
) -> Second | None:
    edition = case.edition
    yes = endorsements.first_yes(session, edition) if edition.state == states.AWAITING_SECOND else None
    if yes is None or edition.revision is None:
        return None
    verdict = offered.may("second_editor")
    asked, wish = yes.asked.get("publish_at"), wished(edition.revision.content["values"], settings)
    set_at = datetime.fromisoformat(asked) if asked else None
    at = live_from(moment, set_at, wish.at, wish.timing)
    return Second(
        yes=yes,
        goes_public_at=at if at > moment else None,
        time_over=set_at if set_at and set_at <= moment >= at and not edition.is_correction else None,
        may_answer=verdict.allowed,
        why_not="" if verdict.hidden else verdict.reason,
    )
