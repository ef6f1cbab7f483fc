"""Keeping approved releases findable: their words for the search, and the dates of events for the calendar.

Written in the transaction that makes a text live, so that nothing has to run for it to be found in its minute.
What is kept never decides what is shown: the public query does, each time somebody asks.
"""

from collections.abc import Mapping
from datetime import datetime

from portal.actions.portal import Portal
from portal.rules.kinds import facts_box, quotes_of
from portal.rules.kinds.fields import typed
from portal.rules.reading import read_datetime, zone_or_none
from portal.rules.release_states import LIVE
from portal.storage.queries import event_dates, known_words, searching
from portal.storage.tables import Release, Revision
from portal.storage.unit_of_work import UnitOfWork
from portal.text import plain, search_words
from portal.text.places import country_name
from portal.text.spelling import grams

BATCH = 200


def index(work: UnitOfWork, release: Release, revision: Revision) -> None:
    """Make this revision the one by which the release is found. The release has its time and its places."""
    english = revision.language.lower().partition("-")[0] == "en"
    words = search_words.words_of(revision.headline, text_of(release, revision), english=english)
    searching.put(work, release, revision.id, words)
    _unlearn(work, release)
    known_words.ask_for(work, [release.id])
    dates = event_hours(revision.content["values"]) if release.kind == "event" else None
    if dates:
        event_dates.put(work, release.id, revision.id, *dates)
    else:
        event_dates.remove(work, release.id)


def forget(work: UnitOfWork, release: Release) -> None:
    """Keep no word of it. The hours of an event stay, so that a calendar can be told that it is off."""
    searching.remove(work, release.id)
    _unlearn(work, release)


def follow(work: UnitOfWork, release: Release) -> None:
    """Keep what fits where the release stands now: after every step of its publication, whichever it was."""
    if release.publication != LIVE or release.live_revision_id is None:
        forget(work, release)
    elif not searching.is_current(work, release):
        index(work, release, work.session.get_one(Revision, release.live_revision_id))


def index_missing(portal: Portal) -> int:
    """Make anew what a live release lacks, as after the migration that brought the search; answers how many did."""
    made = 0
    while True:
        with portal.work() as work:
            lacking = searching.not_indexed(work.session, BATCH)
            for release in lacking:
                index(work, release, work.session.get_one(Revision, release.live_revision_id))
            work.commit()
        made += len(lacking)
        if len(lacking) < BATCH:
            return made


def event_hours(values: Mapping[str, str]) -> tuple[datetime, datetime] | None:
    """When an event begins and ends, as instants; None where the beginning or its zone cannot be read."""
    zone = zone_or_none(typed(values, "timezone"))
    begins = read_datetime(typed(values, "starts_at"))
    if zone is None or begins is None:
        return None
    starts = begins.replace(tzinfo=zone)
    said = read_datetime(typed(values, "ends_at"))
    return starts, max(starts, said.replace(tzinfo=zone)) if said else starts


def _unlearn(work: UnitOfWork, release: Release) -> None:
    """Words that were known by this release alone are learnt anew from another that holds them, where there is one."""
    for word in known_words.forget(work, release.id, grams):
        others = searching.holders(work.session, search_words.asked_terms(word)[0], besides=release.id)
        known_words.ask_for(work, others)


def text_of(release: Release, revision: Revision) -> str:
    """What readers see of it, the most telling first, should it be too long to keep all."""
    values = revision.content["values"]
    facts = (f"{fact.label} {fact.text}" for fact in facts_box(release.kind, values))
    quotes = (f"{quote.text} {quote.speaker} {quote.title}" for quote in quotes_of(release.kind, values))
    lines = (
        revision.headline,
        release.reference,
        release.organisation.name,
        revision.city,
        country_name(revision.country),
        country_name(revision.country, revision.language),
        typed(values, "subheadline"),
        typed(values, "summary"),
        *facts,
        plain.html_to_text(revision.content.get("body_html", "")),
        *quotes,
    )
    return "\n".join(lines)
