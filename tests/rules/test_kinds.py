"""Every kind has the fields of the contract, in its order, and makes its facts box from them."""

import re

import pytest

from portal.rules.kinds import (
    DECLARATIONS,
    KINDS,
    PAGES,
    Quote,
    asked,
    choice_label,
    every_field,
    facts_box,
    field_of,
    fields_of,
    label_of,
    quote_fields,
    quote_numbers,
    quotes_of,
    suggested_headline,
)
from portal.rules.kinds.fields import TYPES
from portal.rules.reasons import REASONS
from tests.rules.examples import EXAMPLES

CONTRACT = {
    "business": "news_kind* product location* amount currency jobs effective_date* counterpart counterpart_consent ticker"
    " forward_looking",
    "community": "group_name* group_kind* beneficiary* what_happens* date* place* amount_raised volunteers"
    " how_to_take_part charity_number minors_named minors_consent",
    "sports": "sport* competition* division* stage match_kind* date* venue* home away home_score away_score"
    " period_scores scorers coach_quote next_fixture minors_named minors_consent",
    "appointment": "person_name* honorific position* employer* appointment_kind* effective_date* predecessor"
    " predecessor_reason reports_to responsibilities* previous_employer previous_position qualifications home_town"
    " superior_quote* superior_name* superior_title person_consent*",
    "event": "event_name* event_kind* starts_at* ends_at* timezone* doors_at venue_name* street_address* price*"
    " ticket_url booking_deadline capacity organiser* speakers age_limit open_to_public* media_contact",
}
SHARED = {
    "news": "language* headline* subheadline summary city* region country*",
    "story": "body* body_format quotes-0-text quotes-0-speaker quotes-0-title notes_to_editors",
    "contact": "contact_name* contact_role contact_email* contact_phone contact_site newsroom_name* newsroom_phone*"
    " newsroom_hours timing* release_at release_timezone release_fold",
    "check": "declare_authorised* declare_facts* declare_rights*",
}
CHOICES = {
    (
        "business",
        "news_kind",
    ): "launch expansion opening contract partnership merger results award anniversary funding report other",
    ("community", "group_kind"): "charity school faith club council residents other",
    ("sports", "match_kind"): "fixture result signing trial award other",
    ("appointment", "appointment_kind"): "hire promotion board interim retirement departure",
    (
        "event",
        "event_kind",
    ): "conference festival exhibition performance market race meeting fundraiser other",
    ("event", "open_to_public"): "yes no",
    ("event", "body_format"): "text markdown html",
    ("event", "timing"): "immediate embargo schedule",
    ("event", "release_fold"): "earlier later",
}


def starred(fields) -> str:
    return " ".join(f"{field.name}{'*' if asked(field, {}) else ''}" for field in fields)


@pytest.mark.parametrize("kind_name", KINDS)
def test_a_kind_asks_what_the_contract_lists_in_its_order(kind_name):
    assert starred(fields_of(kind_name, "facts")) == CONTRACT[kind_name]


@pytest.mark.parametrize("page", SHARED)
def test_a_shared_page_asks_what_the_contract_lists(page):
    assert starred(fields_of("event", page)) == SHARED[page]


@pytest.mark.parametrize(("kind_name", "name"), CHOICES)
def test_a_choice_offers_the_values_of_the_contract(kind_name, name):
    assert " ".join(value for value, _ in field_of(kind_name, name).choices) == CHOICES[kind_name, name]


def test_the_kinds_are_five_in_the_order_of_the_contract():
    assert list(KINDS) == ["business", "community", "sports", "appointment", "event"]


@pytest.mark.parametrize("kind_name", KINDS)
def test_each_label_of_a_page_tells_its_field_from_the_others(kind_name):
    shown = [
        "Kind of news",
        *(field.label for field in every_field(kind_name, {}) if field.page != "contact"),
    ]
    assert [label for label in shown if shown.count(label) > 1] == []


@pytest.mark.parametrize("kind_name", KINDS)
def test_every_field_can_be_named_inside_a_sentence(kind_name):
    """“Change the release …”, “Change the their post”: a label that begins like this has words of its own."""
    fields = every_field(kind_name, {"quotes-0-text": "x"})
    clumsy = re.compile(
        r"^the (?:the|their|what|who|whom|whose|where|when|how|why|from|may|on)\b|\bof quote$"
    )
    assert [field.in_a_sentence for field in fields if clumsy.search(field.in_a_sentence)] == []


@pytest.mark.parametrize("kind_name", KINDS)
def test_every_field_is_whole(kind_name):
    for field in (*every_field(kind_name, {"quotes-0-text": "x"}), *DECLARATIONS):
        assert field.type in TYPES, field.name
        assert field.code in REASONS, field.name
        assert field.page in PAGES, field.name
        assert field.label, field.name
        assert (field.type == "choice") == bool(field.choices), field.name


@pytest.mark.parametrize(
    ("kind_name", "name", "values", "needed"),
    [
        ("business", "counterpart_consent", {"counterpart": "Port"}, True),
        ("business", "counterpart_consent", {"counterpart": "  "}, False),
        ("community", "minors_consent", {"minors_named": "y"}, True),
        ("community", "minors_consent", {}, False),
        ("sports", "minors_consent", {"minors_named": "y"}, True),
        ("sports", "home", {"match_kind": "fixture"}, True),
        ("sports", "away", {"match_kind": "result"}, True),
        ("sports", "home", {"match_kind": "signing"}, False),
        ("sports", "home_score", {"match_kind": "fixture"}, False),
        ("sports", "away_score", {"match_kind": "result"}, True),
        ("event", "contact_email", {"contact_phone": "+95 1 555 014"}, False),
        ("event", "contact_email", {"contact_phone": ""}, True),
        ("event", "release_at", {"timing": "schedule"}, True),
        ("event", "release_at", {"timing": "immediate"}, False),
    ],
)
def test_some_answers_are_asked_for_only_beside_others(kind_name, name, values, needed):
    assert asked(field_of(kind_name, name), values) == needed


def test_a_correction_has_no_timing():
    names = [field.name for field in fields_of("event", "contact", is_correction=True)]

    assert names[-1] == "newsroom_hours"


def test_quotes_are_counted_by_what_was_typed():
    values = {
        "quotes-0-text": " ",
        "quotes-2-speaker": "An",
        "quotes-10-text": "x",
        "quotes-x-text": "x",
        "quotes-01-text": "x",
    }

    assert quote_numbers(values) == [2, 10]
    assert [f.name for f in every_field("event", values) if f.name.startswith("quotes-2")] == [
        "quotes-2-text",
        "quotes-2-speaker",
        "quotes-2-title",
    ]


def test_labels_are_found_by_name():
    assert label_of("business", "headline") == "Headline"
    assert label_of("business", "quotes-3-speaker") == "Who said it"
    assert label_of("business", "declare_facts") == "I have checked the facts, names and figures."
    assert label_of("business", "something_else") == "Something else"


def test_the_facts_of_an_appointment_read_as_the_look_shows():
    lines = {line.label: line.text for line in facts_box("appointment", EXAMPLES["appointment"])}

    assert lines["Person"] == "Ratna Kusumawardhani"
    assert lines["Post"] == "Head of safety"
    assert lines["Employer"] == "Selat Biru Ferries, Surabaya"
    assert lines["Starts"] == "6 April 2026"
    assert lines["Succeeds"] == "Agus Prihadi, who retires"
    assert lines["Reports to"] == "The board"
    assert lines["Before"] == "Harbour master, Port of Tanjung Lor"
    assert lines["Home town"] == "Gresik, Indonesia"


@pytest.mark.parametrize(
    ("kind_name", "changes", "label", "text"),
    [
        ("appointment", {"effective_date": "immediate"}, "Starts", "At once"),
        ("appointment", {"appointment_kind": "retirement"}, "Leaves", "6 April 2026"),
        ("business", {}, "Amount", "IDR 14,000,000,000"),
        ("business", {"amount": "95,000", "currency": "rupiah"}, "Amount", "95,000 rupiah"),
        ("business", {"amount": "about 2 million", "currency": ""}, "Amount", "about 2 million"),
        ("business", {"jobs": "1200"}, "Jobs", "1,200"),
        ("community", {}, "Date", "4 April 2026"),
        ("sports", {}, "Result", "Kinta Rovers 2–1 Teluk Sari"),
        ("sports", {"home_score": "1", "away_score": "3"}, "Result", "Teluk Sari 3–1 Kinta Rovers"),
        (
            "sports",
            {"home_score": "1 (3)", "away_score": "1 (4)"},
            "Result",
            "Teluk Sari 1 (4)–1 (3) Kinta Rovers",
        ),
        (
            "sports",
            {"sport": "Golf", "home_score": "70", "away_score": "72"},
            "Result",
            "Kinta Rovers 70–72 Teluk Sari",
        ),
        ("sports", {"match_kind": "fixture"}, "Match", "Kinta Rovers v Teluk Sari"),
        ("event", {}, "Starts", "24 April 2026, 10:00 GMT+7"),
        ("event", {"timezone": "Asia/Yangon"}, "Ends", "26 April 2026, 18:00 GMT+6:30"),
        ("event", {"timezone": "nowhere"}, "Ends", "26 April 2026, 18:00"),
    ],
)
def test_facts_are_written_for_readers(kind_name, changes, label, text):
    lines = {line.label: line.text for line in facts_box(kind_name, {**EXAMPLES[kind_name], **changes})}

    assert lines[label] == text


@pytest.mark.parametrize("kind_name", KINDS)
def test_facts_never_hold_what_only_the_newsroom_may_see(kind_name):
    fields = [field for field in every_field(kind_name, {}) if not field.public]
    secrets = {field.name: f"secret {field.name}" for field in fields}

    shown = " ".join(line.text for line in facts_box(kind_name, {**EXAMPLES[kind_name], **secrets}))

    assert "secret" not in shown
    assert {"newsroom_name", "newsroom_phone", "newsroom_hours", "notes_to_editors"} <= {
        f.name for f in fields
    }


@pytest.mark.parametrize("kind_name", KINDS)
def test_facts_leave_out_what_is_empty_or_cannot_be_read(kind_name):
    unread = {
        f.name: "garbled"
        for f in fields_of(kind_name, "facts")
        if f.type in ("date", "date_or_immediate", "datetime", "url")
    }

    assert facts_box(kind_name, {}) == []
    assert facts_box(kind_name, unread) == []


def test_facts_speak_the_language_of_the_release():
    lines = facts_box("community", EXAMPLES["community"], say=lambda words: f"<{words}>")

    assert (lines[0].label, lines[1].text) == ("<Group>", "<Charity>")


def test_quotes_of_the_facts_come_before_those_of_the_story():
    values = {**EXAMPLES["appointment"], "quotes-1-text": "I begin on Monday.", "quotes-1-speaker": "Ratna"}

    assert quotes_of("appointment", values) == [
        Quote(
            "Ratna has sent ships back to the quay when others would have let them sail.",
            "Bambang Hartanto",
            "Managing director",
        ),
        Quote("I begin on Monday.", "Ratna"),
    ]


def test_a_headline_is_suggested_from_the_facts_or_not_at_all():
    example = EXAMPLES["appointment"]

    assert (
        suggested_headline("appointment", example, "Selat Biru")
        == "Selat Biru appoints Ratna Kusumawardhani as head of safety"
    )
    assert suggested_headline("appointment", {**example, "position": ""}, "Selat Biru") == ""


def test_the_quote_of_a_coach_comes_first_and_only_in_sport():
    values = {"coach_quote": "We waited.", "quotes-0-text": "We won.", "quotes-0-speaker": "Farid Osman"}
    story = Quote("We won.", "Farid Osman")

    assert quotes_of("sports", values) == [Quote("We waited."), story]
    assert quotes_of("sports", {"coach_quote": "We waited – long. – Rashid Karim, coach"}) == [
        Quote("We waited – long.", "Rashid Karim", "coach")
    ]
    assert [quotes_of(kind, values) for kind in KINDS if kind != "sports"] == [[story]] * 4


@pytest.mark.parametrize(("number", "nth"), [(0, "the quote"), (1, "quote 2"), (9, "quote 10")])
def test_the_fields_of_a_quote_are_numbered_for_people_from_one(number, nth):
    assert [
        (field.name, field.label, field.said, field.type, field.page, field.rows, bool(field.hint))
        for field in quote_fields(number)
    ] == [
        (f"quotes-{number}-text", "What was said", f"the words of {nth}", "text", "story", 3, True),
        (f"quotes-{number}-speaker", "Who said it", f"who said {nth}", "line", "story", 0, True),
        (
            f"quotes-{number}-title",
            "Their post",
            f"the post of the speaker of {nth}",
            "line",
            "story",
            0,
            True,
        ),
    ]


@pytest.mark.parametrize(("name", "found"), [
    ("quotes-1-text", "quotes-1-text"), ("quotes-12-title", "quotes-12-title"), ("quotes-x-text", None), ("quotes-1", None),
    ("quotes-1-text-more", None), ("other-1-text", None), ("quotes--text", None), ("quotes-²-text", None),
    ("headline", "headline"), ("declare_facts", "declare_facts"), ("home", None),
])  # fmt: skip
def test_a_field_is_found_by_its_name(name, found):
    field = field_of("business", name)

    assert (field and field.name) == found


def test_the_words_of_a_choice_and_of_none():
    news_kind = field_of("business", "news_kind")

    assert (choice_label(news_kind, "merger"), choice_label(news_kind, "rumour")) == (
        "Merger or takeover",
        "rumour",
    )


@pytest.mark.parametrize("timing", ["embargo", "schedule"])
def test_a_time_is_asked_for_beside_both_timings(timing):
    release_at = field_of("business", "release_at")

    assert asked(release_at, {"timing": timing}) is True
    assert asked(release_at, {"timing": "immediate"}) is asked(release_at, {}) is False


def test_a_name_with_two_dashes_that_is_no_quote_is_no_field():
    assert field_of("business", "other-1-text") is field_of("business", "quotes-text") is None
    assert field_of("business", "quotes-1-text").name == "quotes-1-text"
