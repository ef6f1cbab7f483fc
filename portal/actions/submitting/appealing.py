"""A no that is read once more: by the sender's one appeal, or because a senior editor opens it again."""

from datetime import datetime
from typing import Any

from portal.actions.portal import Portal
from portal.actions.releases import conversing, moving, promising
from portal.rules.issues import blocking
from portal.rules.permissions import Person
from portal.rules.refusals import Invalid
from portal.storage.queries import releases
from portal.storage.queries.releases import Case
from portal.storage.unit_of_work import UnitOfWork

ONCE = "You have appealed once already. Another appeal is not possible; you may start anew from the text."


def appeal(
    portal: Portal, actor: Person, reference: str, *, message: str, version: int, now: datetime
) -> None:
    """A member asks for another reader, once, and says why. Raises Invalid, Conflict, NotFound."""
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        row = moving.require_step(work, case, "appeal", actor)
        moving.require_version(work, case, version)
        if case.edition.appealed_at is not None:
            raise moving.conflict(work, case, ONCE)
        _require_words(message, "Write why the decision should be another one.")
        decision = releases.decision_that_stands(work.session, case.edition)
        changes = _waits_again(portal, case, now) | {
            "appealed_at": now,
            "rejected_by_id": decision.decided_by_id if decision else None,
            "submitted_by_id": actor.id,
        }
        message_id = conversing.kept(work, case, actor, "sender", message, now)
        _move(work, case, row, actor, changes, now, message_id)
        work.commit()


def reopen(
    portal: Portal, actor: Person, reference: str, *, message: str, version: int, now: datetime
) -> None:
    """A senior editor puts a rejected release back in the queue, with a reason. Raises Invalid, Conflict, NotFound."""
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        row = moving.require_step(work, case, "reopen", actor)
        moving.require_version(work, case, version)
        _require_words(message, "Say why you open it again.")
        # Who decides on it now is the senior editor's to say: the bar on the first reader falls with it.
        changes = _waits_again(portal, case, now) | {"rejected_by_id": None}
        message_id = conversing.kept(work, case, actor, "desk", message, now)
        _move(work, case, row, actor, changes, now, message_id)
        work.commit()


def _move(
    work: UnitOfWork,
    case: Case,
    row: Any,  # a Step
    actor: Person,
    changes: dict[str, Any],
    now: datetime,
    message_id: int | None,
) -> None:
    moving.move(
        work,
        case,
        row,
        actor=actor,
        now=now,
        changes=changes,
        detail=promising.told(changes),
        message_id=message_id,
    )


def _waits_again(portal: Portal, case: Case, now: datetime) -> dict[str, Any]:
    """A round of its own, so that another decision can stand beside the first."""
    return {
        **promising.fresh_promise(portal.settings, now),
        "round": case.edition.round + 1,
        "decided_at": None,
    }


def _require_words(message: str, sentence: str) -> None:
    if not message.strip():
        raise Invalid(sentence, [blocking("WRITING", "message", sentence)])
    if len(message) > conversing.LONGEST:
        told = f"The message has {len(message)} characters. Keep {conversing.LONGEST} or fewer."
        raise Invalid(told, [blocking("LENGTH", "message", told)])
