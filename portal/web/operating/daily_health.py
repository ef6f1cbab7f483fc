"""How the newest issue of the daily e-mail fares, as a line of `/newsroom/health`."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from portal.rules.shown_times import long_date
from portal.storage.queries.newsletter.digests import Progress
from portal.storage.tables import DigestIssue

SLOW = timedelta(hours=1)
"""So long after their making some letters may still wait without anything being wrong."""
MOST_FAILED = 0.05
"""The share of letters that may be refused, by addresses that are gone, before something is wrong with all."""
PAGE = "Go to the page Daily e-mail."

Told = tuple[str, str, str, str]
"""good, look or bad; what is so; what to do; whom to call."""


def told(newest: tuple[DigestIssue, Progress] | None, moment: datetime) -> Told:
    """The newest closed issue with how far its letters have come."""
    if newest is None:
        return "good", "No issue has been closed yet.", "", ""
    issue, letters = newest
    name = f"The issue of {long_date(date.fromisoformat(issue.date))}"
    if issue.late:
        name += ", closed late,"
    if issue.queued_at is None or issue.paused_at is not None:
        return _before(issue, name, letters)
    if letters.waiting:
        return _on_its_way(name, letters, moment - issue.queued_at)
    return _gone(name, letters)


def _before(issue: DigestIssue, name: str, letters: Progress) -> Told:
    if issue.paused_at is not None:
        told = f"{name} is paused: {_counts(letters)}."
        return "look", told, f"{PAGE} An editor sends the rest from there.", "desk"
    if issue.held_at is not None:
        return (
            "look",
            f"{name} is held. Nobody was sent it.",
            f"{PAGE} An editor sends it from there.",
            "desk",
        )
    return "good", f"{name} is closed and goes out at its hour.", "", ""


def _on_its_way(name: str, letters: Progress, since: timedelta) -> Told:
    if since <= SLOW:
        return "good", f"{name} is on its way: {_counts(letters)}.", "", ""
    todo = (
        "Look at the mail server, at portal worker and at portal clock. Letters are given up after 20 hours."
    )
    return "bad", f"{name} is still on its way: {_counts(letters)}.", todo, "operator"


def _gone(name: str, letters: Progress) -> Told:
    told = f"{name} has gone: {_counts(letters)}."
    if letters.of("failed") > MOST_FAILED * letters.readers:
        return "bad", told, f"Many were refused. {PAGE} It says what the mail server said.", "operator"
    if letters.of("uncertain"):
        todo = "Nobody knows whether the uncertain ones arrived. They are not sent again, so that nobody gets two."
        return "look", told, f"{todo} {PAGE}", "desk"
    return "good", told, "", ""


def _counts(letters: Progress) -> str:
    found = [f"{letters.of('sent'):,} sent"]
    for count, word in (
        (letters.waiting, "waiting"),
        (letters.of("failed"), "failed"),
        (letters.of("uncertain"), "uncertain"),
    ):
        if count:
            found.append(f"{count:,} {word}")
    return ", ".join(found)
