"""Sending a release, and what its sender may do until it is decided: take it back, ask for it, withdraw it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.actions.portal import Portal
from portal.actions.publishing.going_live import wished
from portal.actions.releases import claims, conversing, moving, promising
from portal.actions.releases import content as contents
from portal.actions.releases.columns import new_submission_key, over
from portal.actions.releases.freezing import freeze
from portal.rules.issues import Issue
from portal.rules.permissions import Person
from portal.rules.refusals import Invalid
from portal.rules.release_states import APPROVED, Step
from portal.storage.queries import releases
from portal.storage.queries.releases import Case
from portal.storage.tables import IdempotencyKey, Revision
from portal.storage.unit_of_work import UnitOfWork

PUBLIC_ALREADY = "It is public already, so it cannot be withdrawn."


@dataclass(frozen=True)
class Sent:
    """The receipt: when it was received, and whether this was a repetition of an earlier sending."""

    reference: str
    received_at: datetime
    already: bool


def check(
    portal: Portal, case: Case, *, now: datetime, declared: frozenset[str] | None = None
) -> list[Issue]:
    """What stops a draft from being sent, and what is good to know. Reads only."""
    return contents.issues_of(
        case.release.kind,
        case.edition.draft,
        case.release.organisation,
        portal.settings,
        now=now,
        declared=declared,
        is_correction=case.edition.is_correction,
    )


def submit(
    portal: Portal,
    actor: Person,
    reference: str,
    *,
    posted: Mapping[str, str],
    version: int,
    key: str,
    now: datetime,
) -> Sent:
    """Send the draft to the desk: freeze the text, promise a time, ring the moderation queue.

    The same key again changes nothing and answers with the first receipt. Raises Invalid (blocking issues; nothing
    is kept then, the page shows the ticks again), Conflict, NotFound.
    """
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        earlier = _earlier_sending(work, case, key)
        if earlier:
            return Sent(reference, earlier.used_at, already=True)
        row = moving.require_step(work, case, "submit", actor)
        moving.require_version(work, case, version)
        case.edition.draft = contents.declared_in(case.edition.draft, posted)
        _require_sendable(portal, case, now)
        revision = freeze(work, case, case.edition.draft, actor, now=now)
        _remember_key(work, case, key, actor, now)
        _take(work, portal, case, row, revision, actor, now)
        work.ring("moderation", "examine", case.edition.id)
        work.commit()
        return Sent(reference, now, already=False)


def recall(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str = "", now: datetime
) -> None:
    """Take a waiting release back to edit it. While an editor reads it, ask for it instead (`ask_back`)."""
    _step(portal, actor, reference, "recall", version=version, message=message, now=now, changes=_not_sent())


def ask_back(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str = "", now: datetime
) -> None:
    """Ask the editor who is reading it to give it back; the editor is mailed."""
    _step(
        portal,
        actor,
        reference,
        "ask_back",
        version=version,
        message=message,
        now=now,
        changes={"asked_back_at": now},
    )


def withdraw(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str = "", now: datetime
) -> None:
    """End a release before the public saw it. Its text stays on the desk; the editors are told."""
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        row = moving.require_step(work, case, "withdraw", actor)
        moving.require_version(work, case, version)
        if case.edition.state == APPROVED:
            hiding = moving.require_publication_step(
                work, case, "withdraw", actor, now=now, otherwise=PUBLIC_ALREADY
            )
            moving.carry_publication(work, case, hiding, moving.HIDDEN_COLUMNS)
        _move_with_message(work, case, row, actor, message, now, over())
        work.commit()


def _step(
    portal: Portal,
    actor: Person,
    reference: str,
    step: str,
    *,
    version: int,
    message: str,
    now: datetime,
    changes: dict[str, object],
) -> None:
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        row = moving.require_step(work, case, step, actor)
        moving.require_version(work, case, version)
        _move_with_message(work, case, row, actor, message, now, changes)
        work.commit()


def _move_with_message(
    work: UnitOfWork,
    case: Case,
    row: Step,
    actor: Person,
    message: str,
    now: datetime,
    changes: dict[str, object],
) -> None:
    message_id = conversing.kept(work, case, actor, "sender", message, now)
    told = case.edition.holder_id
    moving.move(work, case, row, actor=actor, now=now, changes=changes, tell=told, message_id=message_id)


def _earlier_sending(work: UnitOfWork, case: Case, key: str) -> IdempotencyKey | None:
    return work.session.scalars(
        select(IdempotencyKey).where(
            IdempotencyKey.edition_id == case.edition.id, IdempotencyKey.key == key[:64]
        )
    ).one_or_none()


def _require_sendable(portal: Portal, case: Case, now: datetime) -> None:
    declared = contents.declarations_of(case.edition.draft)
    issues = check(portal, case, now=now, declared=declared)
    if any(issue.blocks for issue in issues):
        raise Invalid("Something stops this release from being sent.", issues)


def _remember_key(work: UnitOfWork, case: Case, key: str, actor: Person, now: datetime) -> None:
    work.session.add(
        IdempotencyKey(
            edition_id=case.edition.id,
            key=key[:64],
            round=case.edition.round + 1,
            used_at=now,
            user_id=actor.id,
        )
    )


def _take(
    work: UnitOfWork, portal: Portal, case: Case, row: Step, revision: Revision, actor: Person, now: datetime
) -> None:
    settings = portal.settings
    promise = promising.fresh_promise(settings, now)
    changes = {
        **_not_held(),
        **promise,
        **_sender_text_again(),
        "revision_id": revision.id,
        "wish_at": wished(revision.content["values"], settings).at,
        "is_first": not releases.was_ever_approved(work.session, case.release.organisation_id),
        "round": case.edition.round + 1,
        "submitted_by_id": actor.id,
        "changes_due_at": None,
        "reminder_next_at": None,
        "examined_at": None,
        "advice_count": 0,
    }
    moving.move(work, case, row, actor=actor, now=now, changes=changes, detail=promising.told(promise))


def _sender_text_again() -> dict[str, object]:
    """What a sender sends is the sender's own text, whoever worded the last one."""
    return {"edited_by_id": None, "edited_materially": False, "sender_revision_id": None}


def _not_held() -> dict[str, object]:
    return {**claims.not_held(), "ladder_next_at": None}


def _not_sent() -> dict[str, object]:
    """Back to a draft: a new sending needs a new key, and the promise starts anew then."""
    return {**_not_held(), "submission_key": new_submission_key(), "promise_at": None, "due_at": None}
