"""One release as the daily e-mail names it: as news, as a date ahead, or as a note on what was sent before."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.outlets.mail import mail_words
from portal.outlets.mail.notices import TEMPLATES
from portal.outlets.public_release import FullRelease, PublicRelease
from portal.outlets.removed_release import REQUEST, address_of, removed
from portal.rules.digest import KILL, NOTICE, REMOVAL, Afterword
from portal.rules.reading import zone_or_none
from portal.rules.shown_times import MONTHS, offset_name, weekday
from portal.settings import Settings
from portal.storage.queries.public_releases import Tombstone
from portal.text.direction import direction_of
from portal.text.plain import excerpt

LONGEST_EXCERPT = 200
LONGEST_NOTE = 300
AHEAD_ITEM = "ahead"
_TIGHT = re.compile(r"(\b[A-Z]+-\d{4}-[0-9A-Z]{5}\b|\b\d+[–-]\d+\b)")
_WIDTH = 72


class Letters(Protocol):
    """What notes and dates are made from: the issue that names them."""

    home: str

    @property
    def material(self) -> Any: ...  # a Material of daily_email.py

    @property
    def settings(self) -> Settings: ...


@dataclass(frozen=True)
class Item:
    """A release as news. `off` is the word before its headline (Cancelled), `mark` one behind its text (Corrected)."""

    url: str
    headline: str
    language: str
    dateline: str
    excerpt: str
    supplier: str
    kind: str
    mark: str
    off: str = ""


@dataclass(frozen=True)
class Ahead:
    """An event still to come, in the time of its own place."""

    url: str
    headline: str
    language: str
    day: str
    clock: str
    city: str
    mark: str


@dataclass(frozen=True)
class Afternote:
    """What became of a release that was sent before; a retracted one is not named by its headline."""

    heading: str
    headline: str
    language: str
    text: str
    url: str
    link: str
    gone: bool = False


def item_of(release: PublicRelease, home: str) -> Item:
    place = release.dateline.strip().rstrip("–-").rstrip()
    return Item(
        url=home + release.url,
        headline=mail_words.one_line(release.headline),
        language=release.language,
        dateline=mail_words.one_line(f"{place} –") if place else "",
        excerpt=excerpt(mail_words.one_line(release.excerpt), LONGEST_EXCERPT),
        supplier=mail_words.one_line(release.organisation.name),
        kind=release.kind_label,
        mark=next((notice.word for notice in release.notices if notice.heading), ""),
        off=release.banner.word if release.banner else "",
    )


def ahead_item(letters: Letters, number: int) -> Ahead:
    release: FullRelease = letters.material.releases[number]
    starts: datetime | None = letters.material.starts.get(number)
    zone = zone_or_none(release.answers.get("timezone", "")) or ZoneInfo(letters.settings.timezone)
    local = starts.astimezone(zone) if starts else None
    return Ahead(
        url=letters.home + release.url,
        headline=mail_words.one_line(release.headline),
        language=release.language,
        day=f"{weekday(local)[:3]} {local.day} {MONTHS[local.month - 1]}" if local else "",
        clock=f"{local:%H:%M} {offset_name(local)}" if local else "",
        city=mail_words.one_line(release.city),
        mark=release.banner.word if release.banner else "",
    )


def note_of(letters: Letters, after: Afterword) -> Afternote:
    if after.what == KILL:
        return _retraction(letters.material.tombstones[after.release_id], letters.home)
    if after.what == REMOVAL:
        reference, supplier = letters.material.removed[after.release_id]
        return _removal(reference, supplier, letters.home)
    return _note(letters.material.releases[after.release_id], after.what, letters.home)


def _retraction(tombstone: Tombstone, home: str) -> Afternote:
    gone = removed(tombstone)
    return Afternote(
        heading=mail_words.one_line(f"{gone.title}."),
        headline="",
        language="en",
        text=mail_words.one_line(f"{' '.join(gone.why)} {REQUEST}"),
        url=home + address_of(gone.ref),
        link="The notice",
        gone=True,
    )


def _removal(reference: str, supplier: str, home: str) -> Afternote:
    """Of one that was taken down, or whose approval was taken back: it may come back, so nothing more is said."""
    name = mail_words.one_line(f"Removed: release {reference}, supplied by {supplier}")
    return Afternote(
        heading=f"{name}.",
        headline="",
        language="en",
        text=f"Our editors took it off the site after we had sent it to you. {REQUEST}",
        url=f"{home}/releases/",
        link="All releases",
        gone=True,
    )


def _note(release: FullRelease, what: str, home: str) -> Afternote:
    """The newest correction, or the banner that an editor set over it."""
    is_banner = what == NOTICE and release.banner is not None
    found = release.banner if is_banner else next(iter(reversed(release.notices)), None)
    heading = found.word if is_banner and found else "Correction to what we sent you"
    return Afternote(
        heading=f"{heading}.",
        headline=mail_words.one_line(release.headline),
        language=release.language,
        text=excerpt(mail_words.one_line(found.text if found else ""), LONGEST_NOTE),
        url=home + release.url,
        link="The release" if is_banner else "The corrected release",
    )


def parts(form: str) -> Any:
    """The pieces of a letter in one form (`html`, `txt`), as functions that write them."""
    return _pieces()[form]


@cache
def _pieces() -> Mapping[str, Any]:
    return {
        form: _environment(escape=form == "html").get_template(f"daily/parts.{form}").module
        for form in _FORMS
    }


_FORMS = ("html", "txt")


def _environment(*, escape: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=escape,  # noqa: S701  # off for the text part only, which no browser reads as HTML
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"dir_of": direction_of, "parts": _kept_together, "wrapped": _wrapped}
    return environment


def _kept_together(text: str) -> list[tuple[str, bool]]:
    return [(part, bool(_TIGHT.fullmatch(part))) for part in _TIGHT.split(text) if part]


def _wrapped(text: str) -> str:
    """Lines of ours; long words such as addresses stay whole."""
    return "\n".join(textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False))
