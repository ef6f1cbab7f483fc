"""What editors do with an issue before and while it goes out: a line at its head, the order, keeping it back and letting it go.

The row of a date that is still to come is made by the first of these steps. A version that moved meanwhile is refused;
the same press once more is not, and does nothing.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.actions.newsletter.building import make_sure_of
from portal.actions.portal import Portal
from portal.actions.presses import begin_press, keep_press
from portal.rules import digest as rules
from portal.rules.permissions import Person, may_steer_letters
from portal.rules.refusals import Conflict, NotFound, refused
from portal.storage import timeline
from portal.storage.queries import releases
from portal.storage.queries.newsletter import digests
from portal.storage.tables import DigestIssue
from portal.storage.unit_of_work import UnitOfWork
from portal.text.plain import clean_line

LONGEST_INTRO = 400
MOST_ORDERED = 20
NOT_IN_IT = "There is no release with the reference {reference} to place. Choose from the list."
OWN = (
    "You belong to the organisation of {reference}. Another editor gives it its place; yours was not changed."
)
AHEAD_AND_NEWEST = rules.FURTHEST_AHEAD.days + 1


def at_hand(portal: Portal, session: Session, *, now: datetime) -> tuple[str, DigestIssue | None]:
    """The date that the newsroom's page is about, and its row.

    It is the newest whose hour has come, unless it has all gone; else one that was closed ahead; else the coming one.
    """
    newest = digests.newest_issues(session, AHEAD_AND_NEWEST)
    due = [issue for issue in newest if issue.due_at <= now][:1]
    ahead = [issue for issue in reversed(newest) if issue.due_at > now]
    for issue in (*due, *ahead):
        if issue.finished_at is None:
            return issue.date, issue
    return coming(portal, session, now=now)


def coming(portal: Portal, session: Session, *, now: datetime) -> tuple[str, DigestIssue | None]:
    """The first date whose issue is still open, and its row where somebody has made it."""
    settings = portal.settings
    day = rules.next_due(now, settings.digest_at, settings.zone)
    while (issue := digests.by_date(session, day.isoformat())) is not None and issue.closed_at is not None:
        day = rules.next_due(
            rules.due_at(day, settings.digest_at, settings.zone), settings.digest_at, settings.zone
        )
    return day.isoformat(), issue


def save(
    portal: Portal,
    person: Person,
    on: str,
    *,
    intro: str,
    order: Sequence[str],
    version: int | None,
    now: datetime,
) -> None:
    """The introduction and the editors' order; references that are named twice count once.

    Raises NotFound for those who decide nothing, Invalid, also for a place given to a release of one's own organisation,
    and Conflict.
    """
    _require_steering(person)
    words = clean_line(intro)
    if len(words) > LONGEST_INTRO:
        sentence = f"The line has {len(words)} characters. Keep {LONGEST_INTRO} or fewer."
        raise refused("intro", sentence, "LENGTH")
    chosen = [each for each in dict.fromkeys(order) if each][:MOST_ORDERED]
    with _at_work_on(portal, on, version) as (work, issue):
        if issue.queued_at is not None:
            raise Conflict("This issue is going out already. Nothing was changed.")
        _require_places(work, issue, person, chosen)
        issue.intro, issue.chosen_order = words, chosen
        _record(work, issue, "issue_saved", person, now)


def keep_back(portal: Portal, person: Person, on: str, *, version: int | None, now: datetime) -> None:
    """Keep the issue back: nothing of it leaves from now on. It is closed at its hour all the same. Raises NotFound, Conflict."""
    _require_steering(person)
    with _at_work_on(portal, on, version) as (work, issue):
        if issue.finished_at is not None:
            raise Conflict("This issue has gone out. Nothing was changed.")
        if issue.queued_at is not None:
            issue.paused_at = now
        else:
            issue.held_at, issue.held_by_id = now, person.id
        _record(work, issue, "issue_held", person, now)


def let_go(portal: Portal, person: Person, on: str, *, version: int | None, now: datetime) -> None:
    """It goes out at its hour, or at once where that is over. Raises NotFound, Conflict."""
    _require_steering(person)
    with _at_work_on(portal, on, version) as (work, issue):
        issue.held_at, issue.held_by_id, issue.paused_at = None, None, None
        _record(work, issue, "issue_let_go", person, now)
        if issue.queued_at is not None and issue.finished_at is None:
            work.ring("mail", "send_digest", issue.id)


@contextmanager
def _at_work_on(portal: Portal, on: str, version: int | None) -> Iterator[tuple[UnitOfWork, DigestIssue]]:
    """The issue of a day, locked, as the editor's page showed it; committed at the end of the block.

    Raises Conflict, and Repeated where the press that set it off has done its work.
    """
    settings = portal.settings
    make_sure_of(portal, on, rules.due_at(date.fromisoformat(on), settings.digest_at, settings.zone))
    with portal.work() as work:
        issue = digests.by_date(work.session, on, lock=True)
        assert issue is not None  # made above
        pressed = begin_press(work, portal.press, still=lambda left_at: left_at == str(issue.version))
        _require_version(issue, version)
        yield work, issue
        keep_press(pressed, result=str(issue.version))
        work.commit()


def _require_steering(person: Person) -> None:
    if not may_steer_letters(person):
        raise NotFound


def _require_places(work: UnitOfWork, issue: DigestIssue, person: Person, chosen: Sequence[str]) -> None:
    """Nobody places what is not there, nor moves what their own organisation sent. Raises Invalid."""
    before = list(issue.chosen_order)
    owners = releases.organisations_of(work.session, {*chosen, *before})
    for place, reference in enumerate(chosen):
        if reference not in owners:
            raise refused("order", NOT_IN_IT.format(reference=reference[:40]), "FIELD")
        if owners[reference] in person.memberships and before[place : place + 1] != [reference]:
            raise refused("order", OWN.format(reference=reference), "FIELD")
    for place, reference in enumerate(before):
        if owners.get(reference) in person.memberships and list(chosen)[place : place + 1] != [reference]:
            raise refused("order", OWN.format(reference=reference), "FIELD")


def _record(work: UnitOfWork, issue: DigestIssue, fact: str, person: Person, now: datetime) -> None:
    issue.version += 1
    timeline.append_account_event(work, fact=fact, now=now, actor_id=person.id)


def _require_version(issue: DigestIssue, version: int | None) -> None:
    """A row that did not exist when the page was drawn has the first version."""
    if version is not None and issue.version != max(version, 1):
        raise Conflict("The issue was changed meanwhile. Nothing was changed now; look at it as it stands.")
