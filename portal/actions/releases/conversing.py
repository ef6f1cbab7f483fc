"""What the sender and the desk write to each other: kept with the release, mailed, and in the timeline."""

from datetime import datetime

from portal.actions.portal import Portal
from portal.actions.releases import asking, claims
from portal.actions.releases.moving import Act, acting
from portal.rules.permissions import Person
from portal.rules.refusals import Conflict, required_words
from portal.storage.queries import releases
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
        act.release.answer_wanted_at = act.release.answer_wanted_at or now


def write_to_sender(portal: Portal, actor: Person, reference: str, *, message: str, now: datetime) -> None:
    """An editor writes back; a claim of theirs is renewed. Raises Invalid, NotFound, Conflict."""
    body = required_words(message, ASK, most=LONGEST)
    with acting(portal, actor, reference, now=now) as act:
        act.require_editor()
        act.record("message_answered", message_id=kept(act, "desk", body))
        no_answer_wanted(act)
        claims.renew_if_own(act)


def tick_off(portal: Portal, actor: Person, reference: str, *, seen: str = "", now: datetime) -> None:
    """An editor says that the sender's message needs no answer; once more changes nothing. `seen`: how far the
    timeline of the editor's page went. Raises NotFound, and Conflict where the sender wrote again since."""
    with acting(portal, actor, reference, now=now) as act:
        act.require_editor()
        if act.release.answer_wanted_at is None:
            return
        if seen.isdigit() and releases.wrote_after(act.session, act.release, int(seen[:9])):
            raise act.conflict("The sender wrote again after you opened this page.")
        act.record("answer_ticked_off")
        no_answer_wanted(act)
        claims.renew_if_own(act)


def no_answer_wanted(act: Act) -> None:
    """The desk has said something, or decided."""
    act.release.answer_wanted_at = None


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
