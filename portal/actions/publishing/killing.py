"""Taking back what should never have run: two editors, or a senior alone, and on the next request it is gone.

The first POST of an editor asks; another editor's POST is the kill. Nothing here deletes a text: the public query
and the tombstone beside it no longer give it, and the newsroom keeps it for the record.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from portal.actions.portal import Portal
from portal.actions.publishing import correcting
from portal.actions.releases import moving
from portal.rules import permissions
from portal.rules import removal as words
from portal.rules.issues import Issue, blocking
from portal.rules.permissions import Person
from portal.rules.reasons import REASONS
from portal.rules.refusals import Invalid
from portal.rules.release_states import publication_step
from portal.storage.queries import releases, removal
from portal.storage.queries.releases import Case
from portal.storage.tables import Endorsement, Revision
from portal.storage.unit_of_work import UnitOfWork

ASKED, KILLED = "asked", "killed"


@dataclass(frozen=True)
class Kill:
    """What an editor sends. `mail_readers` None: the form did not ask, and the first editor's answer stands."""

    message: str
    reasons: Sequence[str] = ()
    public_text: str = ""
    mail_readers: bool | None = None


def kill(portal: Portal, actor: Person, reference: str, sent: Kill, *, version: int, now: datetime) -> str:
    """Ask for a kill, or kill where one is asked for by somebody else or the actor may alone: ASKED or KILLED.

    Raises Invalid (message, reasons, public_text), Conflict, NotFound.
    """
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        moving.require_publication_step(work, case, "ask_kill", actor, now=now)
        moving.require_version(work, case, version)
        _require_complete(work, case, sent)
        asked = removal.kill_asked(work.session, case.release, now)
        verdict = permissions.may("killer", actor, _matter(work, case, asked))
        if verdict.allowed:
            _kill(work, case, actor, _joined(sent, asked), asked, now)
        elif asked is None:
            _ask(work, case, actor, sent, now)
        else:
            raise moving.conflict(work, case, verdict.reason)
        work.commit()
        return KILLED if verdict.allowed else ASKED


def lapse_requests(portal: Portal, *, now: datetime) -> int:
    """The clock: a request that nobody confirmed in 24 hours falls, and whoever asked is told. How many fell."""
    with portal.database.reading() as session:
        fallen = list(removal.fallen_kill_requests(session, now))
    return sum(_lapse_one(portal, reference, now) for reference in fallen)


def _matter(work: UnitOfWork, case: Case, asked: Endorsement | None) -> permissions.Matter:
    return replace(moving.matter_of(work, case), kill_asked_by_id=asked.user_id if asked else None)


def _joined(sent: Kill, asked: Endorsement | None) -> Kill:
    """What the second editor left open is taken from the first."""
    if asked is None:
        return sent
    mail = asked.asked.get("mail_readers") if sent.mail_readers is None else sent.mail_readers
    return replace(
        sent,
        reasons=sent.reasons or asked.reasons,
        public_text=sent.public_text.strip() or asked.asked.get("public_text", ""),
        mail_readers=bool(mail),
    )


def _ask(work: UnitOfWork, case: Case, actor: Person, sent: Kill, now: datetime) -> None:
    removal.end_kill_request(work, case.release, now=now)  # one that fell and that no clock has recorded
    public = _public(work, case)
    revision = work.session.get_one(Revision, case.release.live_revision_id)
    falls_at = now + words.KILL_REQUEST_STANDS
    work.session.add(
        Endorsement(
            act=removal.KILL,
            release_id=case.release.id,
            edition_id=public.edition.id,
            revision_hash=revision.hash,
            reasons=list(dict.fromkeys(sent.reasons)),
            message=sent.message.strip(),
            asked={"public_text": sent.public_text.strip(), "mail_readers": bool(sent.mail_readers)},
            user_id=actor.id,
            at=now,
            falls_at=falls_at,
        )
    )
    row = moving.require_publication_step(work, case, "ask_kill", actor, now=now)
    detail = {"why": sent.message.strip(), "falls_at": falls_at.isoformat(), "codes": list(sent.reasons)}
    moving.move_publication(work, public, row, actor=actor, now=now, detail=detail, tell=actor.id)


def _kill(
    work: UnitOfWork, case: Case, actor: Person, sent: Kill, asked: Endorsement | None, now: datetime
) -> None:
    row = publication_step("kill", moving.shown_publication(work, case, now))
    if row is None or not row.offered:
        raise moving.conflict(work, case, "This step is no longer possible.")
    removal.end_kill_request(work, case.release, now=now)
    correcting.close_open_correction(work, case, now)
    moving.move_publication(
        work,
        _public(work, case),
        row,
        actor=actor,
        now=now,
        changes=_removed(sent, now),
        detail=_detail(sent, asked),
        tell=actor.id,
    )


def _removed(sent: Kill, now: datetime) -> dict[str, Any]:
    return {
        "removed_at": now,
        "removal_text": sent.public_text.strip(),
        "removal_reasons": list(dict.fromkeys(sent.reasons)),
    }


def _detail(sent: Kill, asked: Endorsement | None) -> dict[str, Any]:
    detail: dict[str, Any] = {
        "why": sent.message.strip(),
        "codes": list(dict.fromkeys(sent.reasons)),
        "mail_readers": bool(sent.mail_readers),
    }
    return {**detail, "asked_by": asked.user.name} if asked else detail


def _public(work: UnitOfWork, case: Case) -> Case:
    """The release with the edition that readers see, not a correction under review."""
    return Case(case.release, removal.live_edition(work.session, case.release))


def _require_complete(work: UnitOfWork, case: Case, sent: Kill) -> None:
    issues = [*_message_issues(sent), *_reason_issues(sent), *_public_issues(work, case, sent)]
    if issues:
        raise Invalid("The kill is not complete. Nothing was removed.", issues)


def _message_issues(sent: Kill) -> list[Issue]:
    return [] if sent.message.strip() else [blocking("WRITING", "message", "Say why it has to go.")]


def _reason_issues(sent: Kill) -> list[Issue]:
    unknown = any(code not in REASONS for code in sent.reasons)
    sentence = "One of the reasons is not on the list. Choose again."
    return [blocking("WRITING", "reasons", sentence)] if unknown else []


def _public_issues(work: UnitOfWork, case: Case, sent: Kill) -> list[Issue]:
    """The notice names the cause and never repeats the claim; the headline at least can be looked for."""
    text = sent.public_text.strip()
    if len(text) > words.LONGEST_PUBLIC_TEXT:
        most = words.LONGEST_PUBLIC_TEXT
        return [
            blocking("LENGTH", "public_text", f"The public words have {len(text)} characters. Keep {most}.")
        ]
    headline = work.session.get_one(Revision, case.release.live_revision_id).headline.strip()
    if headline and headline.casefold() in text.casefold():
        sentence = "The public words repeat the headline. Name the cause without it."
        return [blocking("WRITING", "public_text", sentence)]
    return []


def _lapse_one(portal: Portal, reference: str, now: datetime) -> bool:
    with portal.work() as work:
        case = releases.find_for_change(work, reference)
        asked = removal.kill_request(work.session, case.release) if case else None
        if case is None or asked is None or asked.falls_at is None or asked.falls_at > now:
            return False
        removal.end_kill_request(work, case.release, now=now)
        moving.record(work, _public(work, case), "kill_lapsed", actor=None, now=now, tell=asked.user_id)
        work.commit()
        return True
