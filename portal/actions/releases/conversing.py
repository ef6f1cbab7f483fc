"""What the sender and the desk write to each other: kept with the release, mailed, and in the timeline."""

from datetime import datetime

from portal.actions.portal import Portal
from portal.actions.releases import asking, claims
from portal.actions.releases.moving import Act, acting
from portal.rules.permissions import Person
from portal.rules.refusals import Conflict, required_words
from portal.storage.tables import Message

LONGEST = 5_000
ASK = "Write the message."
NOT_SENT = "The desk cannot see this draft yet. Send it first; then you can write to the desk about it."


def write_to_desk(portal: Portal, actor: Person, reference: str, *, message: str, now: datetime) -> None:
    """A member writes to the editors. Raises Invalid, NotFound, and Conflict for what the desk never had."""
    body = required_words(message, ASK, most=LONGEST)
    with acting(portal, actor, reference, now=now) as act:
        act.require_member()
        if asking.never_sent(act.case):
            raise Conflict(NOT_SENT)
        act.record("message_sent", message_id=kept(act, "sender", body))


def write_to_sender(portal: Portal, actor: Person, reference: str, *, message: str, now: datetime) -> None:
    """An editor writes back; a claim of theirs is renewed. Raises Invalid, NotFound, Conflict."""
    body = required_words(message, ASK, most=LONGEST)
    with acting(portal, actor, reference, now=now) as act:
        act.require_editor()
        act.record("message_answered", message_id=kept(act, "desk", body))
        claims.renew_if_own(act)


def kept(act: Act, side: str, body: str) -> int | None:
    """Keep the words that go with a step, for both sides to read; None where there are none."""
    if not body.strip():
        return None
    written = Message(
        release_id=act.release.id,
        side=side,
        body=body.strip(),
        author_id=act.person.id,
        written_at=act.now,
    )
    act.session.add(written)
    act.session.flush()
    return written.id
