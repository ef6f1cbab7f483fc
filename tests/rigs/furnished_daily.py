"""The daily e-mail in a furnished portal: an issue that went out and holds a retraction since, and one in each state."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import insert, select, update

from portal.actions.mailing import suppressing
from portal.actions.newsletter import building, subscribing
from portal.outlets.newsletter.daily_email import daily_email
from portal.outlets.newsletter.trial_letter import everything
from portal.rules import newsletter_links as links
from portal.rules.reader_choice import Choice
from portal.storage.queries.newsletter import digests
from portal.storage.tables import DigestDelivery, DigestIssue, DigestItem, Release
from tests import builders
from tests.rigs.furnished import Furnished, Seen, pressing
from tests.rigs.mail_sink import add_readers
from tests.rigs.readers import Readers

HOUR = timedelta(hours=1)
READERS = 12
TODAY, TOMORROW = "2026-03-24", "2026-03-25"
ROOM = "/newsroom/newsletter"


def furnish_daily(found: Furnished) -> None:
    """Send today's issue, kill one of its releases since, and let readers leave, run late and be forgotten."""
    portal, now = found.site.portal, found.site.now
    with portal.work() as work:
        add_readers(work, READERS, now - 9 * HOUR)
        killed = builders.published_release(work, headline="A claim that was wrong", at=now - 7 * HOUR)
        killed_id = killed.id
        suppressing.suppress(
            work, "gone@home.example", reason="refused", detail="550 5.1.1 No such user", now=now
        )
        work.commit()
    building.close_issue(portal, TODAY, now=now - 5 * HOUR)
    _sent(found, TODAY, now - 5 * HOUR, still_waiting=0)
    with portal.work() as work:
        killed = work.session.get_one(Release, killed_id)
        killed.publication, killed.removed_at, killed.removal_reasons = "killed", now - HOUR, ["FACTS"]
        work.commit()
    found.reader_links |= _more_readers(found)


def _sent(found: Furnished, on: str, at: datetime, *, still_waiting: int) -> None:
    """Most have it; one is uncertain, one was refused, one had left."""
    portal = found.site.portal
    with portal.database.reading() as session:
        issue = digests.by_date(session, on)
    assert issue is not None
    building.queue_deliveries(portal, issue.id, now=at)
    with portal.work() as work:
        rows = work.session.scalars(select(DigestDelivery).where(DigestDelivery.issue_id == issue.id)).all()
        done = rows[: len(rows) - still_waiting]
        for row in done:
            row.state, row.sent_at, row.handed_at = "sent", at, at
        for row, (state, why) in zip(done, TROUBLE, strict=False):
            row.state, row.sent_at, row.last_error = state, None, why
        named = [each["release_id"] for each in issue.contents if each["section"] == "news"]
        ledger = [{"delivery_id": row.id, "release_id": number} for row in done for number in named]
        work.session.execute(insert(DigestItem), ledger)
        if not still_waiting:
            work.session.execute(update(DigestIssue).where(DigestIssue.id == issue.id).values(finished_at=at))
        work.commit()


TROUBLE = (
    ("uncertain", "The connection broke after the last line."),
    ("failed", "550 5.1.1 <reader2@home.example> No such user here"),
    ("dropped", "the reader left the list"),
)


def _more_readers(found: Furnished) -> dict[str, str]:
    """Somebody who left, somebody whose data was deleted, and a link that expired."""
    portal, now = found.site.portal, found.site.now
    readers, key = Readers(portal), portal.settings.mail_key
    paths = {}
    for name, asked_at in (("left", now), ("erased", now), ("expired", now - timedelta(days=8))):
        readers.ask(f"{name}@home.example", kinds=["sports"], now=asked_at)
        row = readers.reader(f"{name}@home.example")
        paths[name] = links.unsubscribe_path(key, row.id, row.nonce)
        if name == "expired":
            paths[name] = links.confirm_path(key, row.id, row.nonce, row.asked_at)
    subscribing.leave(portal, paths["left"].rpartition("/")[2], now=now)
    subscribing.erase(portal, "erased@home.example", now=now)
    return paths


def for_visitors(found: Furnished) -> list[Seen]:
    preferences = found.reader_links["preferences"]
    return [
        Seen("newsletter-issue", f"/newsletter/issues/{TODAY}"),
        Seen("newsletter-past-issues", "/newsletter/issues/"),
        Seen("newsletter-deleted", "/newsletter/preferences?after=deleted", like="newsletter-erased"),
        Seen("newsletter-preferences-refused", preferences, pressing("Delete and leave")),
        Seen("newsletter-preferences-kept", preferences, pressing("Keep this from the next letter on")),
        Seen("daily-mail", "/newsletter/sent", partial(_show_the_letter, found)),
    ]


def for_editors(found: Furnished) -> list[Seen]:
    """In this order, by which the states follow on one another."""
    return [
        Seen("newsroom-daily-coming", ROOM),
        Seen("newsroom-daily-refused", ROOM, _write_too_long_a_line),
        Seen("newsroom-daily-held", ROOM, pressing("Hold it"), like="newsroom-daily-coming"),
        Seen("newsroom-daily-closed-held", ROOM, partial(_close_tomorrow, found)),
        Seen("newsroom-daily-going", ROOM, partial(_send_half, found)),
        Seen("newsroom-daily-paused", ROOM, pressing("Stop now"), like="newsroom-daily-going"),
    ]


def for_administrators(_found: Furnished) -> list[Seen]:
    return [
        Seen("newsroom-daily-suppressions", f"{ROOM}#suppressions"),
        Seen("newsroom-daily-lift-refused", ROOM, pressing("Mail it again")),
    ]


def letter_of(found: Furnished, on: str, form: str = "html") -> str:
    """The letter of somebody who chose everything, as text or HTML."""
    portal, now = found.site.portal, found.site.now
    with portal.database.reading() as session:
        issue = building.preview(portal, session, on, now=now)
        letters = daily_email(session, issue, portal.settings, now)
        picked = everything(issue, letters.material.releases)
        write = letters.html if form == "html" else letters.text
        return write(picked, Choice(), "reader@home.example")


def _show_the_letter(found: Furnished, page: Any) -> None:
    """As a mail program does: on its own, without the site's styles."""
    page.goto("about:blank")
    page.set_content(letter_of(found, TOMORROW))


def _write_too_long_a_line(page: Any) -> None:
    page.eval_on_selector("#intro", "field => { field.value = 'Good morning. '.repeat(40) }")
    pressing("Keep the line")(page)


def _close_tomorrow(found: Furnished, page: Any) -> None:
    building.close_issue(found.site.portal, TOMORROW, now=found.site.now)
    _set(found, held_at=found.site.now)
    page.reload()


def _send_half(found: Furnished, page: Any) -> None:
    _set(found, held_at=None)
    _sent(found, TOMORROW, found.site.now, still_waiting=7)
    page.reload()


def _set(found: Furnished, **values: Any) -> None:
    with found.site.portal.work() as work:
        work.session.execute(update(DigestIssue).where(DigestIssue.date == TOMORROW).values(**values))
        work.commit()
