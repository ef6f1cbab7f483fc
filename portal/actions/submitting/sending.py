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
from portal.actions.releases.moving import Act, acting
from portal.rules.issues import Issue
from portal.rules.permissions import Person
from portal.rules.refusals import Invalid
from portal.rules.release_states import APPROVED, Step
from portal.storage.columns import EditionColumns
from portal.storage.queries import releases
from portal.storage.queries.releases import Case
from portal.storage.tables import IdempotencyKey, Revision

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
    return _issues(portal, case, case.edition.draft, now=now, declared=declared)


def _issues(
    portal: Portal, case: Case, draft: contents.Content, *, now: datetime, declared: frozenset[str] | None
) -> list[Issue]:
    return contents.issues_of(
        case.release.kind,
        draft,
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
    with acting(portal, actor, reference, now=now) as act:
        earlier = _earlier_sending(act, key)
        if earlier:
            return Sent(reference, earlier.used_at, already=True)
        row = act.require("submit", version)
        draft = contents.declared_in(contents.without_an_unwished_time(act.edition.draft), posted)
        _require_sendable(act, draft)
        revision = freeze(act, draft)
        _remember_key(act, key)
        _take(act, row, draft, revision)
        act.work.ring("moderation", "examine", act.edition.id)
        return Sent(reference, now, already=False)


def recall(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str = "", now: datetime
) -> None:
    """Take a waiting release back to edit it. While an editor reads it, ask for it instead (`ask_back`)."""
    with acting(portal, actor, reference, now=now) as act:
        row = act.require("recall", version)
        _move_with_message(act, row, message, _not_sent())


def ask_back(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str = "", now: datetime
) -> None:
    """Ask the editor who is reading it to give it back; the editor is mailed."""
    with acting(portal, actor, reference, now=now) as act:
        row = act.require("ask_back", version)
        _move_with_message(act, row, message, {"asked_back_at": now})


def withdraw(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str = "", now: datetime
) -> None:
    """End a release before the public saw it. Its text stays on the desk; the editors are told."""
    with acting(portal, actor, reference, now=now) as act:
        row = act.require("withdraw", version)
        if act.edition.state == APPROVED:
            hiding = act.require_publication_step("withdraw", otherwise=PUBLIC_ALREADY)
            act.carry_publication(hiding, moving.hidden())
        conversing.no_answer_wanted(act)
        _move_with_message(act, row, message, over())


def _move_with_message(act: Act, row: Step, message: str, changes: EditionColumns) -> None:
    message_id = conversing.kept(act, "sender", message)
    act.move(row, changes=changes, tell=act.edition.holder_id, message_id=message_id)


def _earlier_sending(act: Act, key: str) -> IdempotencyKey | None:
    return act.session.scalars(
        select(IdempotencyKey).where(
            IdempotencyKey.edition_id == act.edition.id, IdempotencyKey.key == key[:64]
        )
    ).one_or_none()


def _require_sendable(act: Act, draft: contents.Content) -> None:
    declared = contents.declarations_of(draft)
    issues = _issues(act.portal, act.case, draft, now=act.now, declared=declared)
    if any(issue.blocks for issue in issues):
        raise Invalid("Something stops this release from being sent.", issues)


def _remember_key(act: Act, key: str) -> None:
    act.session.add(
        IdempotencyKey(
            edition_id=act.edition.id,
            key=key[:64],
            round=act.edition.round + 1,
            used_at=act.now,
            user_id=act.person.id,
        )
    )


def _take(act: Act, row: Step, draft: contents.Content, revision: Revision) -> None:
    promise = promising.fresh_promise(act.settings, act.now)
    changes: EditionColumns = {
        **_out_of_the_queue(),
        **promise,
        **_sender_text_again(),
        "draft": draft,
        "revision_id": revision.id,
        "wish_at": wished(revision.content["values"], act.settings).at,
        "is_first": not releases.was_ever_approved(act.session, act.release.organisation_id),
        "round": act.edition.round + 1,
        "submitted_by_id": act.person.id,
        "changes_due_at": None,
        "reminder_next_at": None,
        "examined_at": None,
        "advice_count": 0,
    }
    act.move(row, changes=changes, detail=promising.told(promise))


def _sender_text_again() -> EditionColumns:
    """What a sender sends is the sender's own text, whoever worded the last one."""
    return {"edited_by_id": None, "edited_materially": False, "sender_revision_id": None}


def _out_of_the_queue() -> EditionColumns:
    return {**claims.unclaimed(), "ladder_next_at": None}


def _not_sent() -> EditionColumns:
    """Back to a draft: a new sending needs a new key, and the promise starts anew then."""
    return {**_out_of_the_queue(), "submission_key": new_submission_key(), "promise_at": None, "due_at": None}
