"""What the sender and the desk write to each other: kept with the release, mailed, and in the timeline."""

from datetime import datetime

from portal.actions import moderating, moving
from portal.actions.portal import Portal
from portal.rules.issues import blocking
from portal.rules.permissions import Person
from portal.rules.refusals import Invalid
from portal.storage.tables import Message

LONGEST = 5_000


def write_to_desk(portal: Portal, actor: Person, reference: str, *, message: str, now: datetime) -> None:
    """A member writes to the editors. Raises Invalid, NotFound."""
    body = _required(message)
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        moving.require_member(work, case, actor)
        written = Message(
            release_id=case.release.id, side="sender", body=body, author_id=actor.id, written_at=now
        )
        work.session.add(written)
        work.session.flush()
        moving.record(work, case, "message_sent", actor=actor, now=now, message_id=written.id)
        work.commit()


def write_to_sender(portal: Portal, actor: Person, reference: str, *, message: str, now: datetime) -> None:
    """An editor writes back; a claim of theirs is renewed. Raises Invalid, NotFound, Conflict."""
    body = _required(message)
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        moving.require_editor(work, case, actor)
        written = Message(
            release_id=case.release.id, side="desk", body=body, author_id=actor.id, written_at=now
        )
        work.session.add(written)
        work.session.flush()
        moving.record(work, case, "message_answered", actor=actor, now=now, message_id=written.id)
        moderating.renew_for(portal, work, case, actor, now)
        work.commit()


def _required(message: str) -> str:
    body = message.strip()
    if not body:
        raise Invalid("Write the message.", [blocking("WRITING", "message", "Write the message.")])
    if len(body) > LONGEST:
        sentence = f"The message has {len(body)} characters. Keep {LONGEST} or fewer."
        raise Invalid(sentence, [blocking("LENGTH", "message", sentence)])
    return body
