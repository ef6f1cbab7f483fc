"""How values become words on a page: times, states, languages, addresses. Templates get all of it from here.

No filter here marks anything as safe; `stored_html` is the text layer's own seam.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from email.utils import parseaddr

from flask import Flask

from portal.outlets.mail.newsletter_words import digest_time
from portal.rules.flag_words import FLAG_WORDS, flag_word
from portal.rules.kinds import KINDS
from portal.rules.publication_time import fold_answers
from portal.rules.shown_times import weekday
from portal.storage.queries.bounded import MOST
from portal.text.direction import direction_of, script_language
from portal.text.locales import likely_locale
from portal.text.mailboxes import mailto
from portal.text.measure import RUNS
from portal.text.quotes import in_marks
from portal.text.safe_html import trusted
from portal.text.telephones import telephones
from portal.web import choices
from portal.web.at_hand import clock_zone, now, settings
from portal.web.state_words import state_shape, state_word, with_notice
from portal.web.static_files import HEADLINE_FONT, has_fonts, static_url
from portal.web.times import (
    clock,
    clock_and_zone,
    day,
    iso,
    long_day,
    reads_as_time,
    short_date,
    when,
    zone_label,
)

TIGHT = re.compile(r"(\b\d+[–-]\d+\b)")


def dir_of(language: str | None) -> str:
    """`rtl` or `ltr` for a BCP 47 tag."""
    return direction_of(language or "en")


def label(organisation: object) -> str:
    """The line that tells supplied copy from our own; takes the organisation or its name."""
    return f"PRESS RELEASE – supplied by {getattr(organisation, 'name', organisation)}"


def dateline_text(dateline: str) -> str:
    """`SURABAYA, Indonesia –`, whether the dash came with it or not; nothing stays nothing."""
    place = dateline.strip().rstrip("–-").rstrip()
    return f"{place} –" if place else ""


def after_opening_paragraph_tag(body_html: str) -> str:
    """What follows a leading `<p>`, so that the template can open the paragraph with the dateline; else nothing."""
    return body_html[3:] if body_html.startswith("<p>") else ""


def parts_kept_together(text: str) -> list[tuple[str, bool]]:
    """The text in parts, each with whether a line may not break in it: scores and ranges such as `2–1`."""
    return [(part, bool(TIGHT.fullmatch(part))) for part in TIGHT.split(text) if part]


def counted(number: int, one: str, many: str) -> str:
    """`1 release` or `3 releases`."""
    return f"{number} {one if number == 1 else many}"


def bounded(number: int) -> str:
    """`17`, or `more than 1,000` where no further was counted."""
    return f"more than {MOST:,}" if number > MOST else str(number)


def found_up_to(number: int, one: str, many: str) -> str:
    """`1 release`, `3 releases`, `more than 1,000 releases`: of what is counted so far and no further."""
    return f"{bounded(number)} {one if number == 1 else many}"


def install(app: Flask) -> None:
    """Give every template its filters and globals. Nothing here touches the session."""
    app.jinja_env.filters.update(_filters())
    app.jinja_env.globals.update(_globals())
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _filters() -> dict[str, Callable[..., object]]:
    timed = {each.__name__: _in_our_zone(each) for each in (when, clock, clock_and_zone, day, long_day)}
    plain = (
        short_date,
        weekday,
        iso,
        dir_of,
        label,
        dateline_text,
        after_opening_paragraph_tag,
        counted,
        bounded,
        found_up_to,
        script_language,
        parts_kept_together,
        mailto,
        telephones,
        likely_locale,
        in_marks,
    )
    named = {each.__name__: each for each in (*plain, state_word, state_shape, with_notice, flag_word)}
    return {**timed, **named, "stored_html": trusted, "language_name": choices.language_name}


def _globals() -> dict[str, object]:
    return {
        **_filters(),
        "site": _Site(),
        "now": now,
        "clock_zone": clock_zone,
        "static_url": static_url,
        "has_fonts": has_fonts,
        "reads_as_time": reads_as_time,
        "fold_answers": fold_answers,
        "HEADLINE_FONT": f"/static/{HEADLINE_FONT}",
        "choices": choices,
        "flag_words": FLAG_WORDS,
        "unspaced_runs": RUNS,
        "KINDS": [(kind.name, kind.label, kind.plural) for kind in KINDS.values()],
        "kind_word": {kind.name: kind.label for kind in KINDS.values()},
    }


class _Site:
    """What pages say about the portal itself, read when they are drawn."""

    @property
    def name(self) -> str:
        return settings().site_name

    @property
    def base_url(self) -> str:
        return settings().base_url.rstrip("/")

    @property
    def timezone(self) -> str:
        return settings().timezone

    @property
    def zone_label(self) -> str:
        return zone_label(clock_zone(), now())

    @property
    def promise(self) -> str:
        return counted(settings().promise_hours, "hour", "hours")

    @property
    def has_desk_hours(self) -> bool:
        """Does the promise count in hours of the desk, and not day and night?"""
        return not settings().desk_hours.always

    @property
    def digest_at(self) -> str:
        return digest_time(settings(), now())

    @property
    def desk_address(self) -> str:
        """Where answers to our mails go; empty where nobody reads them."""
        return parseaddr(settings().duty_email)[1] if settings().duty_email else ""

    @property
    def mail_address(self) -> str:
        """Where mails of ours come from."""
        return parseaddr(settings().mail_from)[1]


def _in_our_zone(write: Callable[..., str]) -> Callable[..., str]:
    """The same writer, by the clock of the page unless another zone is named."""

    def written(instant: datetime | date, zone: str | None = None) -> str:
        return write(instant, zone or clock_zone())

    return written
