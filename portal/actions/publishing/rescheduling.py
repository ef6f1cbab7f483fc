"""Moving the time of an approved release that nobody outside has seen yet.

An editor moves a schedule either way and an embargo later only; earlier is the sender's own act. Jobs that were
rung for the old time are harmless: going public is a question to the row.
"""

from datetime import datetime

from portal.actions.portal import Portal
from portal.actions.publishing import going_live
from portal.actions.releases import conversing, moving, promising
from portal.rules.issues import blocking
from portal.rules.permissions import Person
from portal.rules.publication_time import EMBARGO, Wish, shown, too_close
from portal.rules.refusals import Invalid
from portal.settings import Settings
from portal.storage.queries import releases
from portal.storage.queries.releases import Case
from portal.storage.tables import Revision
from portal.storage.unit_of_work import UnitOfWork

NO_EMBARGO = "No embargo stands on this release."


def reschedule(
    portal: Portal,
    actor: Person,
    reference: str,
    *,
    publish_at: str,
    publish_timezone: str = "",
    publish_fold: str = "",
    version: int,
    now: datetime,
) -> datetime:
    """Give a scheduled release another time; the sender is told. Answers with the new time.

    Raises Invalid (no time, one that is over or too far, an embargo moved earlier), Conflict, NotFound.
    """
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        row = moving.require_publication_step(work, case, "reschedule", actor, now=now)
        moving.require_version(work, case, version)
        zone = publish_timezone.strip() or portal.settings.timezone
        at = going_live.editors_time(publish_at, zone, publish_fold, portal.settings, now=now)
        was = case.release.live_from
        _require_movable(work, case, at, zone, portal.settings, now)
        moving.move_publication(
            work,
            case,
            row,
            actor=actor,
            now=now,
            changes={"live_from": at},
            detail={"was": was.isoformat() if was else "", "live_from": at.isoformat() if at else ""},
        )
        work.commit()
        assert at is not None  # required above
        return at


def unschedule(
    portal: Portal, actor: Person, reference: str, *, message: str, version: int, now: datetime
) -> None:
    """Take back the approval of a scheduled release: it waits for a decision anew, with a new promise.

    Raises Invalid without a message, Conflict, NotFound.
    """
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        hiding = moving.require_publication_step(work, case, "unschedule", actor, now=now)
        row = moving.require_step(work, case, "unschedule", actor)
        moving.require_version(work, case, version)
        if not message.strip():
            sentence = "Write to the sender why it does not run at its time."
            raise Invalid(sentence, [blocking("WRITING", "message", sentence)])
        moving.carry_publication(work, case, hiding, moving.HIDDEN_COLUMNS)
        _undo_decision(work, case, now)
        message_id = conversing.kept(work, case, actor, "desk", message, now)
        promise = promising.fresh_promise(portal.settings, now)
        moving.move(
            work,
            case,
            row,
            actor=actor,
            now=now,
            changes={**promise, "decided_at": None},
            detail=promising.told(promise),
            message_id=message_id,
        )
        work.commit()


def lift_embargo(
    portal: Portal, actor: Person, reference: str, *, version: int, message: str = "", now: datetime
) -> None:
    """The sender ends their own embargo: the release is public at once, and the desk is told.

    Raises Conflict where no embargo stands or it is public already, NotFound.
    """
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        row = moving.require_publication_step(work, case, "lift_embargo", actor, now=now)
        moving.require_version(work, case, version)
        if not is_embargoed(work, case, portal.settings):
            raise moving.conflict(work, case, NO_EMBARGO)
        was = case.release.live_from
        moving.move_publication(
            work,
            case,
            row,
            actor=actor,
            now=now,
            changes={"live_from": now},
            detail={"was": was.isoformat() if was else "", "live_from": now.isoformat()},
            message_id=conversing.kept(work, case, actor, "sender", message, now),
        )
        going_live.record_if_due(work, case, now=now)
        work.commit()


def is_embargoed(work: UnitOfWork, case: Case, settings: Settings) -> bool:
    """Did the sender ask for an embargo?"""
    return _wish(work, case, settings).timing == EMBARGO


def _wish(work: UnitOfWork, case: Case, settings: Settings) -> Wish:
    revision = work.session.get_one(Revision, case.release.live_revision_id)
    return going_live.wished(revision.content["values"], settings)


def _require_movable(
    work: UnitOfWork, case: Case, at: datetime | None, zone: str, settings: Settings, now: datetime
) -> None:
    was = case.release.live_from
    if at is None:
        _refuse("Give the day and time when it goes public.")
    elif refused := too_close(at, zone, now=now, least_minutes=0, field="publish_at"):
        raise Invalid(refused.message, [refused])
    elif at == was:
        _refuse(f"{shown(at, zone)} is its time already. Choose another one.")
    elif was and at < was and is_embargoed(work, case, settings):
        told = f"The sender asked for an embargo, and it stands until {shown(was, zone)}."
        _refuse(f"{told} Choose a later time; only the sender can lift it.")


def _refuse(sentence: str) -> None:
    raise Invalid(sentence, [blocking("EMBARGO", "publish_at", sentence)])


def _undo_decision(work: UnitOfWork, case: Case, now: datetime) -> None:
    """A new decision of this round must be able to stand."""
    decision = releases.decision_that_stands(work.session, case.edition)
    if decision is not None:
        decision.undone_at = now
