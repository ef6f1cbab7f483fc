"""The issue of a day: closed once, whoever comes first and however often; then its letters are made, once for each reader.

Everything is a compare-and-set on the issue's own row, which is unique by its date.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.actions.portal import Portal
from portal.rules import digest as rules
from portal.rules.digest import AHEAD, CORRECTION, KILL, NEWS, NOTICE, REMOVAL, Wants
from portal.rules.reader_choice import Choice
from portal.rules.refusals import Conflict, NotFound
from portal.storage.queries import restoring
from portal.storage.queries.newsletter import digests
from portal.storage.tables import DigestDelivery, DigestIssue, Release
from portal.storage.unit_of_work import UnitOfWork

FIRST_COVERS = timedelta(days=1)
BATCH = 2_000


@dataclass(frozen=True)
class Contents:
    """What stands in an issue, or would if it were closed now."""

    covers_from: datetime
    covers_until: datetime
    contents: list[dict[str, Any]]
    afterwards: list[dict[str, Any]]


def close_due(portal: Portal, *, now: datetime) -> list[str]:
    """The clock: close the issue of every date that is due, make the letters, ring. Answers with the dates closed.

    Nothing while a restored copy is held.
    """
    with portal.database.reading() as session:
        if restoring.is_held(session):
            return []
    closed = [day.isoformat() for day in due_dates(portal, now=now)]
    closed = [day for day in closed if close_issue(portal, day, now=now)]
    with portal.database.reading() as session:
        waiting = list(digests.to_queue(session, now))
    for issue_id in waiting:
        queue_deliveries(portal, issue_id, now=now)
    return closed


def due_dates(portal: Portal, *, now: datetime) -> list[date]:
    """The dates whose issue is due and not closed."""
    settings = portal.settings
    since = (now.astimezone(settings.zone).date() - timedelta(days=10)).isoformat()
    with portal.database.reading() as session:
        closed = {date.fromisoformat(day) for day in digests.closed_dates(session, since)}
    due = rules.to_close(now, settings.digest_at, settings.zone, closed)
    return [day for day in due if day not in closed]


def next_due(portal: Portal, *, now: datetime) -> datetime:
    """When the next issue is to be closed."""
    settings = portal.settings
    today = now.astimezone(settings.zone).date()
    moments = (
        rules.due_at(today + timedelta(days=days), settings.digest_at, settings.zone) for days in range(3)
    )
    return min(moment for moment in moments if moment > now)


def close_issue(portal: Portal, on: str, *, now: datetime) -> bool:
    """Close the issue of a local date with what is public; False where that was done before.

    Raises NotFound for a date further ahead than a week.
    """
    day, settings = date.fromisoformat(on), portal.settings
    due = rules.due_at(day, settings.digest_at, settings.zone)
    if day - now.astimezone(settings.zone).date() > rules.FURTHEST_AHEAD:
        raise NotFound("An issue can be closed seven days ahead and no further.")
    make_sure_of(portal, on, due)
    with portal.work() as work:
        issue = digests.by_date(work.session, on, lock=True)
        if issue is None or issue.closed_at is not None:
            return False
        next_due = rules.due_at(day + timedelta(days=1), settings.digest_at, settings.zone)
        # One that was missed ends where it should have; what came later is the next one's.
        fill(work.session, issue, until=now if next_due > now else due, due=due, now=now)
        work.commit()
        return True


def fill(session: Session, issue: DigestIssue, *, until: datetime, due: datetime, now: datetime) -> None:
    """Close an issue with what is public up to `until`."""
    found = gather(session, now, until, due)
    issue.contents = [dict(each) for each in rules.in_order(found.contents, issue.chosen_order)]
    issue.afterwards = found.afterwards
    issue.covers_from, issue.covers_until = found.covers_from, found.covers_until
    issue.due_at, issue.closed_at, issue.late = due, now, rules.is_late(due, now)
    issue.version += 1


def gather(session: Session, now: datetime, until: datetime, due: datetime) -> Contents:
    """What became public, is coming up, was corrected or removed since the issue before."""
    before = digests.covered_until(session)
    since = before or min(due, now) - FIRST_COVERS
    until = max(until, since)
    named = digests.already_named(session, since - 2 * digests.LOOKED_BACK)
    fresh = [
        row for row in digests.news(session, now, since, until, first=before is None) if row.id not in named
    ]
    own = {row.id for row in fresh}
    coming = [row for row, _ in digests.coming_events(session, now, until + rules.DATES_AHEAD)]
    contents = [_entry(row, NEWS) for row in fresh]
    contents += [_entry(row, AHEAD) for row in coming if row.id not in own]
    return Contents(since, until, contents, _afterwards(session, now, since, until))


def preview(portal: Portal, session: Session, on: str, *, now: datetime) -> DigestIssue:
    """The issue of a date as it would be if it were closed now; it is not kept."""
    settings = portal.settings
    due = rules.due_at(date.fromisoformat(on), settings.digest_at, settings.zone)
    kept = digests.by_date(session, on)
    found = gather(session, now, now, due)
    return DigestIssue(
        date=on,
        due_at=due,
        late=False,
        intro=kept.intro if kept else "",
        chosen_order=kept.chosen_order if kept else [],
        contents=found.contents,
        afterwards=found.afterwards,
    )


def queue_deliveries(portal: Portal, issue_id: int, *, now: datetime) -> int:
    """One letter for each confirmed reader who finds something in it, and the bell for the sender. How many.

    Once: a second call makes none. Nothing while the issue, or a restored copy, is held, or it is not closed.
    """
    with portal.work() as work:
        if not _taken_for_queueing(work, issue_id, now):
            return 0
        issue = work.session.get_one(DigestIssue, issue_id)
        readers = list(addressees(work.session, issue, now, empty_too=portal.settings.digest_empty == "send"))
        for start in range(0, len(readers), BATCH):
            rows = [_letter(issue_id, reader) for reader in readers[start : start + BATCH]]
            work.session.execute(insert(DigestDelivery), rows)
        if not readers:
            issue.finished_at = now
        work.ring("mail", "send_digest", issue_id)
        work.commit()
        return len(readers)


def addressees(session: Session, issue: DigestIssue, now: datetime, *, empty_too: bool) -> list[int]:
    """Ids of the readers who are to get this issue, as they stand now."""
    entries, afterwords = rules.entries_of(issue.contents), rules.afterwords_of(issue.afterwards)
    had = digests.readers_who_had(session, {each.release_id for each in afterwords}, before_issue=issue.id)
    chosen = digests.choices(session)
    nothing: Collection[int] = ()
    found = []
    for reader, corrections_only in digests.confirmed_readers(session, now):
        wants = Wants(chosen.get(reader, Choice()), corrections_only)
        picked = rules.pick(entries, afterwords, wants, had.get(reader, nothing))
        if not picked.is_empty or (empty_too and not corrections_only):
            found.append(reader)
    return found


def issue_id_of(portal: Portal, on: str) -> int:
    """The closed issue of a date. Raises NotFound, Conflict where it is held."""
    with portal.database.reading() as session:
        issue = digests.by_date(session, on)
        if issue is None or issue.closed_at is None:
            raise NotFound(f"There is no closed issue of {on}.")
        if issue.held_at is not None and issue.queued_at is None:
            raise Conflict(f"The issue of {on} is held. An editor lets it go at /newsroom/newsletter.")
        return issue.id


def make_sure_of(portal: Portal, on: str, due: datetime) -> None:
    """The row of a date, made by whoever comes first."""
    with portal.work() as work:
        if digests.by_date(work.session, on) is not None:
            return
        work.session.add(DigestIssue(date=on, due_at=due))
        try:
            work.commit()
        except IntegrityError:
            return


def _taken_for_queueing(work: UnitOfWork, issue_id: int, now: datetime) -> bool:
    statement = (
        update(DigestIssue)
        .where(
            DigestIssue.id == issue_id,
            DigestIssue.closed_at.is_not(None),
            DigestIssue.queued_at.is_(None),
            DigestIssue.held_at.is_(None),
            restoring.not_held(),
        )
        .values(queued_at=now, version=DigestIssue.version + 1)
    )
    return bool(work.session.execute(statement).rowcount == 1)  # type: ignore[attr-defined]  # a CursorResult


def _letter(issue_id: int, reader: int) -> dict[str, Any]:
    return {
        "issue_id": issue_id,
        "subscriber_id": reader,
        "nonce": secrets.token_hex(8),
        "state": "pending",
        "attempts": 0,
        "last_error": "",
        # Due at once in real time also where a test clock is far ahead of it.
        "next_at": LONG_AGO,
    }


LONG_AGO = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


def _entry(release: Release, section: str) -> dict[str, Any]:
    revision = release.live_revision
    assert revision is not None  # public releases have a text
    return {
        "release_id": release.id,
        "reference": release.reference,
        "revision_id": revision.id,
        "hash": revision.hash,
        "kind": release.kind,
        "country": release.country_slug,
        "city": release.city_slug,
        "section": section,
    }


def _afterwards(session: Session, now: datetime, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """What readers may have to be told of releases that a letter has named, and that no issue has told before."""
    seen = since - digests.OVERLAP
    found = [
        *_each(KILL, digests.killed(session, seen, until)),
        *_each(REMOVAL, digests.removed(session, seen, until)),
        *_each(CORRECTION, digests.corrected(session, now, seen, until)),
        *_each(NOTICE, digests.noticed(session, now, seen, until)),
    ]
    told = digests.already_told(session, since - digests.LOOKED_BACK)
    found = [each for each in found if (each["release_id"], each["what"], each["at"]) not in told]
    mailed = digests.mailed_among(session, {each["release_id"] for each in found})
    return [each for each in found if each["release_id"] in mailed]


def _each(what: str, rows: Sequence[tuple[int, str, datetime]]) -> list[dict[str, Any]]:
    return [
        {"release_id": number, "reference": reference, "what": what, "at": at.isoformat()}
        for number, reference, at in rows
    ]
