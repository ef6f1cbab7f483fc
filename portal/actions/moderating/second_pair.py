"""The second pair of eyes: recorded acts, the first yes, the second editor's answer, and the flags that ask for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.actions.moderating import deciding, examining
from portal.actions.moderating.deciding import Verdict
from portal.actions.portal import Portal
from portal.actions.releases import claims, moving
from portal.rules import second_pair as rules
from portal.rules.issues import blocking
from portal.rules.permissions import Person
from portal.rules.refusals import Invalid
from portal.rules.release_states import WAITING_STATES
from portal.rules.requirements import FLAGS
from portal.storage.queries import endorsements
from portal.storage.queries.releases import Case
from portal.storage.tables import CheckRecord, Endorsement, IdentityRecord, Revision
from portal.storage.unit_of_work import UnitOfWork

STEPS = {"confirm": "confirm", "dissent": "dissent"}

# The parts of a call-back, and what is said where one is missing.
IDENTITY = {
    "identity_person": "Write who was called.",
    "identity_number": "Write on which number.",
    "identity_source": "Write where that number was found.",
}


@dataclass(frozen=True)
class Answer:
    """What a second editor sends: confirm or dissent, the hash that was read, and words."""

    answer: str
    revision_hash: str
    message: str = ""


def missing(work: UnitOfWork, case: Case) -> tuple[str, ...]:
    """The recorded acts without which one editor's yes is only the first of two."""
    made = endorsements.acts_made(work.session, case.release, case.edition)
    return rules.missing(examining.standing_flags(work.session, case), made)


def keep_records(work: UnitOfWork, case: Case, actor: Person, verdict: Verdict, now: datetime) -> None:
    """The recorded acts that came with a decision: who was called back, what consent was seen, what was checked."""
    _keep_identity(work, case, actor, verdict, now)
    notes = {rules.CONSENT: verdict.consent_note, rules.CHECK: verdict.check_note}
    work.session.add_all(
        CheckRecord(
            edition_id=case.edition.id, act=act, note=note.strip(), recorded_by_id=actor.id, recorded_at=now
        )
        for act, note in notes.items()
        if note.strip()
    )
    work.session.flush()


def first_yes(
    work: UnitOfWork,
    case: Case,
    actor: Person,
    revision: Revision,
    verdict: Verdict,
    publish_at: datetime | None,
    now: datetime,
) -> None:
    """Keep a yes that waits for a second editor, bound to the text that was read; the others are told."""
    row = moving.require_step(work, case, "approve_first", actor)
    work.session.add(
        Endorsement(
            act=endorsements.APPROVE,
            release_id=case.release.id,
            edition_id=case.edition.id,
            revision_hash=revision.hash,
            reasons=list(dict.fromkeys(verdict.reasons)),
            message=verdict.message.strip(),
            asked={"publish_at": publish_at.isoformat() if publish_at else ""},
            user_id=actor.id,
            at=now,
        )
    )
    changes = {**claims.not_held(), "flags": examining.standing_flags(work.session, case)}
    moving.move(work, case, row, actor=actor, now=now, changes=changes, tell=actor.id)


def endorse(
    portal: Portal, actor: Person, reference: str, answer: Answer, *, version: int, now: datetime
) -> datetime | None:
    """A second editor confirms a first yes, or does not. Answers from when the release is public.

    Raises Invalid (answer, message), Conflict (stale text, the first editor, the one who edited), NotFound.
    """
    step = STEPS.get(answer.answer)
    if step is None:
        raise Invalid("Choose what to do.", [blocking("WRITING", "answer", "Choose what to do.")])
    if step == "dissent" and not answer.message.strip():
        sentence = "Write to the first editor why not."
        raise Invalid(sentence, [blocking("WRITING", "message", sentence)])
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        moving.require_step(work, case, step, actor)
        moving.require_version(work, case, version)
        yes = _require_first_yes(work, case, answer.revision_hash)
        if step == "dissent":
            _dissent(work, case, yes, actor, answer.message, now)
            live_from = None
        else:
            live_from = _confirm(work, portal, case, yes, actor, answer.message, now)
        work.commit()
        return live_from


def change_flags(
    portal: Portal,
    actor: Person,
    reference: str,
    *,
    flags: Sequence[str],
    note: str = "",
    version: int,
    now: datetime,
) -> None:
    """Set the risk flags that stand from now on. Taking one off needs a note. Raises Invalid, Conflict, NotFound."""
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        moving.require_editor(work, case, actor)
        moving.require_version(work, case, version)
        if case.edition.state not in WAITING_STATES:
            raise moving.conflict(work, case, "Risk flags can be changed while it waits for a decision.")
        if case.edition.examined_at is None:
            examining.examine_case(work, portal, case, now=now)
        _set_flags(work, case, actor, frozenset(flags), note.strip(), now)
        claims.renew_if_held(portal, case, actor, now)
        work.commit()


def _set_flags(
    work: UnitOfWork, case: Case, actor: Person, wanted: frozenset[str], note: str, now: datetime
) -> None:
    stood = frozenset(case.edition.flags)
    added, removed = sorted(wanted - stood), sorted(stood - wanted)
    if not wanted <= frozenset(FLAGS):
        sentence = "One of the flags is not on the list. Choose again."
        raise Invalid(sentence, [blocking("WRITING", "flags", sentence)])
    if removed and not note:
        sentence = "Say in a note why the flag does not apply."
        raise Invalid(sentence, [blocking("WRITING", "note", sentence)])
    if not added and not removed:
        return
    case.edition.flags = sorted(wanted)
    case.release.version += 1
    case.release.moved_at = now
    detail = {"added": added, "removed": removed, "why": note}
    moving.record(work, case, "flags_changed", actor=actor, now=now, detail=detail)


def _require_first_yes(work: UnitOfWork, case: Case, revision_hash: str) -> Endorsement:
    """The first yes, if it, the asker and the release are about one and the same text."""
    yes, revision = endorsements.first_yes(work.session, case.edition), case.edition.revision
    if yes is None or revision is None or not revision.hash == yes.revision_hash == revision_hash:
        raise moving.conflict(work, case, "The text changed after you opened it.")
    return yes


def _confirm(
    work: UnitOfWork,
    portal: Portal,
    case: Case,
    yes: Endorsement,
    actor: Person,
    message: str,
    now: datetime,
) -> datetime | None:
    row = moving.require_step(work, case, "confirm", actor)
    revision = case.edition.revision
    assert revision is not None  # a first yes names its text
    decision = deciding.write(
        work,
        case,
        actor,
        revision,
        outcome="approve",
        message="\n\n".join(words for words in (yes.message, message.strip()) if words),
        reasons=yes.reasons,
        now=now,
    )
    asked = yes.asked.get("publish_at")
    return deciding.take(
        work,
        portal,
        case,
        row,
        actor,
        decision,
        publish_at=datetime.fromisoformat(asked) if asked else None,
        detail={"first": yes.user.name},
        now=now,
    )


def _dissent(
    work: UnitOfWork, case: Case, yes: Endorsement, actor: Person, message: str, now: datetime
) -> None:
    """Back to the queue; the words are for the first editor and the desk, never for the sender."""
    row = moving.require_step(work, case, "dissent", actor)
    moving.move(
        work,
        case,
        row,
        actor=actor,
        now=now,
        changes=claims.not_held(),
        detail={"to_desk": message.strip(), "first": yes.user.name},
        tell=yes.user_id,
    )


def _keep_identity(work: UnitOfWork, case: Case, actor: Person, verdict: Verdict, now: datetime) -> None:
    """The recorded act of calling back, whole. Raises Invalid for a half of one: nothing typed goes unsaid."""
    parts = {name: getattr(verdict, name) for name in IDENTITY}
    if not any(parts.values()):
        return
    missing = [blocking("IDENTITY", name, IDENTITY[name]) for name, text in parts.items() if not text]
    if missing:
        raise Invalid("The call-back is not complete.", missing)
    work.session.add(
        IdentityRecord(
            organisation_id=case.release.organisation_id,
            person=verdict.identity_person[:200],
            number=verdict.identity_number[:80],
            source=verdict.identity_source[:300],
            recorded_by_id=actor.id,
            recorded_at=now,
        )
    )
