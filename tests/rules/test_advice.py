"""Advice: what editors would ask for. None of it ever stops a release."""

import pytest

from portal.rules.kinds import KINDS
from portal.rules.requirements.writing import is_mark, own_words, short_name
from tests.rules.examples import EXAMPLES, MEAN, advice_of, blocking_of, issues_of, measured

LEAD = "Selat Biru Ferries starts a nightly ferry between Surabaya and Kalianget on 1 May 2026."


def with_story(text: str, **changes: str) -> dict[str, str]:
    return {"body": f"{text}\n\n{EXAMPLES['business']['body']}", **changes}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (with_story(f"{LEAD} It is a world-class ship."), ("body", "HYPE")),
        (with_story(f"{LEAD} What a crossing!"), ("body", "HYPE")),
        ({"headline": "Selat Biru Ferries proud to announce a night ferry"}, ("headline", "HYPE")),
        (with_story(f"{LEAD} We invite passengers."), ("body", "DIRECT_ADDRESS")),
        (with_story(f"{LEAD} Bring your car."), ("body", "DIRECT_ADDRESS")),
        ({"headline": "Will Selat Biru Ferries sail to Kalianget at night?"}, ("headline", "HEADLINE")),
        ({"headline": "How to reach Kalianget with Selat Biru Ferries"}, ("headline", "HEADLINE")),
        ({"headline": "Selat Biru Ferries starts a night ferry to Kalianget."}, ("headline", "HEADLINE")),
        ({"headline": "Ferry starts"}, ("headline", "HEADLINE")),
        ({"summary": EXAMPLES["business"]["headline"]}, ("summary", "HEADLINE")),
        ({"summary": EXAMPLES["business"]["body"].split("\n\n")[0]}, ("summary", "WRITING")),
        (with_story("A dream comes true."), ("body", "WEAK_LEAD")),
        (with_story("Selat Biru Ferries and its many friends dream of a better crossing for all."), ("body", "WEAK_LEAD")),
        (with_story("A ferry sails from Surabaya to Kalianget every night from 1 May on.", headline="A night ferry sails to the island of Madura",
                    subheadline="", summary=""), ("body", "NO_SOURCE")),
        (with_story(f"{LEAD} THIS IS A GREAT DAY."), ("body", "FORMAT")),
        ({"headline": "SELAT BIRU FERRIES STARTS A NIGHT FERRY"}, ("headline", "FORMAT")),
        ({"body": f"{EXAMPLES['business']['body']}\n\n###"}, ("body", "FORMAT")),
        ({"body": f"FOR IMMEDIATE RELEASE\n\n{EXAMPLES['business']['body']}"}, ("body", "FORMAT")),
        ({"body": f"SURABAYA, Indonesia – {EXAMPLES['business']['body']}"}, ("body", "FORMAT")),
        ({"body": f"{EXAMPLES['business']['body']}\n\nAbout Selat Biru Ferries\n\nSince 1987."}, ("body", "FORMAT")),
        ({"body": f"HILLTOWN – {EXAMPLES['business']['body']}"}, ("body", "FORMAT")),
        ({"body": f"{EXAMPLES['business']['body']}\n\nContact: Lan 0905 123 456"}, ("body", "FORMAT")),
        ({"body": f"{EXAMPLES['business']['body']}\n\nFor more information, please contact lan@x.example"}, ("body", "FORMAT")),
        ({"body": f"{EXAMPLES['business']['body']}\n\nLiên hệ: Lan 0905 123 456"}, ("body", "FORMAT")),
        ({"body": f"{EXAMPLES['business']['body']}\n\nAbout us: since 1987."}, ("body", "FORMAT")),
        ({"body": EXAMPLES["business"]["body"].replace("Friday 1 May", "Thursday 1 May")}, ("body", "FACTS")),
        ({"currency": ""}, ("currency", "FACTS")),
        ({"jobs": "some"}, ("jobs", "FACTS")),
        ({"news_kind": "contract", "counterpart": "", "counterpart_consent": ""}, ("counterpart", "FACTS")),
        ({"quotes-0-speaker": ""}, ("quotes-0-speaker", "FACTS")),
        ({"quotes-1-speaker": "An"}, ("quotes-1-text", "FACTS")),
        ({"contact_phone": "12"}, ("contact_phone", "CONTACT")),
        ({"newsroom_phone": "0811 5550 0163"}, ("newsroom_phone", "CONTACT")),
        ({"effective_date": "2026-01-01"}, ("effective_date", "STALE")),
        (with_story(f"{LEAD} Mira, aged 14, sails first."), ("body", "PRIVACY")),
        (with_story(f"{LEAD} It is sponsored by Bank Madura.", counterpart="", counterpart_consent=""), ("body", "THIRD_PARTY")),
        ({"language": "my", "headline": "\u1031\u1019\u102c\u103a\u101c\u103c\u1019\u103c\u102d\u1004\u103a \u1019\u103c\u102d\u102f\u1037"}, ("headline", "FORMAT")),
    ],
)  # fmt: skip
def test_advice_is_given_and_stops_nothing(changes, expected):
    assert expected in advice_of("business", changes)
    assert expected not in advice_of("business")
    assert blocking_of("business", changes) == []


@pytest.mark.parametrize(("left_out", "said"), [
    ({"deleted": 2, "comments": 1}, "We left out 2 deleted passages and 1 comment. Look once more."),
    ({"deleted": 1, "hidden": 0, "comments": 0}, "We left out 1 deleted passage. Look once more."),
    ({"comments": 3}, "We left out 3 comments. Look once more."),
    ({"deleted": 1, "hidden": 2, "comments": 2}, "We left out 1 deleted passage, 2 hidden passages and 2 comments. Look once more."),
    ({"deleted": 0, "hidden": 0, "comments": 0}, None), ({}, None),
])  # fmt: skip
def test_what_was_left_out_of_a_paste_is_said(left_out, said):
    counts = measured(EXAMPLES["business"], left_out=left_out)
    found = [issue.message for issue in issues_of("business", measured=counts) if "left out" in issue.message]

    assert found == ([said] if said else [])


@pytest.mark.parametrize("text", [
    "The council is in contact with 12 clubs.", "Contact with the reef is forbidden.", "About us 40 people live.", "A – B", "WHO – says so",
])  # fmt: skip
def test_sentences_are_no_contact_lines_and_no_datelines(text):
    assert ("body", "FORMAT") not in advice_of(
        "business", {"body": f"{EXAMPLES['business']['body']}\n\n{text}"}
    )


@pytest.mark.parametrize("kind_name", KINDS)
def test_a_good_release_gets_no_advice_on_its_writing(kind_name):
    assert {code for _, code in advice_of(kind_name)} <= {"LENGTH"}


@pytest.mark.parametrize(
    "quoted", ["“We are the best in the world! You will see.”", '"Our world-class ship is yours!"']
)
def test_quotes_may_praise_and_speak_to_the_reader(quoted):
    codes = {code for _, code in advice_of("business", with_story(f"{LEAD} {quoted}"))}

    assert not codes & {"HYPE", "DIRECT_ADDRESS"}


def test_english_advice_leaves_other_languages_alone():
    changes = with_story(
        "Kami world-class, our ferry.",
        language="id",
        headline="Bagaimana our world-class feri berlayar ke Kalianget",
    )

    assert not {code for _, code in advice_of("business", changes)} & {"HYPE", "DIRECT_ADDRESS", "WEAK_LEAD"}


def test_the_words_found_are_named():
    (issue,) = [
        i for i in issues_of("business", with_story(f"{LEAD} A world-class ship.")) if i.code == "HYPE"
    ]

    assert issue.message == "“world-class” is praise, not news. Editors ask for such words to be cut."


@pytest.mark.parametrize(("name", "changes"), [
    ("starts_at", {"starts_at": "2026-03-20T10:00"}), ("ends_at", {"starts_at": "2026-03-20T10:00", "ends_at": "2026-03-21T10:00"}),
])  # fmt: skip
def test_an_event_that_is_over_only_advises(name, changes):
    assert blocking_of("event", {**changes, "doors_at": ""}) == []
    assert ("starts_at", "STALE") in advice_of("event", changes)


def test_results_of_last_week_are_no_old_news():
    assert ("date", "STALE") not in advice_of("sports", {"date": "2026-03-15"})
    assert ("date", "STALE") in advice_of("sports", {"date": "2026-01-15"})
    assert blocking_of("sports", {"date": "2026-01-15"}) == []


def test_an_event_that_ends_before_it_starts_cannot_be():
    assert blocking_of("event", {"ends_at": "2026-04-24T09:00"}) == [("ends_at", "FACTS")]


def test_an_event_at_an_hour_that_never_comes_cannot_be():
    changes = {
        "timezone": "Europe/London",
        "starts_at": "2026-03-29T01:30",
        "ends_at": "2026-03-30T10:00",
        "doors_at": "",
    }
    (issue,) = [i for i in issues_of("event", changes) if i.blocks]

    assert issue.field == "starts_at"
    assert issue.message == (
        "29 March 2026, 01:30 does not exist in Europe/London: the clocks go forward then. Choose 00:59 or 02:00."
    )


def test_a_score_in_the_headline_that_differs_is_pointed_out():
    assert ("headline", "FACTS") in advice_of(
        "sports", {"headline": "Kinta Rovers beat Teluk Sari 3–1 and reach the final"}
    )
    assert ("headline", "FACTS") not in advice_of("sports")


def test_a_child_in_a_kind_with_the_tick_is_asked_about_there():
    body = EXAMPLES["community"]["body"].replace("Twenty-four volunteers", "Thiri, aged 9, and others")

    assert ("minors_named", "PRIVACY") in advice_of("community", {"body": body})
    assert ("minors_named", "PRIVACY") not in advice_of(
        "community", {"body": body, "minors_named": "y", "minors_consent": "y"}
    )


@pytest.mark.parametrize("mean", MEAN, ids=lambda mean: mean[:8])
def test_mean_texts_are_judged_like_any_other(mean):
    """What they cost is measured by the bench."""
    changes = {"body": mean, "headline": mean[:2000]}
    counts = measured({**EXAMPLES["business"], **changes}, lead=mean)

    assert issues_of("business", changes, measured=counts)


def test_a_child_is_looked_for_in_english_only():
    body = EXAMPLES["community"]["body"].replace("Twenty-four volunteers", "Thiri, aged 9, and others")

    assert ("minors_named", "PRIVACY") not in advice_of("community", {"body": body, "language": "fr"})


@pytest.mark.parametrize(("changes", "asked"), [
    ({"counterpart": "", "counterpart_consent": ""}, True), ({}, False),
    ({"counterpart": "", "counterpart_consent": "", "language": "fr"}, False),
])  # fmt: skip
def test_another_body_in_the_text_is_asked_about_where_no_partner_is_given(changes, asked):
    story = with_story(f"{LEAD} It is sponsored by Bank Madura.")

    assert (("body", "THIRD_PARTY") in advice_of("business", {**story, **changes})) is asked


@pytest.mark.parametrize(
    ("news_kind", "asked"), [("contract", True), ("partnership", True), ("merger", True), ("opening", False)]
)
def test_news_with_two_sides_names_the_other(news_kind, asked):
    alone = {"news_kind": news_kind, "counterpart": "", "counterpart_consent": ""}

    assert (("counterpart", "FACTS") in advice_of("business", alone)) is asked
    assert ("counterpart", "FACTS") not in advice_of("business", {"news_kind": news_kind})


@pytest.mark.parametrize(("day", "told"), [
    ("Friday 1 May", None),  # of this year
    ("Saturday 1 May", None),  # of the next
    ("Thursday, the 1st of May", None),  # of the last
    ("Sunday 1 May", "1 May 2026 is a Friday, not a Sunday."),
    ("Monday 1 May", "1 May 2026 is a Friday, not a Monday."),
    ("Saturday 1 May 2026", "1 May 2026 is a Friday, not a Saturday."),
    ("Monday 29 February", None),  # of no year that is near
    ("Monday 29 February 2028", "29 February 2028 is a Tuesday, not a Monday."),
    ("Monday 31 June", None),
])  # fmt: skip
def test_a_day_of_the_week_fits_its_date_in_a_year_that_is_near(day, told):
    changes = {
        "summary": f"The ferry sails from {day} on. " + "It carries passengers and cars to the island. " * 3
    }

    found = [issue.message for issue in issues_of("business", changes) if issue.field == "summary"]
    assert found == ([f"{told} Check which of the two is right."] if told else [])


@pytest.mark.parametrize(
    ("zone", "over"), [("Asia/Singapore", True), ("UTC", False), ("America/New_York", False)]
)
def test_an_event_begins_by_the_clock_of_its_place(zone, over):
    """It is 03:00 in UTC, and 11:00 in Singapore."""
    times = {"starts_at": "2026-03-24T10:00", "doors_at": "", "timezone": zone}

    assert (("starts_at", "STALE") in advice_of("event", times)) is over


@pytest.mark.parametrize(("phone", "advised"), [
    ("+12 345", True), ("+12 3456", False), ("0812345", True), ("0012345", False), ("(+1) 2345 6", False), ("12345", True),
])  # fmt: skip
def test_a_telephone_number_has_six_digits_and_a_country_code(phone, advised):
    assert (("contact_phone", "CONTACT") in advice_of("business", {"contact_phone": phone})) is advised


@pytest.mark.parametrize(("changes", "field", "pointed_out"), [
    ({"ends_at": "2026-04-24T10:00"}, "ends_at", False), ({"ends_at": "2026-04-24T09:59"}, "ends_at", True),
    ({"doors_at": "2026-04-24T10:00"}, "doors_at", False), ({"doors_at": "2026-04-24T10:01"}, "doors_at", True),
    ({"starts_at": "2026-03-24T10:00", "doors_at": ""}, "starts_at", False),
    ({"starts_at": "2026-03-24T09:59", "doors_at": ""}, "starts_at", True),
])  # fmt: skip
def test_the_times_of_an_event_are_compared_to_the_minute(changes, field, pointed_out):
    """It is 10:00 in Vientiane."""
    assert (field in [issue.field for issue in issues_of("event", changes)]) is pointed_out


def test_only_an_event_starts():
    assert ("starts_at", "STALE") not in advice_of(
        "business", {"starts_at": "2026-03-20T10:00", "timezone": "UTC"}
    )


@pytest.mark.parametrize(("headline", "advised"), [
    ("Selat Biru Ferries sails to Kalianget from Thursday 1 May 2026 on", True),
    ("Selat Biru Ferries sails to Kalianget from Friday 1 May 2026 on", False),
])  # fmt: skip
def test_a_day_of_the_week_in_the_headline_fits_its_date(headline, advised):
    assert (("headline", "FACTS") in advice_of("business", {"headline": headline})) is advised


@pytest.mark.parametrize("stop", [".", "။", "。"])
def test_a_headline_has_no_full_stop_of_any_script(stop):
    headline = f"Selat Biru Ferries starts a night ferry to Kalianget{stop}"

    assert ("headline", "HEADLINE") in advice_of("business", {"headline": headline})


@pytest.mark.parametrize(("summary", "advised"), [
    (LEAD[:60], False), (LEAD[:61], True), (LEAD.upper(), True), (LEAD.replace(" ", "  "), True), (LEAD[1:], False), ("", False),
])  # fmt: skip
def test_a_summary_that_begins_like_the_first_paragraph_copies_it(summary, advised):
    changes = {"summary": summary}
    counts = measured({**EXAMPLES["business"], **changes}, lead=f"{LEAD} It leaves at nine.")
    whole = measured({**EXAMPLES["business"], **changes}, lead=LEAD)

    assert (("summary", "WRITING") in advice_of("business", changes, measured=whole)) is advised
    if summary.casefold() != LEAD.casefold():
        assert (("summary", "WRITING") in advice_of("business", changes, measured=counts)) is advised


@pytest.mark.parametrize(("words", "advised"), [(9, True), (10, False), (60, False), (61, True)])
def test_a_first_paragraph_has_ten_to_sixty_words(words, advised):
    lead = " ".join(["Selat", "Biru", "Ferries", "2026", *["sails"] * 60][:words])

    found = advice_of("business", measured=measured(EXAMPLES["business"], lead=lead))
    assert (("body", "WEAK_LEAD") in found) is advised


NAMELESS = {"headline": "A night ferry sails to the island of Madura", "subheadline": "", "summary": ""}


@pytest.mark.parametrize(("changes", "missed"), [
    ({}, True), ({"subheadline": "It is run by Selat Biru Ferries"}, False), ({"summary": "SELAT BIRU FERRIES runs it."}, False),
    ({"headline": "Selat Biru Ferries sails"}, False), ({"headline": "It is run by Selat", "subheadline": "Biru Ferries"}, False),
])  # fmt: skip
def test_who_announces_it_is_named_at_the_top(changes, missed):
    counts = measured(
        EXAMPLES["business"], lead="A ferry sails to Kalianget every night from 1 May on, says the company."
    )

    found = advice_of("business", {**NAMELESS, **changes}, measured=counts)
    assert (("body", "NO_SOURCE") in found) is missed


@pytest.mark.parametrize(("name", "short"), [
    ("Selat Biru Ferries", "Selat Biru Ferries"), ("Selat Biru Ferries Pte. Ltd.", "Selat Biru Ferries"), ("Lotus Sdn Bhd", "Lotus"),
    ("Lotus, Inc.", "Lotus"), (" Lotus Limited ", "Lotus"), ("Ltd", "Ltd"), ("Incorporated Lotus", "Incorporated Lotus"),
])  # fmt: skip
def test_an_organisation_is_looked_for_without_its_legal_ending(name, short):
    assert short_name(name) == short


@pytest.mark.parametrize(("lead", "missed"), [
    ("A ferry sails every night.", True), ("夜间渡轮五月一日开航", False), ("渡轮ab", False), ("渡轮 abc", True), ("渡轮开 ab", False),
])  # fmt: skip
def test_a_latin_name_is_not_missed_in_another_script(lead, missed):
    found = advice_of("business", NAMELESS, measured=measured(EXAMPLES["business"], lead=lead))

    assert (("body", "NO_SOURCE") in found) is missed


@pytest.mark.parametrize(("words", "advised"), [
    ("ASEAN AND THE UN", True), ("ASEAN AND THE", False), ("AND THE UN meets ASEAN", False), ("The ASEAN AND THE UN meet", True),
])  # fmt: skip
def test_four_words_in_capitals_are_too_many(words, advised):
    headline = f"Selat Biru Ferries starts its night ferry: {words}"

    assert (("headline", "FORMAT") in advice_of("business", {"headline": headline})) is advised


@pytest.mark.parametrize(("line", "mark"), [
    ("EMBARGOED UNTIL " + "x" * 64, True), ("EMBARGOED UNTIL " + "x" * 65, False), ("###", True), ("# # #", True), ("-30-", True),
    ("ENDS", True), ("The end", False), (" NOTES TO EDITORS: ", True),
])  # fmt: skip
def test_a_mark_of_the_trade_is_a_short_line_of_its_own(line, mark):
    assert is_mark(line) is mark


def test_words_in_quotation_marks_are_taken_out_and_leave_a_gap():
    assert own_words('He said “we win” and «you» and 「us」 and "me".') == "He said   and   and   and  ."
