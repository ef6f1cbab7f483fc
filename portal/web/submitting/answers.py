"""What was answered, as the check page and the receipt read it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from portal.actions.publishing.going_live import wished
from portal.rules.issues import Issue
from portal.rules.kinds import Field, asked, choice_label, every_field
from portal.rules.kinds.contact_page import timed
from portal.rules.kinds.fields import answered
from portal.rules.publication_time import ZoneLine, echo
from portal.rules.reading import read_date, read_datetime, zone_or_none
from portal.rules.shown_times import short_day
from portal.settings import Settings
from portal.storage.queries.releases import Case
from portal.text import languages, measure, places, plain
from portal.text.zones import clock_of

SHORT = 300


@dataclass(frozen=True)
class Answer:
    """One answer with the way to change it."""

    name: str
    label: str
    text: str
    page: str
    lines: list[ZoneLine] = field(default_factory=list)
    language: str = ""
    said: str = ""  # the field inside a sentence: "the headline"
    advice: list[Issue] = field(default_factory=list)
    stops: bool = False  # something about it stands in the box of what stops the release


@dataclass(frozen=True)
class Runs:
    """When it goes out if the answer is yes: `at` is None for as soon as it is approved."""

    at: datetime | None
    timing: str
    lines: list[ZoneLine]


def rows(case: Case, settings: Settings) -> list[Answer]:
    """Every answer that was given, and every one that is asked for and missing."""
    values = case.edition.draft.get("values", {})
    language = values.get("language", "")
    fields = every_field(case.release.kind, values, is_correction=case.edition.is_correction)
    shown = (item for item in fields if _is_shown(item, values))
    return [_answer(item, values, case, language, settings) for item in shown]


def with_issues(found: list[Answer], issues: Sequence[Issue]) -> tuple[list[Answer], list[Issue]]:
    """Each piece of advice at the answer that it is about, or at the nearest one before it; and what is about none."""
    places = {row.name: place for place, row in enumerate(found)}
    left_over = []
    for issue in issues:
        place = _place(issue, found, places)
        if issue.blocks and issue.field in places:
            found[places[issue.field]] = replace(found[places[issue.field]], stops=True)
        elif not issue.blocks and place is None:
            left_over.append(issue)
        elif not issue.blocks and place is not None:
            found[place].advice.append(issue)
    return found, left_over


def anchors(reference: str, issues: Sequence[Issue]) -> dict[str, str]:
    """Where each field can be mended that is not on the check page itself."""
    base = f"/desk/releases/{reference}/edit"
    pages = {
        each.field: f"{base}/{each.page}#{each.field}" for each in issues if each.page not in ("", "check")
    }
    return {**pages, "about": "/desk/organisation#about"}


def _place(issue: Issue, found: list[Answer], places: Mapping[str, int]) -> int | None:
    """Of a quote without a speaker: at its words. Of an answer that is not there: after the last of its page."""
    stem = f"{issue.field.rpartition('-')[0]}-text"
    of_its_page = [place for place, row in enumerate(found) if row.page == issue.page]
    return places.get(issue.field, places.get(stem, of_its_page[-1] if of_its_page else None))


def runs(case: Case, settings: Settings) -> Runs:
    """The wish of the text that counts: what was sent, or else what is written."""
    values = case.edition.draft.get("values", {})
    wish = wished(values, settings)
    lines = zones_of(wish.at, values, settings) if wish.at else []
    return Runs(wish.at, wish.timing, lines)


def zones_of(instant: datetime, values: Mapping[str, str], settings: Settings) -> list[ZoneLine]:
    """An instant in the zone chosen for the release, by the clock of its pages, the site's and UTC, each once."""
    own = values.get("release_timezone", "").strip() or values.get("timezone", "").strip()
    known = (own, clock_of(values, settings.timezone), settings.timezone, "UTC")
    zones = [zone for zone in known if zone and zone_or_none(zone)]
    return echo(instant, zones)


def _is_shown(item: Field, values: Mapping[str, str]) -> bool:
    if item.name == "body_format":
        return False
    if item.name in ("release_at", "release_timezone", "release_fold") and not timed(values):
        return False
    return answered(item, values) or asked(item, values)


def _answer(item: Field, values: Mapping[str, str], case: Case, language: str, settings: Settings) -> Answer:
    lines = runs(case, settings).lines if item.name == "release_at" else []
    own = language if item.type in ("line", "text") else ""
    return Answer(item.name, item.label, _text(item, values, case), item.page, lines, own, item.in_a_sentence)


def _text(item: Field, values: Mapping[str, str], case: Case) -> str:
    typed = values.get(item.name, "").strip() or item.start
    if item.name == "body":
        return _story(typed, case)
    if item.type == "tick":
        return "Yes" if typed == "y" else ""
    if item.type == "country":
        return places.country_name(typed) if places.is_country(typed) else typed
    if item.type == "language":
        return languages.language_name(typed) if typed and languages.is_registered(typed) else typed
    if item.type in ("date", "date_or_immediate", "datetime"):
        return _moment(item.type, typed)
    return plain.excerpt(choice_label(item, typed), SHORT)


def _moment(kind: str, typed: str) -> str:
    """`12 Dec 2026`, `12 Dec 2026, 18:30`; what cannot be read stays as typed."""
    if kind == "datetime":
        found = read_datetime(typed)
        return f"{short_day(found)}, {found:%H:%M}" if found else typed
    day = read_date(typed)
    return short_day(day) if day else typed


def _story(typed: str, case: Case) -> str:
    if not typed:
        return ""
    html = case.edition.draft.get("body_html", "")
    text = plain.html_to_text(html)
    words = measure.word_count(text)
    links = measure.link_count(html)
    counted = (
        f"{words} {'word' if words == 1 else 'words'}, {links or 'no'} {'link' if links == 1 else 'links'}"
    )
    return f"{counted}. {plain.excerpt(text, 160)}"
