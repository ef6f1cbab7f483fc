"""The demo data itself: complete, plain, invented, and never out of date."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.actions.releases import content as contents
from portal.demo import reading
from portal.demo.reading import DemoRelease
from portal.rules.issues import Issue
from portal.rules.kinds import DECLARATIONS, KINDS, every_field
from portal.rules.reading import read_datetime
from portal.rules.reasons import REASONS
from portal.settings import Settings
from portal.storage.tables import Organisation

NOON = datetime(2026, 3, 24, 3, 20, tzinfo=UTC)
SITE = ZoneInfo("Asia/Singapore")
RELEASES = reading.releases(NOON.astimezone(SITE).date())
SENT = [release for release in RELEASES if release.story.state != "draft"]
HOUSES = {house["key"]: house for house in reading.organisations()}
FLAWED = ("draft", "rejected", "changes_requested")
COUNTRIES = {"MM", "TH", "LA", "KH", "VN", "MY", "SG", "ID", "PH", "TL", "BN"}


def named(release: DemoRelease) -> str:
    return release.key


def issues_of(release: DemoRelease, settings: Settings, now: datetime = NOON, **other: str) -> list[Issue]:
    """What the checks said at the moment when it was sent."""
    content = contents.empty()
    values = {**release.values, **other}
    for page in ("news", "facts", "story", "contact"):
        content = contents.merged(content, release.kind, page, values)
    house, story = HOUSES[release.organisation], release.story
    sent = story.resent if story.resent and not other else story.sent or story.saved
    return contents.issues_of(
        release.kind,
        content,
        Organisation(name=house["name"], about=house["about"]),
        settings,
        now=now + (sent or timedelta()),
        declared=[field.name for field in DECLARATIONS if values.get(field.name) == "y"],
    )


def blocking(issues: list[Issue]) -> list[str]:
    return [f"{issue.field}: {issue.message}" for issue in issues if issue.blocks]


@pytest.mark.parametrize("release", SENT, ids=named)
def test_nothing_stops_a_release_that_was_sent(release: DemoRelease, settings: Settings) -> None:
    assert blocking(issues_of(release, settings)) == []


@pytest.mark.parametrize("day", range(7))
def test_it_can_be_loaded_on_every_day_of_the_week(day: int, settings: Settings) -> None:
    moment = datetime(2028, 2, 26, 15, 55, tzinfo=UTC) + timedelta(days=day)

    releases = reading.releases(moment.astimezone(SITE).date())

    found = {r.key: blocking(issues_of(r, settings, moment)) for r in releases if r.story.state != "draft"}
    assert {key: issues for key, issues in found.items() if issues} == {}


def test_the_first_round_of_a_release_could_be_sent_too(settings: Settings) -> None:
    twice = [release for release in RELEASES if release.story.resent]

    assert [blocking(issues_of(release, settings, **release.story.before)) for release in twice] == [[]]


def test_every_draft_shows_something_to_mend(settings: Settings) -> None:
    drafts = [release for release in RELEASES if release.story.state == "draft"]

    assert [bool(blocking(issues_of(release, settings))) for release in drafts] == [True, True, True]


@pytest.mark.parametrize("release", [r for r in SENT if r.story.state not in FLAWED], ids=named)
def test_what_is_meant_to_run_is_free_of_praise(release: DemoRelease, settings: Settings) -> None:
    codes = {issue.code for issue in issues_of(release, settings)}

    assert codes <= {"LENGTH", "HEADLINE"}


def test_every_kind_has_eight_releases_or_more() -> None:
    counts = Counter(release.kind for release in RELEASES)

    assert set(counts) == set(KINDS)
    assert min(counts.values()) >= 8


def test_the_stories_end_in_every_state_that_exists() -> None:
    counts = Counter("scheduled" if r.story.scheduled else r.story.state for r in RELEASES)

    assert counts.pop("published") >= 28
    assert counts == {
        "draft": 3,
        "submitted": 4,
        "in_review": 1,
        "awaiting_second": 1,
        "changes_requested": 2,
        "resubmitted": 1,
        "rejected": 2,
        "withdrawn": 1,
        "scheduled": 2,
    }


def test_every_country_of_the_region_and_seven_languages_besides_english_appear() -> None:
    countries = {release.values["country"] for release in SENT}
    languages = {release.values["language"] for release in SENT}

    assert countries == COUNTRIES
    assert languages == {"en", "my", "th", "vi", "id", "ms", "km", "zh-Hans"}


@pytest.mark.parametrize("release", RELEASES, ids=named)
def test_every_field_has_a_name_of_its_kind(release: DemoRelease) -> None:
    known = {field.name for field in (*every_field(release.kind, release.values), *DECLARATIONS)}

    assert set(release.values) - known == set()


def test_no_two_releases_have_one_key_or_one_headline() -> None:
    assert len({release.key for release in RELEASES}) == len(RELEASES)
    assert len({release.values["headline"] for release in RELEASES}) == len(RELEASES)


def test_every_release_is_written_by_a_member_and_read_by_an_editor() -> None:
    desk = {person["key"] for person in reading.newsroom() if person["role"] in ("editor", "senior")}

    for release in RELEASES:
        assert release.by in [member["email"] for member in HOUSES[release.organisation]["members"]]
        assert release.story.editor in desk or release.story.decided is release.story.claimed is None


def test_refusals_name_their_reasons_and_say_what_to_do() -> None:
    for story in (release.story for release in RELEASES):
        if story.state in ("rejected", "changes_requested", "resubmitted"):
            assert story.reasons
            assert set(story.reasons) <= set(REASONS)
            assert len(story.message) > 80


def test_what_became_of_public_releases_shows_each_act_of_the_newsroom() -> None:
    acts = {release.key: [later.act for later in release.story.afterwards] for release in RELEASES}
    told = sorted(act for shown in acts.values() for act in shown)

    assert told == ["archive", "correct", "kill", "kill", "notice", "take-down"]
    for release in RELEASES:
        for later in release.story.afterwards:
            assert release.story.decided is not None
            assert release.story.decided < later.at < timedelta()


def test_nothing_happens_before_its_cause_or_after_the_loading() -> None:
    for release in RELEASES:
        story, joined = release.story, reading.offset(HOUSES[release.organisation]["joined"])
        times = (story.saved, story.sent, story.claimed, story.decided, story.resent, story.withdrawn)
        steps = [joined, *(at for at in times if at is not None), timedelta()]
        assert steps == sorted(steps), release.key


def test_every_decision_kept_the_promise_of_four_hours() -> None:
    waits = [r.story.decided - r.story.sent for r in RELEASES if r.story.decided and r.story.sent]

    assert max(waits) < timedelta(hours=4)


def test_one_release_comes_near_its_promise_and_one_is_over_it() -> None:
    waits = sorted(-r.story.sent for r in RELEASES if r.story.state == "submitted" and r.story.sent)

    assert timedelta(hours=3, minutes=30) < waits[-2] < timedelta(hours=4) < waits[-1]


def test_events_lie_ahead_and_last_longer_than_nothing() -> None:
    today = NOON.astimezone(SITE).replace(tzinfo=None)
    events = [release.values for release in SENT if release.kind == "event"]
    starts_and_ends = [(read_datetime(v["starts_at"]), read_datetime(v["ends_at"])) for v in events]

    assert all(start and end and today < start < end for start, end in starts_and_ends)


def test_nobody_in_it_can_be_written_to_or_called() -> None:
    hosts = set(re.findall(r"(?:\w@|https?://)([\w-]+\.[\w.-]+)", raw_text()))
    phones = [v for r in RELEASES for name, v in r.values.items() if name.endswith("_phone")]

    assert {host for host in hosts if not host.endswith(".example")} == set()
    assert [phone for phone in phones if "555" not in phone] == []


def test_no_year_is_written_where_it_would_grow_old() -> None:
    years = {int(year) for year in re.findall(r"\b20[2-9]\d\b", raw_text())}

    assert {year for year in years if year > 2022} == set()


def raw_text() -> str:
    """All files as they are kept, before the days are filled in."""
    return "\n".join(_files())


def _files() -> Iterator[str]:
    for path in sorted(reading.FOLDER.rglob("*.json")):
        yield json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False)


def test_filling_in_leaves_no_placeholder_behind() -> None:
    releases = reading.releases(date(2027, 12, 31))

    assert [r.key for r in releases if any("{" in value for value in r.values.values())] == []
