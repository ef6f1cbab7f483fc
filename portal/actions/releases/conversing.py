"""What the sender and the desk write to each other: kept with the release, mailed, and in the timeline."""

from datetime import datetime

from portal.actions.portal import Portal
from portal.actions.releases import claims, moving
from portal.rules.issues import blocking
from portal.rules.permissions import Person
from portal.rules.refusals import Invalid
from portal.storage.queries.releases import Case
from portal.storage.tables import Message
from portal.storage.unit_of_work import UnitOfWork

LONGEST = 5_000


def write_to_desk(portal: Portal, actor: Person, reference: str, *, message: str, now: datetime) -> None:
    """A member writes to the editors. Raises Invalid, NotFound."""
    body = _required(message)
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        moving.require_member(work, case, actor)
        message_id = kept(work, case, actor, "sender", body, now)
        moving.record(work, case, "message_sent", actor=actor, now=now, message_id=message_id)
        work.commit()


def write_to_sender(portal: Portal, actor: Person, reference: str, *, message: str, now: datetime) -> None:
    """An editor writes back; a claim of theirs is renewed. Raises Invalid, NotFound, Conflict."""
    body = _required(message)
    with portal.work() as work:
        case = moving.open_case(work, reference, actor)
        moving.require_editor(work, case, actor)
        message_id = kept(work, case, actor, "desk", body, now)
        moving.record(work, case, "message_answered", actor=actor, now=now, message_id=message_id)
        claims.renew_if_held(portal, case, actor, now)
        work.commit()


def kept(work: UnitOfWork, case: Case, actor: Person, side: str, body: str, now: datetime) -> int | None:
    """Keep the words that go with a step, for both sides to read; None where there are none."""
    if not body.strip():
        return None
    written = Message(
        release_id=case.release.id, side=side, body=body.strip(), author_id=actor.id, written_at=now
    )
    work.session.add(written)
    work.session.flush()
    return written.id


def _required(message: str) -> str:
    body = message.strip()
    if not body:
        raise Invalid("Write the message.", [blocking("WRITING", "message", "Write the message.")])
    if len(body) > LONGEST:
        sentence = f"The message has {len(body)} characters. Keep {LONGEST} or fewer."
        raise Invalid(sentence, [blocking("LENGTH", "message", sentence)])
    return body
