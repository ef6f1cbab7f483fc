"""What is missing stops a release, each answer at its own field; a whole example is stopped by nothing."""

from datetime import timedelta

import pytest

from portal.rules.kinds import KINDS, asked, every_field
from tests.rules.examples import EXAMPLES, NOW, blocking_of, issues_of

REQUIRED = [
    (kind_name, field.name, field.code)
    for kind_name in KINDS
    for field in every_field(kind_name, EXAMPLES[kind_name])
    if asked(field, EXAMPLES[kind_name]) and not field.start
]


@pytest.mark.parametrize("kind_name", KINDS)
def test_a_whole_release_is_stopped_by_nothing(kind_name):
    assert blocking_of(kind_name, declared=True) == []


@pytest.mark.parametrize(("kind_name", "name", "code"), REQUIRED)
@pytest.mark.parametrize("nothing", ["", "  "])
def test_a_missing_answer_stops_the_release_at_its_field(kind_name, name, code, nothing):
    assert blocking_of(kind_name, {name: nothing}) == [(name, code)]


@pytest.mark.parametrize(
    ("kind_name", "changes", "expected"),
    [
        ("business", {"counterpart_consent": ""}, [("counterpart_consent", "THIRD_PARTY")]),
        ("business", {"counterpart": "", "counterpart_consent": ""}, []),
        ("community", {"minors_named": "y"}, [("minors_consent", "PRIVACY")]),
        ("community", {"minors_named": "y", "minors_consent": "y"}, []),
        ("sports", {"minors_named": "y", "minors_consent": "on"}, [("minors_consent", "PRIVACY")]),
        ("sports", {"match_kind": "signing", "home": "", "away": "", "home_score": "", "away_score": ""}, []),
        ("sports", {"match_kind": "fixture", "home_score": "", "away_score": ""}, []),
        ("sports", {"match_kind": "fixture", "home": ""}, [("home", "FACTS")]),
        ("appointment", {"effective_date": "immediate"}, []),
        ("event", {"contact_email": ""}, []),
        ("event", {"contact_phone": ""}, []),
        ("event", {"contact_phone": "", "contact_email": ""}, [("contact_email", "CONTACT")]),
        ("event", {"timing": ""}, []),
        ("event", {"timing": "embargo"}, [("release_at", "EMBARGO")]),
    ],
)
def test_answers_that_depend_on_others(kind_name, changes, expected):
    assert blocking_of(kind_name, changes) == expected


def test_declarations_are_asked_for_when_sending():
    everything = [("declare_authorised", "IDENTITY"), ("declare_facts", "FACTS"), ("declare_rights", "MEDIA")]

    assert blocking_of("event", declared=False) == everything
    assert blocking_of("event", declared={"declare_facts", "declare_rights"}) == everything[:1]
    assert blocking_of("event", declared=None) == []


@pytest.mark.parametrize(
    ("kind_name", "name", "message"),
    [
        ("event", "headline", "Write the headline."),
        ("event", "country", "Choose the country."),
        ("event", "starts_at", "Say when it starts."),
        ("event", "open_to_public", "Say whether anybody may come."),
        ("business", "news_kind", "Choose the kind of business news."),
        ("business", "effective_date", "Give the day from which it counts."),
        ("appointment", "person_consent", "Confirm that the person agrees."),
        ("community", "beneficiary", "Say who benefits."),
    ],
)
def test_the_sentence_names_the_field_in_plain_words(kind_name, name, message):
    assert [(i.message, i.severity) for i in issues_of(kind_name, {name: ""}) if i.blocks] == [
        (message, "blocking")
    ]


def test_issues_name_their_page_and_come_in_its_order():
    issues = issues_of("event", {"city": "", "price": "", "body": "", "newsroom_name": ""}, declared=False)

    assert list(dict.fromkeys(i.page for i in issues if i.blocks)) == [
        "news",
        "facts",
        "story",
        "contact",
        "check",
    ]


@pytest.mark.parametrize(("changes", "stopped"), [
    ({"release_at": "2026-03-24T06:00", "release_timezone": "UTC"}, False),  # three hours from now
    ({"release_at": "2026-03-24T06:00", "release_timezone": "Asia/Singapore"}, True),
    ({"release_at": "2026-03-24T14:00"}, False),  # in the zone of the site, three hours from now as well
    ({"release_at": "2026-10-25T01:30", "release_timezone": "Europe/London"}, True),
    ({"release_at": "2026-10-25T01:30", "release_timezone": "Europe/London", "release_fold": "later"}, False),
])  # fmt: skip
def test_the_wish_is_checked_in_its_zone_and_with_the_answer_to_an_hour_that_comes_twice(changes, stopped):
    found = blocking_of("business", {"timing": "embargo", **changes})

    assert found == ([("release_at", "EMBARGO")] if stopped else [])


@pytest.mark.parametrize(("timing", "minutes", "stopped"), [
    ("schedule", 14, True), ("schedule", 15, False), ("embargo", 119, True), ("embargo", 120, False),
])  # fmt: skip
def test_the_desk_has_its_time_where_nothing_else_is_set(timing, minutes, stopped):
    wished = NOW + timedelta(minutes=minutes)
    changes = {"timing": timing, "release_at": f"{wished:%Y-%m-%dT%H:%M}", "release_timezone": "UTC"}

    assert (blocking_of("business", changes) != []) is stopped


def test_a_declaration_is_asked_for_on_its_page():
    missing = [issue for issue in issues_of("business", declared=["declare_facts"]) if issue.blocks]

    assert [(issue.field, issue.page, issue.message) for issue in missing] == [
        ("declare_authorised", "check", "Confirm that you may issue this release."),
        (
            "declare_rights",
            "check",
            "Confirm that you hold the rights to the text, and that whoever is named agrees.",
        ),
    ]


def test_a_country_of_another_list_is_not_one():
    assert blocking_of("business", countries=frozenset({"SG"})) == [("country", "FORMAT")]
