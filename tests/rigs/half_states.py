"""What must hold between the rows after any race, crash or restart: nothing is done by half, nothing twice.

Each check reads the whole database and answers with sentences about what is wrong; none is a whole portal.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.actions.operating import auditing
from portal.actions.portal import Portal
from portal.rules import release_states as states
from portal.rules.facts import FACTS
from portal.storage.tables import (
    Decision,
    Delivery,
    Edition,
    IdempotencyKey,
    Outbox,
    Release,
    Revision,
    TimelineEntry,
)

Checks = tuple[Callable[[Session], Iterator[str]], ...]
DECIDED_AS = {
    states.APPROVED: "approve",
    states.REJECTED: "reject",
    states.CHANGES_REQUESTED: "request_changes",
}
LIVE_AGAIN_AFTER = frozenset(("decision_undone", "unscheduled", "put_back", "reverted"))


def half_states(portal: Portal) -> list[str]:
    """What was begun and not finished, in words; a record that does not verify is among it."""
    broken = auditing.verify(portal).broken
    return _found(portal, HALF) + [f"the record of {reference} does not verify" for reference in broken]


def double_states(portal: Portal) -> list[str]:
    """What happened twice, in words."""
    return _found(portal, DOUBLE)


def _found(portal: Portal, checks: Checks) -> list[str]:
    with portal.database.reading() as session:
        return [sentence for check in checks for sentence in check(session)]


def the_last_fact_is_the_state(session: Session) -> Iterator[str]:
    last: dict[int, str] = {}
    for entry in session.scalars(select(TimelineEntry).order_by(TimelineEntry.position)):
        if entry.edition_id is not None and entry.to_state:
            last[entry.edition_id] = entry.to_state
    for edition in session.scalars(select(Edition)):
        told = last.get(edition.id, edition.state)
        if told != edition.state:
            yield f"edition {edition.id} is {edition.state}, its timeline says {told}"


def somebody_holds_what_is_read(session: Session) -> Iterator[str]:
    for edition in session.scalars(select(Edition)):
        if (edition.state == states.IN_REVIEW) != (edition.holder_id is not None):
            yield f"edition {edition.id} is {edition.state} and held by {edition.holder_id}"


def one_decision_stands_in_a_round(session: Session) -> Iterator[str]:
    standing = Counter(
        (decision.edition_id, decision.round)
        for decision in session.scalars(select(Decision).where(Decision.undone_at.is_(None)))
    )
    yield from (f"{count} decisions stand in round {key}" for key, count in standing.items() if count > 1)


def what_is_decided_has_its_decision(session: Session) -> Iterator[str]:
    outcomes = {
        (decision.edition_id, decision.round): decision.outcome
        for decision in session.scalars(select(Decision).where(Decision.undone_at.is_(None)))
    }
    for edition in session.scalars(select(Edition).where(Edition.state.in_(DECIDED_AS))):
        found = outcomes.get((edition.id, edition.round))
        if found != DECIDED_AS[edition.state]:
            yield f"edition {edition.id} is {edition.state} by a decision of {found}"


def what_is_live_was_approved(session: Session) -> Iterator[str]:
    """The public text is the very revision that the standing decision names."""
    approved = {
        (decision.edition_id, decision.revision_id, decision.revision_hash)
        for decision in session.scalars(
            select(Decision).where(Decision.undone_at.is_(None), Decision.outcome == "approve")
        )
    }
    for release in session.scalars(select(Release).where(Release.publication == states.LIVE)):
        revision = session.get(Revision, release.live_revision_id)
        edition = session.get(Edition, release.live_edition_id)
        if revision is None or edition is None or edition.state != states.APPROVED:
            yield f"{release.reference} is live without an approved edition"
        elif (edition.id, revision.id, revision.hash) not in approved:
            yield f"{release.reference} is live with a text that nobody approved"


def what_is_hidden_left_nothing(session: Session) -> Iterator[str]:
    for release in session.scalars(select(Release).where(Release.publication == states.HIDDEN)):
        if release.live_from or release.went_live_at or release.live_revision_id:
            yield f"{release.reference} is hidden and keeps a time or a text of going live"


def the_first_edition_approved_is_not_hidden(session: Session) -> Iterator[str]:
    statement = select(Edition).where(Edition.number == 1, Edition.state == states.APPROVED)
    for edition in session.scalars(statement):
        if edition.release.publication == states.HIDDEN:
            yield f"{edition.release.reference} is approved and hidden"


def every_fact_is_told_once(session: Session) -> Iterator[str]:
    told = Counter(session.scalars(select(Outbox.timeline_id).where(Outbox.timeline_id.is_not(None))))
    before: TimelineEntry | None = None
    ordered = select(TimelineEntry).order_by(TimelineEntry.release_id, TimelineEntry.position)
    for entry in session.scalars(ordered):
        wanted = 1 if FACTS[entry.fact].notices else 0
        if told[entry.id] != wanted and not _said_by_the_decision(entry, before):
            yield f"the fact {entry.fact} (timeline {entry.id}) has {told[entry.id]} outbox rows, not {wanted}"
        before = entry


def _said_by_the_decision(entry: TimelineEntry, before: TimelineEntry | None) -> bool:
    """What goes live at once needs no mail of its own: the decision's mail says so."""
    return (
        entry.fact == "went_live"
        and before is not None
        and (before.release_id, before.at) == (entry.release_id, entry.at)
    )


def it_goes_live_once(session: Session) -> Iterator[str]:
    facts: dict[int, list[str]] = defaultdict(list)
    for entry in session.scalars(select(TimelineEntry).order_by(TimelineEntry.position)):
        facts[entry.release_id].append(entry.fact)
    for release_id, told in facts.items():
        is_live = False
        for fact in told:
            if fact == "went_live" and is_live:
                yield f"release {release_id} went live twice"
            is_live = fact == "went_live" or (is_live and fact not in LIVE_AGAIN_AFTER)


def every_round_was_sent_once(session: Session) -> Iterator[str]:
    keys = Counter((key.edition_id, key.round) for key in session.scalars(select(IdempotencyKey)))
    yield from (f"round {key} was sent {count} times" for key, count in keys.items() if count > 1)


def every_sending_is_a_fact(session: Session) -> Iterator[str]:
    sent = Counter(session.scalars(select(IdempotencyKey.edition_id)))
    told = Counter(session.scalars(select(TimelineEntry.edition_id).where(TimelineEntry.fact == "submitted")))
    for edition_id, count in sent.items():
        if told[edition_id] != count:
            yield f"edition {edition_id} was sent {count} times, its timeline says {told[edition_id]}"


def every_mail_is_one_row(session: Session) -> Iterator[str]:
    rows = list(session.scalars(select(Delivery)))
    keys = Counter((row.outbox_id, row.outlet, row.template, row.recipient) for row in rows)
    yield from (f"delivery {key} stands {count} times" for key, count in keys.items() if count > 1)
    ids = Counter(row.message_id for row in rows if row.message_id)
    yield from (f"two mails share the Message-ID {key}" for key, count in ids.items() if count > 1)


HALF: Checks = (
    the_last_fact_is_the_state,
    somebody_holds_what_is_read,
    what_is_decided_has_its_decision,
    what_is_live_was_approved,
    what_is_hidden_left_nothing,
    the_first_edition_approved_is_not_hidden,
    every_fact_is_told_once,
    every_sending_is_a_fact,
)
DOUBLE: Checks = (
    one_decision_stands_in_a_round,
    it_goes_live_once,
    every_round_was_sent_once,
    every_mail_is_one_row,
)
