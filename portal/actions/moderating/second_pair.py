"""The second pair of eyes: recorded acts, the first yes, the second editor's answer, and the flags that ask for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.actions.moderating import deciding, effects, examining
from portal.actions.moderating.deciding import Verdict
from portal.actions.portal import Portal
from portal.actions.publishing import going_live
from portal.actions.publishing.going_live import LocalTime
from portal.actions.releases import claims, conversing
from portal.actions.releases.moving import Act, acting
from portal.rules import second_pair as rules
from portal.rules.issues import blocking
from portal.rules.permissions import Person
from portal.rules.refusals import Invalid, refused, required_words
from portal.rules.release_states import WAITING_STATES, Step
from portal.rules.requirements import FLAGS
from portal.storage.queries import endorsements
from portal.storage.tables import CheckRecord, Endorsement, IdentityRecord, Revision

ANSWERS = ("confirm", "dissent")
CHOOSE = "Choose what to do."
NO_TIME = LocalTime("")


@dataclass(frozen=True)
class Answer:
    """What a second editor sends: confirm or dissent, the hash that was read, and words.

    `time`: another one than the first editor's; `effect`: what the pressed button says (effects.py).
    """

    answer: str
    revision_hash: str
    message: str = ""
    time: LocalTime = NO_TIME
    effect: str = ""


def missing(act: Act) -> tuple[str, ...]:
    """The recorded acts without which one editor's yes is only the first of two."""
    made = endorsements.acts_made(act.session, act.release, act.edition)
    return rules.missing(examining.standing_flags(act.session, act.case), made)


def keep_records(act: Act, verdict: Verdict) -> None:
    """The recorded acts that came with a decision: who was called back, what consent was seen, what was checked."""
    _keep_identity(act, verdict)
    notes = {rules.CONSENT: verdict.consent_note, rules.CHECK: verdict.check_note}
    act.session.add_all(
        CheckRecord(
            edition_id=act.edition.id,
            act=which,
            note=note.strip(),
            recorded_by_id=act.person.id,
            recorded_at=act.now,
        )
        for which, note in notes.items()
        if note.strip()
    )
    act.session.flush()


def first_yes(act: Act, revision: Revision, verdict: Verdict, publish_at: datetime | None) -> None:
    """Keep a yes that waits for a second editor, bound to the text that was read; the others are told."""
    row = act.require_step("approve_first")
    act.session.add(
        Endorsement(
            act=endorsements.APPROVE,
            release_id=act.release.id,
            edition_id=act.edition.id,
            revision_hash=revision.hash,
            reasons=list(dict.fromkeys(verdict.reasons)),
            message=verdict.message.strip(),
            asked={"publish_at": publish_at.isoformat() if publish_at else ""},
            user_id=act.person.id,
            at=act.now,
        )
    )
    standing = examining.standing_flags(act.session, act.case)
    conversing.no_answer_wanted(act)
    act.move(row, changes={**claims.unclaimed(), "flags": standing}, tell=act.person.id)


def endorse(
    portal: Portal, actor: Person, reference: str, answer: Answer, *, version: int, now: datetime
) -> datetime | None:
    """A second editor confirms a first yes, or does not. Answers from when the release is public.

    Raises Invalid (answer, message, a time that is over), Conflict (stale text, the first editor, the one who edited), NotFound.
    """
    if answer.answer not in ANSWERS:
        raise refused("answer", CHOOSE)
    if answer.answer == "dissent":
        required_words(answer.message, "Write to the first editor why not.")
    with acting(portal, actor, reference, now=now) as act:
        row = act.require(answer.answer, version)
        yes = _require_first_yes(act, answer.revision_hash)
        if answer.answer == "dissent":
            _dissent(act, row, yes, answer.message)
            return None
        return _confirm(act, row, yes, answer)


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
    with acting(portal, actor, reference, now=now) as act:
        act.require_editor()
        act.require_version(version)
        if act.edition.state not in WAITING_STATES:
            raise act.conflict("Risk flags can be changed while it waits for a decision.")
        if act.edition.examined_at is None:
            examining.examine_now(act.by_itself())
        _set_flags(act, frozenset(flags), note.strip())
        claims.renew_if_own(act)


def _set_flags(act: Act, wanted: frozenset[str], note: str) -> None:
    stood = frozenset(act.edition.flags)
    added, removed = sorted(wanted - stood), sorted(stood - wanted)
    if not wanted <= frozenset(FLAGS):
        raise refused("flags", "One of the flags is not on the list. Choose again.")
    if removed and not note:
        raise refused("note", "Say in a note why the flag does not apply.")
    if not added and not removed:
        return
    act.edition.flags = sorted(wanted)
    act.release.version += 1
    act.release.moved_at = act.now
    act.record("flags_changed", detail={"added": added, "removed": removed, "why": note})


def _require_first_yes(act: Act, revision_hash: str) -> Endorsement:
    """The first yes, if it, the asker and the release are about one and the same text."""
    yes, revision = endorsements.first_yes(act.session, act.edition), act.edition.revision
    if yes is None or revision is None or not revision.hash == yes.revision_hash == revision_hash:
        raise act.conflict("The text changed after you opened it.")
    return yes


def _confirm(act: Act, row: Step, yes: Endorsement, answer: Answer) -> datetime:
    revision = act.edition.revision
    assert revision is not None  # a first yes names its text
    publish_at = _second_time(act, revision, yes, answer)
    words = "\n\n".join(words for words in (yes.message, answer.message.strip()) if words)
    decision = deciding.write(act, revision, outcome="approve", message=words, reasons=yes.reasons)
    return deciding.approve(act, row, decision, publish_at, detail={"first": yes.user.name})


def _second_time(act: Act, revision: Revision, yes: Endorsement, answer: Answer) -> datetime | None:
    """The second editor's time or else the first one's, which may not be over by now. Raises Invalid, Conflict."""
    typed = going_live.editors_time(answer.time, act.settings, now=act.now)
    asked = datetime.fromisoformat(yes.asked["publish_at"]) if yes.asked.get("publish_at") else None
    at = typed or asked
    effects.require_second(act, revision, answer.effect, at, asked)
    return at


def _dissent(act: Act, row: Step, yes: Endorsement, message: str) -> None:
    """Back to the queue; the words are for the first editor and the desk, never for the sender."""
    detail = {"to_desk": message.strip(), "first": yes.user.name}
    act.move(row, changes=claims.unclaimed(), detail=detail, tell=yes.user_id)


def _keep_identity(act: Act, verdict: Verdict) -> None:
    """The recorded act of calling back, whole. Raises Invalid for a half of one: nothing typed goes unsaid."""
    asked = effects.RECORDS[rules.IDENTITY]
    parts = {name: getattr(verdict, name) for name in asked}
    if not any(parts.values()):
        return
    missing = [blocking("IDENTITY", name, asked[name]) for name, text in parts.items() if not text]
    if missing:
        raise Invalid("The call-back is not complete.", missing)
    act.session.add(
        IdentityRecord(
            organisation_id=act.release.organisation_id,
            person=verdict.identity_person[:200],
            number=verdict.identity_number[:80],
            source=verdict.identity_source[:300],
            recorded_by_id=act.person.id,
            recorded_at=act.now,
        )
    )
