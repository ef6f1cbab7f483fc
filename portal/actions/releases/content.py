"""What an edition holds: the typed values, the sanitised story beside them, and the checks run over both.

Content is `{"values": {field: text}, "body_html": "…", "typed": {…}}`; `typed` keeps a paste as it came. Only a draft
has `left_out` (of a paste), `chosen` (fields that no longer follow the place), `set_aside` (answers of another kind),
`taken_out` (of the story, and put where it belongs) and `rest` (lines behind the first of a headline).
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from portal.rules.issues import Issue, blocking
from portal.rules.kinds import DECLARATIONS, MOST_QUOTES, Field, fields_of
from portal.rules.requirements import Measured, check
from portal.rules.values import unreadable
from portal.settings import Settings
from portal.storage.tables import Organisation
from portal.text import body, gates, languages, markdown, measure, places, plain
from portal.text.answers import cleaned
from portal.text.markup.left_out import LeftOut

Content = dict[str, Any]
COUNTRIES = frozenset(code for code, _ in places.countries())
MOST_CHARACTERS = 20_000  # of one field that is not the story; the form's own limits are far below
TOLD_WHILE_WRITING = ("left_out", "chosen", "set_aside", "taken_out", "rest")
NOT_COPIED = ("timing", "release_at", "release_timezone", "release_fold")


def empty() -> Content:
    return {"values": {}, "body_html": ""}


def merged(
    content: Content, kind: str, page: str, posted: Mapping[str, str], *, is_correction: bool = False
) -> Content:
    """The content with one page's posted fields in it. A field that was not posted keeps its value."""
    fields = fields_on(kind, page, is_correction=is_correction)
    fresh = {name: _kept(field, posted[name]) for name, field in fields.items() if name in posted}
    values = _with_bare_city({**_without_an_old_fold(content.get("values", {}), fresh), **fresh})
    changed = {**content, "values": values}
    return with_story(changed) if "body" in fresh else changed


def _with_bare_city(values: dict[str, str]) -> dict[str, str]:
    """`Kuala Lumpur`, where somebody wrote the country behind it that we set ourselves."""
    if "city" not in values:
        return values
    city = places.city_of(
        values["city"], values.get("country", "").strip(), values.get("language", "").strip()
    )
    return {**values, "city": city}


def _without_an_old_fold(kept: Mapping[str, str], fresh: Mapping[str, str]) -> dict[str, str]:
    """Which of two equal hours was meant is forgotten with the time that it was asked of."""
    moved = any(
        fresh.get(name, kept.get(name)) != kept.get(name) for name in ("release_at", "release_timezone")
    )
    return {name: text for name, text in kept.items() if not (moved and name == "release_fold")}


def without_timing(content: Content) -> Content:
    """The content of a correction: it goes out when it is approved."""
    values = {name: value for name, value in content["values"].items() if name not in NOT_COPIED}
    return {**content, "values": values}


def without_an_unwished_time(content: Content) -> Content:
    """What runs as soon as it is approved has no time, no zone and no choice between two hours any more."""
    if content["values"].get("timing", "").strip() != "immediate":
        return content
    values = {name: "" if name in NOT_COPIED[1:] else text for name, text in content["values"].items()}
    chosen = [name for name in content.get("chosen", ()) if name not in NOT_COPIED]
    return {**content, "values": values, **({"chosen": chosen} if "chosen" in content else {})}


def copied(content: Content) -> Content:
    """The content for a new beginning: without a time, and without what its sender declared."""
    timeless = without_timing(content)
    values = {name: text for name, text in timeless["values"].items() if not name.startswith("declare_")}
    return as_sent({**timeless, "values": values})


@cache
def fields_on(kind: str, page: str, *, is_correction: bool = False) -> Mapping[str, Field]:
    """The fields that this page's form may write, by name, and no others. A correction has no timing."""
    fields = fields_of(kind, page, MOST_QUOTES, is_correction=is_correction)
    return {field.name: field for field in fields}


def unreadable_on(kind: str, page: str, content: Content, *, is_correction: bool = False) -> list[Issue]:
    """What was typed on a page and cannot be read: saved as typed, shown at the field."""
    issues = unreadable(
        kind,
        page,
        content["values"],
        countries=COUNTRIES,
        languages=languages.is_registered,
        is_correction=is_correction,
    )
    return issues + _story_problem(content) if page == "story" else issues


def issues_of(  # noqa: PLR0913  # what the rules ask about, each by its name
    kind: str,
    content: Content,
    organisation: Organisation,
    settings: Settings,
    *,
    now: datetime,
    declared: frozenset[str] | None,
    is_correction: bool = False,
    counts: Measured | None = None,
) -> list[Issue]:
    """Every check, blocking ones first. `counts`: what was measured of the text, where that was done already."""
    found = check(
        kind,
        content["values"],
        counts or measured(content, organisation),
        now=now,
        organisation_name=organisation.name,
        site_timezone=settings.timezone,
        countries=COUNTRIES,
        languages=languages.is_registered,
        declared=declared,
        is_correction=is_correction,
        min_embargo_minutes=settings.min_embargo_minutes,
        min_schedule_minutes=settings.min_schedule_minutes,
    )
    return sorted([*_story_problem(content), *found], key=lambda issue: not issue.blocks)


def measured(content: Content, organisation: Organisation) -> Measured:
    """What the rules need to know of the text, counted by the text layer."""
    values, html = content["values"], content.get("body_html", "")
    text = plain.html_to_text(html)
    headline, summary = values.get("headline", ""), values.get("summary", "")
    addresses = measure.link_addresses(html)
    return Measured(
        body_text=text,
        lead=plain.first_paragraph(html),
        body_words=measure.word_count(text),
        body_links=tuple(addresses),
        shut_links=tuple(address for address in addresses if gates.is_shut(address)),
        body_scripts=measure.scripts_without_spaces(text),
        headline_words=measure.word_count(headline),
        headline_is_dense=measure.is_dense(headline),
        headline_graphemes=measure.grapheme_count(headline),
        subheadline_graphemes=measure.grapheme_count(values.get("subheadline", "")),
        summary_graphemes=measure.grapheme_count(summary),
        summary_is_dense=measure.is_dense(summary),
        left_out=content.get("left_out", {}),
        about_words=measure.word_count(organisation.about),
    )


def excerpt(content: Content, characters: int = 280) -> str:
    """The summary, or else the beginning of the story."""
    summary = content["values"].get("summary", "").strip()
    return plain.excerpt(summary or plain.opening(content.get("body_html", "")), characters)


def content_hash(content: Content) -> str:
    """SHA-256 (hex) of the content: what a decision names."""
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def comparable_text(content: Content) -> str:
    """What two releases are compared by: the headline and the story."""
    return f"{content['values'].get('headline', '')}\n{plain.html_to_text(content.get('body_html', ''))}"


def declared_in(content: Content, posted: Mapping[str, str]) -> Content:
    """The content with the ticks of the check page."""
    ticks = {field.name: "y" if posted.get(field.name) == "y" else "" for field in DECLARATIONS}
    return {**content, "values": {**content["values"], **ticks}}


def declarations_of(content: Content) -> frozenset[str]:
    """The names of the declarations that are ticked."""
    return frozenset(field.name for field in DECLARATIONS if content["values"].get(field.name) == "y")


def _kept(field: Field, typed: str) -> str:
    """An answer as it is stored. Forms clean theirs too; whoever calls an action without a form stores no other."""
    clean = cleaned(field, typed)
    return clean if field.name == "body" else clean[:MOST_CHARACTERS]


def with_story(content: Content) -> Content:
    """Sanitise the story now, so that no reader ever has to. A paste is kept as it came and shown as Markdown."""
    values = content["values"]
    typed, written_as = values.get("body", ""), values.get("body_format", "") or "text"
    changed = {
        key: value for key, value in content.items() if key not in ("body_problem", "typed", "left_out")
    }
    story = body.read_story(typed, written_as)
    if story.problem:
        return {**changed, "body_html": "", "body_problem": story.problem}
    if written_as == "html":
        values = {**values, "body": markdown.from_html(story.html), "body_format": "markdown"}
        changed |= {"values": values, **_kept_of_a_paste(typed, story.left_out)}
    return {**changed, "body_html": story.html}


def _kept_of_a_paste(typed: str, left_out: LeftOut) -> Content:
    """The paste as it came; where parts of it were deleted or are comments, only how many: nobody meant to hand them on."""
    if left_out:
        return {"left_out": left_out.as_numbers()}
    return {"typed": {"body": typed, "body_format": "html"}}


def as_sent(content: Content) -> Content:
    """Without what only its writer was told while writing."""
    return {key: value for key, value in content.items() if key not in TOLD_WHILE_WRITING}


def _story_problem(content: Content) -> list[Issue]:
    problem = content.get("body_problem", "")
    return [replace(blocking("FORMAT", "body", problem), page="story")] if problem else []
