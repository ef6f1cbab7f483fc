"""Taking back what should never have run: two editors, or a senior alone, and on the next request it is gone.

The first POST of an editor asks; another editor's POST is the kill. Nothing here deletes a text: the public query
and the tombstone beside it no longer give it, and the newsroom keeps it for the record.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from portal.actions.portal import Portal
from portal.actions.publishing import correcting
from portal.actions.publishing.removing import on_public_edition
from portal.actions.releases.moving import NOT_POSSIBLE, Act, acting, clock_acting
from portal.rules import permissions
from portal.rules import removal as words
from portal.rules.issues import Issue, blocking
from portal.rules.permissions import Person
from portal.rules.reasons import REASONS
from portal.rules.refusals import Invalid
from portal.rules.release_states import publication_step
from portal.storage.columns import ReleaseColumns
from portal.storage.queries import releases, removal
from portal.storage.tables import Endorsement, Revision

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
    with acting(portal, actor, reference, now=now) as act:
        act.require_publication("ask_kill", version)
        _require_complete(act, sent)
        asked = removal.kill_asked(act.session, act.release, now)
        verdict = permissions.may("killer", actor, _matter(act, asked))
        if verdict.allowed:
            _kill(act, _joined(sent, asked), asked)
            return KILLED
        if asked is not None:
            raise act.conflict(verdict.reason)
        _ask(act, sent)
        return ASKED


def lapse_requests(portal: Portal, *, now: datetime) -> int:
    """The clock: a request that nobody confirmed in 24 hours falls, and whoever asked is told. How many fell."""
    with portal.database.reading() as session:
        fallen = list(removal.fallen_kill_requests(session, now))
    return sum(_lapse_one(portal, reference, now) for reference in fallen)


def _matter(act: Act, asked: Endorsement | None) -> permissions.Matter:
    return replace(act.matter(), kill_asked_by_id=asked.user_id if asked else None)


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


def _ask(act: Act, sent: Kill) -> None:
    removal.end_kill_request(
        act.work, act.release, now=act.now
    )  # one that fell and that no clock has recorded
    public = on_public_edition(act)
    revision = act.session.get_one(Revision, act.release.live_revision_id)
    falls_at = act.now + words.KILL_REQUEST_STANDS
    act.session.add(
        Endorsement(
            act=removal.KILL,
            release_id=act.release.id,
            edition_id=public.edition.id,
            revision_hash=revision.hash,
            reasons=list(dict.fromkeys(sent.reasons)),
            message=sent.message.strip(),
            asked={"public_text": sent.public_text.strip(), "mail_readers": bool(sent.mail_readers)},
            user_id=act.person.id,
            at=act.now,
            falls_at=falls_at,
        )
    )
    row = act.require_publication_step("ask_kill")
    detail = {"why": sent.message.strip(), "falls_at": falls_at.isoformat(), "codes": list(sent.reasons)}
    public.move_publication(row, detail=detail, tell=act.person.id)


def _kill(act: Act, sent: Kill, asked: Endorsement | None) -> None:
    row = publication_step("kill", act.shown_publication())
    if row is None or not row.offered:
        raise act.conflict(NOT_POSSIBLE)
    removal.end_kill_request(act.work, act.release, now=act.now)
    correcting.close_open_correction(act)
    on_public_edition(act).move_publication(
        row, changes=_removed(sent, act.now), detail=_detail(sent, asked), tell=act.person.id
    )


def _removed(sent: Kill, now: datetime) -> ReleaseColumns:
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


def _require_complete(act: Act, sent: Kill) -> None:
    issues = [*_message_issues(sent), *_reason_issues(sent), *_public_issues(act, sent)]
    if issues:
        raise Invalid("The kill is not complete. Nothing was removed.", issues)


def _message_issues(sent: Kill) -> list[Issue]:
    return [] if sent.message.strip() else [blocking("WRITING", "message", "Say why it has to go.")]


def _reason_issues(sent: Kill) -> list[Issue]:
    unknown = any(code not in REASONS for code in sent.reasons)
    sentence = "One of the reasons is not on the list. Choose again."
    return [blocking("WRITING", "reasons", sentence)] if unknown else []


def _public_issues(act: Act, sent: Kill) -> list[Issue]:
    """The notice names the cause and never repeats the claim; the headline at least can be looked for."""
    text = sent.public_text.strip()
    if len(text) > words.LONGEST_PUBLIC_TEXT:
        most = words.LONGEST_PUBLIC_TEXT
        return [
            blocking("LENGTH", "public_text", f"The public words have {len(text)} characters. Keep {most}.")
        ]
    headline = act.session.get_one(Revision, act.release.live_revision_id).headline.strip()
    if headline and headline.casefold() in text.casefold():
        sentence = "The public words repeat the headline. Name the cause without it."
        return [blocking("WRITING", "public_text", sentence)]
    return []


def _lapse_one(portal: Portal, reference: str, now: datetime) -> bool:
    find = partial(releases.find_for_change, reference=reference)
    with clock_acting(portal, find, now=now) as act:
        asked = removal.kill_request(act.session, act.release) if act else None
        if act is None or asked is None or asked.falls_at is None or asked.falls_at > now:
            return False
        removal.end_kill_request(act.work, act.release, now=now)
        on_public_edition(act).record("kill_lapsed", tell=asked.user_id)
        return True
