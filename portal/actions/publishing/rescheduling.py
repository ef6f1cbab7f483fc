"""Moving the time of an approved release that nobody outside has seen yet.

An editor moves a schedule either way and an embargo later only; earlier is the sender's own act. Jobs that were
rung for the old time are harmless: going public is a question to the row.
"""

from datetime import datetime
from typing import TypedDict, Unpack

from portal.actions.portal import Portal
from portal.actions.publishing import going_live
from portal.actions.publishing.going_live import LocalTime
from portal.actions.releases import conversing, moving, promising
from portal.actions.releases.moving import Act, acting
from portal.rules.permissions import Person
from portal.rules.publication_time import EMBARGO, shown
from portal.rules.refusals import Invalid, refused, required_words
from portal.storage.queries import releases
from portal.storage.tables import Revision

NO_EMBARGO = "No embargo stands on this release."


class TypedTime(TypedDict, total=False):
    """The fields of the form as they were typed."""

    publish_at: str
    publish_timezone: str
    publish_fold: str


def reschedule(
    portal: Portal,
    actor: Person,
    reference: str,
    *,
    version: int,
    now: datetime,
    **typed: Unpack[TypedTime],
) -> datetime:
    """Give a scheduled release another time; the sender is told. Answers with the new time.

    Raises Invalid (no time, one that is over or too far, an embargo moved earlier), Conflict, NotFound.
    """
    zone = typed.get("publish_timezone", "").strip() or portal.settings.timezone
    with acting(portal, actor, reference, now=now) as act:
        row = act.require_publication("reschedule", version)
        typed_time = LocalTime(typed.get("publish_at", ""), zone, typed.get("publish_fold", ""))
        typed_at = going_live.editors_time(typed_time, act.settings, now=now, otherwise="")
        at = _require_movable(act, typed_at, zone)
        was = act.release.live_from
        detail = {"was": was.isoformat() if was else "", "live_from": at.isoformat()}
        act.move_publication(row, changes={"live_from": at}, detail=detail)
        return at


def unschedule(
    portal: Portal, actor: Person, reference: str, *, message: str, version: int, now: datetime
) -> None:
    """Take back the approval of a scheduled release: it waits for a decision anew, with a new promise.

    Raises Invalid without a message, Conflict, NotFound.
    """
    with acting(portal, actor, reference, now=now) as act:
        hiding = act.require_publication_step("unschedule")
        row = act.require("unschedule", version)
        words = required_words(message, "Write to the sender why it does not run at its time.")
        act.carry_publication(hiding, moving.hidden())
        _undo_decision(act)
        promise = promising.fresh_promise(act.settings, now)
        message_id = conversing.kept(act, "desk", words)
        act.move(
            row,
            changes={**promise, "decided_at": None},
            detail=promising.told(promise),
            message_id=message_id,
        )


def lift_embargo(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str = "", now: datetime
) -> None:
    """The sender ends their own embargo: the release is public at once, and the desk is told.

    Raises Conflict where no embargo stands or it is public already, NotFound.
    """
    with acting(portal, actor, reference, now=now) as act:
        row = act.require_publication("lift_embargo", version)
        if not _is_embargoed(act):
            raise act.conflict(NO_EMBARGO)
        was = act.release.live_from
        detail = {"was": was.isoformat() if was else "", "live_from": now.isoformat()}
        message_id = conversing.kept(act, "sender", message)
        act.move_publication(row, changes={"live_from": now}, detail=detail, message_id=message_id)
        going_live.record_if_due(act)


def _is_embargoed(act: Act) -> bool:
    """Did the sender ask for an embargo?"""
    revision = act.session.get_one(Revision, act.release.live_revision_id)
    return going_live.wished(revision.content["values"], act.settings).timing == EMBARGO


def _require_movable(act: Act, at: datetime | None, zone: str) -> datetime:
    """The new time, if the release may move to it. Raises Invalid."""
    was = act.release.live_from
    if at is None:
        raise _refused("Give the day and time when it goes public.")
    if at == was:
        raise _refused(f"{shown(at, zone)} is its time already. Choose another one.")
    if was and at < was and _is_embargoed(act):
        told = f"The sender asked for an embargo, and it stands until {shown(was, zone)}."
        raise _refused(f"{told} Choose a later time; only the sender can lift it.")
    return at


def _refused(sentence: str) -> Invalid:
    return refused("publish_at", sentence, "EMBARGO")


def _undo_decision(act: Act) -> None:
    """A new decision of this round must be able to stand."""
    decision = releases.decision_that_stands(act.session, act.edition)
    if decision is not None:
        decision.undone_at = act.now
