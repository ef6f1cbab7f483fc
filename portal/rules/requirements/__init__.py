"""Every check of a release in one call. The same issues feed the form, the check page and the editor's screen.

Blocking are missing answers, hard lengths, missing declarations, times that cannot be read or cannot be, malformed
addresses and more than eight links. Everything else advises.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from portal.rules.issues import ADVICE, BLOCKING, Issue, advice, blocking
from portal.rules.kinds import DECLARATIONS, PAGES, every_field
from portal.rules.kinds.fields import Values
from portal.rules.requirements import contact, figures, limits, links, people, required, times, writing
from portal.rules.requirements.case import Case
from portal.rules.requirements.flags import FLAGS, risk_flags
from portal.rules.requirements.measured import Measured
from portal.rules.requirements.priority import priority
from portal.rules.values import unreadable

__all__ = [
    "ADVICE", "BLOCKING", "FLAGS", "Issue", "Measured", "advice", "blocking", "check", "priority", "risk_flags",
]  # fmt: skip

Check = Callable[[Case], Iterator[Issue]]

CHECKS: tuple[Check, ...] = (
    required.missing_answers,
    required.missing_declarations,
    limits.headline_length,
    limits.second_lines,
    limits.summary_advice,
    limits.about_length,
    limits.other_lengths,
    links.link_count,
    limits.story_length,
    links.same_page_twice,
    links.hidden_behind_a_gate,
    times.publication_wish,
    times.event_times,
    times.old_news,
    times.weekdays_fit,
    figures.whole_numbers,
    figures.scores_as_typed,
    figures.amount_needs_currency,
    figures.score_in_headline,
    people.children,
    people.third_parties,
    people.partner_unnamed,
    people.quotes,
    contact.phone_numbers,
    contact.country_codes,
    writing.praise,
    writing.exclamation_marks,
    writing.direct_address,
    writing.headline_form,
    writing.summary_copies_lead,
    writing.weak_lead,
    writing.source_named,
    writing.capitals,
    writing.leftover_code,
    writing.left_out_of_a_paste,
    writing.marks_of_the_trade,
    writing.burmese_encoding,
)


def check(
    kind_name: str,
    values: Values,
    measured: Measured,
    *,
    now: datetime,
    organisation_name: str,
    site_timezone: str,
    countries: frozenset[str],
    languages: Callable[[str], bool],
    declared: Collection[str] | bool | None = None,
    is_correction: bool = False,
    min_embargo_minutes: int = 120,
    min_schedule_minutes: int = 15,
) -> list[Issue]:
    """All issues of one revision, in the order of pages and fields, what blocks before what advises.

    `declared` are the names of the ticked declarations (True: all, False: none); None while they are not asked.
    `countries` are the two-letter codes that exist; `languages` says whether a tag is registered.
    """
    case = Case(
        kind_name=kind_name,
        values=values,
        measured=measured,
        fields=every_field(kind_name, values, is_correction=is_correction),
        now=now,
        organisation_name=organisation_name,
        site_timezone=site_timezone,
        countries=countries,
        declared=_names(declared),
        is_correction=is_correction,
        min_embargo_minutes=min_embargo_minutes,
        min_schedule_minutes=min_schedule_minutes,
    )
    unread = unreadable(
        kind_name, None, values, countries=countries, languages=languages, is_correction=is_correction
    )
    return _in_order(case, _once_blocking([*unread, *(issue for look in CHECKS for issue in look(case))]))


def _names(declared: Collection[str] | bool | None) -> frozenset[str] | None:
    if declared is None or declared is False:
        return None if declared is None else frozenset()
    return frozenset(field.name for field in DECLARATIONS) if declared is True else frozenset(declared)


def _once_blocking(issues: Iterable[Issue]) -> list[Issue]:
    """A field that is wrong in one way is named once, by the first check that found it."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for issue in issues:
        if not issue.blocks or (issue.code, issue.field) not in seen:
            kept.append(issue)
        if issue.blocks:
            seen.add((issue.code, issue.field))
    return kept


def _in_order(case: Case, issues: list[Issue]) -> list[Issue]:
    fields = [*case.fields, *DECLARATIONS]
    pages = {field.name: field.page for field in fields}
    places = {field.name: place for place, field in enumerate(fields)}
    paged = [issue if issue.page else replace(issue, page=pages.get(issue.field, "")) for issue in issues]
    last = len(PAGES)
    return sorted(
        paged,
        key=lambda issue: (
            PAGES.index(issue.page) if issue.page in PAGES else last,
            places.get(issue.field, len(places)),
            not issue.blocks,
        ),
    )
