"""Every kind has the fields of the contract, in its order, and makes its facts box from them."""

import pytest

from portal.rules.kinds import (
    DECLARATIONS,
    KINDS,
    PAGES,
    Quote,
    asked,
    every_field,
    facts_box,
    field_of,
    fields_of,
    label_of,
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
