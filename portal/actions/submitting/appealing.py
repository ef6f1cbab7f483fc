"""A no that is read once more: by the sender's one appeal, or because a senior editor opens it again."""

from datetime import datetime

from portal.actions.portal import Portal
from portal.actions.releases import conversing, promising
from portal.actions.releases.moving import Act, acting
from portal.rules.permissions import Person
from portal.rules.refusals import required_words
from portal.storage.columns import EditionColumns
from portal.storage.queries import releases

ONCE = "You have appealed once already. Another appeal is not possible; you may start anew from the text."


def appeal(
    portal: Portal, actor: Person, reference: str, *, message: str, version: int, now: datetime
) -> None:
    """A member asks for another reader, once, and says why. Raises Invalid, Conflict, NotFound."""
    with acting(portal, actor, reference, now=now) as act:
        row = act.require("appeal", version)
        if act.edition.appealed_at is not None:
            raise act.conflict(ONCE)
        words = _why(message, "Write why the decision should be another one.")
        decision = releases.decision_that_stands(act.session, act.edition)
        changes: EditionColumns = {
            **_waits_again(act),
            "appealed_at": now,
            "rejected_by_id": decision.decided_by_id if decision else None,
            "submitted_by_id": actor.id,
        }
        message_id = conversing.kept(act, "sender", words)
        act.move(row, changes=changes, detail=promising.told(changes), message_id=message_id)


def reopen(
    portal: Portal, actor: Person, reference: str, *, message: str, version: int, now: datetime
) -> None:
    """A senior editor puts a rejected release back in the queue, with a reason. Raises Invalid, Conflict, NotFound."""
    with acting(portal, actor, reference, now=now) as act:
        row = act.require("reopen", version)
        words = _why(message, "Say why you open it again.")
        # Who decides on it now is the senior editor's to say: the bar on the first reader falls with it.
        changes: EditionColumns = {**_waits_again(act), "rejected_by_id": None}
        message_id = conversing.kept(act, "desk", words)
        act.move(row, changes=changes, detail=promising.told(changes), message_id=message_id)


def _waits_again(act: Act) -> EditionColumns:
    """A round of its own, so that another decision can stand beside the first."""
    return {
        **promising.fresh_promise(act.settings, act.now),
        "round": act.edition.round + 1,
        "decided_at": None,
    }


def _why(message: str, sentence: str) -> str:
    return required_words(message, sentence, most=conversing.LONGEST)
