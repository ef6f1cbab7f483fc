"""How names, times and other people's words stand in a mail, so that nobody can pose as us in it."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from portal.rules.facts import FACTS
from portal.rules.shown_times import shown
from portal.settings import Settings
from portal.storage.queries.mailing import Occasion
from portal.text.zones import clock_of

QUOTE_WIDTH = 70
_SPACE = re.compile(r"\s+")


def one_line(text: str) -> str:
    """Without line breaks, control and direction characters: fit for a header and for a line of ours."""
    shown_only = "".join(" " if _breaks(letter) else letter for letter in text if not _hidden(letter))
    return _SPACE.sub(" ", shown_only).strip()


def quoted(text: str) -> str:
    """Somebody's words as mail programs quote them: each line begins with `> `."""
    lines = [one_line(line) for line in text.splitlines()]
    wrapped = [part for line in lines for part in textwrap.wrap(line, QUOTE_WIDTH) or [""]]
    return "\n".join(f"> {line}".rstrip() for line in wrapped)


def marked(changes: list[tuple[str, str]]) -> str:
    """Two versions as one text without colours: what was taken out in [- -], what was put in in {+ +}."""
    marks = {"removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(marks.get(operation, "{}").format(text) for operation, text in changes)


def when(instant: datetime | None, zone: str) -> str:
    """`24 Mar 2026, 11:20 GMT+8`; nothing for no time."""
    return shown(instant, zone) if instant else ""


def with_utc(instant: datetime | None, zone: str) -> str:
    """`24 Mar 2026, 11:20 GMT+8 (03:20 UTC)`; with the date where it differs."""
    if instant is None:
        return ""
    utc, local = instant.astimezone(UTC), instant.astimezone(ZoneInfo(zone))
    if local.utcoffset() == utc.utcoffset():
        return f"{shown(instant, 'UTC').removesuffix(' GMT')} UTC"
    in_utc = f"{utc:%H:%M}" if utc.date() == local.date() else shown(instant, "UTC").removesuffix(" GMT")
    return f"{shown(instant, zone)} ({in_utc} UTC)"


def instant(text: object) -> datetime | None:
    """An instant from a timeline's detail."""
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None


def zone_of(occasion: Occasion, settings: Settings) -> str:
    """For the sender's side the clock of the release, as on its pages; the site's for everybody else."""
    if not to_sender(occasion) or occasion.edition is None:
        return settings.timezone
    return clock_of(occasion.edition.draft.get("values", {}), settings.timezone)


def to_sender(occasion: Occasion) -> bool:
    """Does this mail go to the side that sent the release?"""
    fact = FACTS.get(occasion.outbox.fact)
    return fact is not None and fact.tells_sender_by(occasion.delivery.template)


def headline(occasion: Occasion) -> str:
    """What the release is called, never in words of a correction that was not sent; without a headline it has a name, too."""
    public = occasion.release.live_revision if occasion.release else None
    known = occasion.revision or public
    text = known.headline if known else ""
    text = text or (occasion.edition.headline if occasion.edition else "")
    return one_line(text) or "(no headline yet)"


def _breaks(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) in ("Cc", "Zl", "Zp")


def _hidden(letter: str) -> bool:
    """Direction overrides, and halves of letters that no mail can carry."""
    return (
        letter in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" or "\ud800" <= letter <= "\udfff"
    )
