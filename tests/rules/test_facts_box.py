"""The facts box of every kind, line by line: its label, its text, whether it is kept on one line, its link."""

import pytest

from portal.rules.kinds import FactLine, facts_box
from portal.rules.kinds.facts_lines import (
    SHORT,
    amount_with_currency,
    day_line,
    grouped,
    moment_line,
    number_line,
    short_line,
)
from portal.rules.kinds.sports import result
from tests.rules.examples import EXAMPLES

WHOLE = {
    "business": [
        FactLine("<News>", "<Opening>"),
        FactLine("<Product or site>", "Night ferry Surabaya to Kalianget"),
        FactLine("<Where>", "Surabaya and Kalianget"),
        FactLine("<Amount>", "IDR 14,000,000,000", unbroken=True),
        FactLine("<Jobs>", "22", unbroken=True),
        FactLine("<From>", "1 May 2026", unbroken=True),
        FactLine("<With>", "Port of Kalianget"),
        FactLine("<Listed as>", "SGX: D05", unbroken=True),
    ],
    "community": [
        FactLine("<Group>", "Sarpankhin Foundation"),
        FactLine("<Kind>", "<Charity>"),
        FactLine("<For>", "Children in Zaygyo ward"),
        FactLine("<What>", "A library for children opens and lends books without charge."),
        FactLine("<Date>", "4 April 2026", unbroken=True),
        FactLine("<Place>", "Zaygyo ward, Mawlamyine"),
        FactLine("<Raised>", "18,000,000 kyat"),
        FactLine("<Volunteers>", "24", unbroken=True),
        FactLine("<Take part>", "Bring books to the library in the afternoon."),
        FactLine("<Registered>", "MON-0117"),
    ],
    "sports": [
        FactLine("<Sport>", "Football"),
        FactLine("<Competition>", "Perak State League"),
        FactLine("<Division>", "Men, first division"),
        FactLine("<Stage>", "Semi-final"),
        FactLine("<Result>", "Kinta Rovers 2–1 Teluk Sari"),
        FactLine("<By period>", "1–1, 1–0"),
        FactLine("<Scorers>", "Farid Osman, Lim Wei Jian; Hakim Yusof"),
        FactLine("<Date>", "22 March 2026", unbroken=True),
        FactLine("<Venue>", "Kinta Ground, Ipoh"),
        FactLine("<Next>", "Sungai Emas, Taiping, 5 April"),
    ],
    "appointment": [
        FactLine("<Person>", "Ratna Kusumawardhani"),
        FactLine("<Post>", "Head of safety"),
        FactLine("<Employer>", "Selat Biru Ferries, Surabaya"),
        FactLine("<Starts>", "6 April 2026", unbroken=True),
        FactLine("<Succeeds>", "Agus Prihadi, who retires"),
        FactLine("<Reports to>", "The board"),
        FactLine(
            "<Responsible for>", "Crew training, vessel inspection and passenger safety on eleven routes"
        ),
        FactLine("<Before>", "Harbour master, Port of Tanjung Lor"),
        FactLine("<Qualifications>", "Master’s certificate (class II)"),
        FactLine("<Home town>", "Gresik, Indonesia"),
    ],
    "event": [
        FactLine("<Event>", "Mekong Looms Fair"),
        FactLine("<Kind>", "<Market>"),
        FactLine("<Starts>", "24 April 2026, 10:00 GMT+7"),
        FactLine("<Ends>", "26 April 2026, 18:00 GMT+7"),
        FactLine("<Doors>", "24 April 2026, 09:30 GMT+7"),
        FactLine("<Venue>", "Old market hall"),
        FactLine("<Address>", "12 River Road, Vientiane"),
        FactLine("<Price>", "Free; workshops 40,000 kip"),
        FactLine("<Tickets>", "https://looms.example/fair", link="https://looms.example/fair"),
        FactLine("<Book by>", "20 April 2026", unbroken=True),
        FactLine("<Capacity>", "800", unbroken=True),
        FactLine("<Organiser>", "Mekong Looms Guild"),
        FactLine("<With>", "Bounmy Vongsa, Sok Chenda"),
        FactLine("<Age limit>", "None"),
        FactLine("<Open to all>", "<Yes>"),
    ],
}
"""Our own words stand in brackets."""
MORE = {"business": {"ticker": "SGX: D05"}}


@pytest.mark.parametrize("kind_name", WHOLE)
def test_a_whole_box(kind_name):
    values = {**EXAMPLES[kind_name], **MORE.get(kind_name, {})}

    assert facts_box(kind_name, values, say=lambda words: f"<{words}>") == WHOLE[kind_name]


@pytest.mark.parametrize(("kind_name", "changes", "line"), [
    ("appointment", {"honorific": "Dr"}, FactLine("<Person>", "Dr Ratna Kusumawardhani")),
    ("appointment", {"appointment_kind": "departure"}, FactLine("<Leaves>", "6 April 2026", unbroken=True)),
    ("appointment", {"effective_date": "immediate"}, FactLine("<Starts>", "<At once>")),
    ("appointment", {"previous_employer": ""}, FactLine("<Before>", "Harbour master")),
    ("appointment", {"predecessor_reason": ""}, FactLine("<Succeeds>", "Agus Prihadi")),
    ("sports", {"match_kind": "fixture"}, FactLine("<Match>", "Kinta Rovers v Teluk Sari")),
    ("sports", {"match_kind": "signing", "away": ""}, FactLine("<Match>", "Kinta Rovers")),
    ("sports", {"match_kind": "trial", "home": ""}, FactLine("<Match>", "Teluk Sari")),
    ("sports", {"home_score": ""}, FactLine("<Match>", "Kinta Rovers v Teluk Sari")),
    ("event", {"open_to_public": "no"}, FactLine("<Open to all>", "<No, only those invited>")),
    ("event", {"capacity": "12000"}, FactLine("<Capacity>", "12,000", unbroken=True)),
    ("event", {"capacity": "about 800"}, FactLine("<Capacity>", "about 800")),
])  # fmt: skip
def test_a_line_that_depends(kind_name, changes, line):
    box = facts_box(kind_name, {**EXAMPLES[kind_name], **changes}, say=lambda words: f"<{words}>")

    assert [each for each in box if each.label == line.label] == [line]


@pytest.mark.parametrize(("kind_name", "changes", "label"), [
    ("community", {"group_kind": "other"}, "Kind"), ("event", {"event_kind": "other"}, "Kind"),
    ("event", {"ticket_url": "looms.example"}, "Tickets"), ("appointment", {"predecessor": ""}, "Succeeds"),
    ("event", {"speakers": "x" * (SHORT + 1)}, "With"), ("sports", {"home": "", "away": ""}, "Result"),
])  # fmt: skip
def test_a_line_that_is_left_out(kind_name, changes, label):
    box = facts_box(kind_name, {**EXAMPLES[kind_name], **changes})

    assert label not in [line.label for line in box]


@pytest.mark.parametrize(("sport", "match_kind", "home", "away", "expected"), [
    ("Football", "result", "2", "1", "H 2–1 A"), ("Football", "result", "1", "2", "A 2–1 H"),
    ("Football", "result", "2", "2", "H 2–2 A"), ("Golf", "result", "70", "72", "H 70–72 A"),
    ("Golf", "result", "72", "70", "A 70–72 H"), ("Golf", "result", "70", "70", "H 70–70 A"),
    ("Cross-country", "result", "40", "30", "A 30–40 H"), ("Junior cross country", "result", "40", "30", "A 30–40 H"),
    ("Football", "fixture", "2", "1", ""), ("Football", "result", "", "1", ""), ("Football", "result", "2", "", ""),
    ("Football", "result", "two", "1", ""), ("Football", "result", "2", "one", ""),
])  # fmt: skip
def test_the_winner_stands_first(sport, match_kind, home, away, expected):
    scores = {"home_score": home, "away_score": away}

    assert result({"sport": sport, "match_kind": match_kind, "home": "H", "away": "A", **scores}) == expected


@pytest.mark.parametrize("side", ["home", "away"])
def test_a_result_needs_both_sides(side):
    values = {"match_kind": "result", "home": "H", "away": "A", "home_score": "1", "away_score": "0"}

    assert result({**values, side: ""}) == ""


@pytest.mark.parametrize(("text", "expected"), [
    ("999", "999"), ("1000", "1,000"), ("2500000", "2,500,000"), ("2,500", "2,500"), ("1.5 million", "1.5 million"),
    ("100000000000000", "100,000,000,000,000"), ("1000000000000000", "1000000000000000"), ("", ""), ("၁၀၀၀", "၁၀၀၀"),
])  # fmt: skip
def test_long_numbers_are_grouped(text, expected):
    assert grouped(text) == expected


@pytest.mark.parametrize(("amount", "currency", "expected"), [
    ("2500000", "usd", "USD 2,500,000"), ("95000", "rupiah", "95,000 rupiah"), ("95,000 rupiah", "Rupiah", "95,000 rupiah"),
    ("5000", "", "5,000"), ("", "USD", ""), ("5000", "R$1", "5,000 R$1"), ("5000", "ကျပ", "5,000 ကျပ"), ("10", "kip", "KIP 10"),
    ("USD 5,000", "usd", "USD 5,000"),
])  # fmt: skip
def test_an_amount_stands_with_its_currency(amount, currency, expected):
    assert amount_with_currency({"amount": amount, "currency": currency}) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("22", FactLine("L", "22", unbroken=True)), ("1200", FactLine("L", "1,200", unbroken=True)),
    ("about 20", FactLine("L", "about 20")), ("", FactLine("L", "")),
])  # fmt: skip
def test_a_number_is_kept_on_one_line_and_words_are_not(text, expected):
    assert number_line("L", text) == expected


def test_prose_stands_in_the_box_where_it_is_short():
    assert short_line("L", "x" * SHORT) == FactLine("L", "x" * SHORT)
    assert short_line("L", "x" * (SHORT + 1)) == FactLine("L", "")


@pytest.mark.parametrize(("text", "expected"), [
    ("2026-04-06", FactLine("L", "6 April 2026", unbroken=True)), ("immediate", FactLine("L", "<At once>")),
    ("soon", FactLine("L", "", unbroken=True)),
])  # fmt: skip
def test_a_day_is_written_out(text, expected):
    assert day_line("L", text, lambda words: f"<{words}>") == expected


@pytest.mark.parametrize(("text", "zone", "expected"), [
    ("2026-04-04T19:00", "Asia/Singapore", "4 April 2026, 19:00 GMT+8"), ("2026-04-04T19:00", "nowhere", "4 April 2026, 19:00"),
    ("2026-07-04T09:05", "Europe/London", "4 July 2026, 09:05 GMT+1"), ("tonight", "Asia/Singapore", ""),
])  # fmt: skip
def test_a_moment_stands_with_its_zone(text, zone, expected):
    assert moment_line("L", text, zone) == FactLine("L", expected)
