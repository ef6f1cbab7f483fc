"""The facts box of every kind, line by line: its label, its text, whether it is kept on one line, its link."""

import pytest

from portal.rules.kinds import FactLine, facts_box
from portal.rules.kinds.facts_lines import (
    amount_line,
    day_line,
    grouped,
    moment_line,
    number_line,
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
    ("sports", {"home": "", "away": ""}, "Result"),
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
    ("Quiz", "result", "2", "2½", "A 2½–2 H"), ("Quiz", "result", "½", "0", "H ½–0 A"), ("Quiz", "result", "1 1/2", "2", "A 2–1 1/2 H"),
    ("Diving", "result", "41.25", "41.5", "A 41.5–41.25 H"), ("Diving", "result", "41,25", "40,75", "H 41,25–40,75 A"),
    ("Golf", "result", "-10", "-12", "A -12, H -10"), ("Golf", "result", "−12", "+1", "H −12, A +1"), ("Golf", "result", "E", "-2", "H E, A -2"),
    ("Tennis", "result", "4-6 3-6", "6-4 6-3", "A 6-4 6-3, H 4-6 3-6"), ("Tennis", "result", "6-4 6-3", "6-4 6-3", "H v A: 6-4 6-3"),
    ("Tennis", "result", "6-4 3-6 7-6 (5)", "4-6 6-3 6-7", "H 6-4 3-6 7-6 (5), A 4-6 6-3 6-7"),
    ("Hurling", "result", "2-11", "1-15", "H 2-11, A 1-15"), ("Boxing", "result", "W/O", "0", "H W/O, A 0"),
    ("Cricket", "result", "245 all out", "312 & 198/7d", "H 245 all out, A 312 & 198/7d"), ("Cricket", "result", "187/6", "188/4", "A 188/4–187/6 H"),
    ("Decathlon", "result", "1,050", "998", "H 1,050–998 A"), ("Decathlon", "result", "1,050", "1,200", "A 1,200–1,050 H"),
    ("Football", "result", "two", "1", "H two, A 1"), ("Football", "result", "၂", "၃", "A ၃–၂ H"),
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
    ("5000", "", "5,000"), ("", "USD", ""), ("5000", "R$", "R$ 5,000"), ("5000", "ကျပ", "5,000 ကျပ"), ("10", "kip", "10 kip"),
    ("USD 5,000", "usd", "USD 5,000"), ("Rp 1,5 miliar", "IDR", "Rp 1,5 miliar"), ("Rp1,5 miliar", "idr", "Rp1,5 miliar"),
    ("US$ 5 million", "USD", "US$ 5 million"), ("US$5m", "US$", "US$5m"), ("€5", "EUR", "€5"), ("5 €", "EUR", "5 €"), ("฿1.2m", "THB", "฿1.2m"),
    ("5 million baht", "THB", "5 million baht"), ("1.2 ล้านบาท", "THB", "1.2 ล้านบาท"), ("1.2 ล้าน", "baht", "1.2 ล้าน baht"),
    ("K 500", "MMK", "K 500"), ("Ks 500", "MMK", "Ks 500"), ("500K", "MMK", "MMK 500K"), ("50 kyats", "MMK", "50 kyats"),
    ("₫5", "VND", "₫5"), ("1,5 triệu đồng", "VND", "1,5 triệu đồng"), ("RM500", "MYR", "RM500"), ("5 million", "RM", "RM 5 million"),
    ("S$5", "SGD", "S$5"), ("$5 million", "SGD", "SGD 5 million"), ("5 million dollars", "SGD", "SGD 5 million"), ("$5", "", "$5"),
    ("₱500", "PHP", "₱500"), ("P500", "PHP", "P500"), ("P 1.5 million", "PHP", "P 1.5 million"), ("5p", "GBP", "GBP 5p"), ("500 pesos", "PHP", "500 pesos"), ("300 million yuan", "CNY", "300 million yuan"), ("3亿元", "CNY", "3亿元"),
    ("5 farms", "MYR", "MYR 5 farms"), ("5", "US$", "US$ 5"),
])  # fmt: skip
def test_an_amount_stands_with_its_currency(amount, currency, expected):
    assert amount_line("L", {"amount": amount, "currency": currency}).text == expected


def test_long_words_for_an_amount_may_be_parted():
    assert amount_line("L", {"amount": "2500000", "currency": "USD"}).unbroken
    assert not amount_line("L", {"amount": "five hundred million ringgit over ten years"}).unbroken


@pytest.mark.parametrize(("text", "expected"), [
    ("22", FactLine("L", "22", unbroken=True)), ("1200", FactLine("L", "1,200", unbroken=True)),
    ("about 20", FactLine("L", "about 20")), ("", FactLine("L", "")),
])  # fmt: skip
def test_a_number_is_kept_on_one_line_and_words_are_not(text, expected):
    assert number_line("L", text) == expected


@pytest.mark.parametrize(("kind_name", "name", "label"), [
    ("community", "what_happens", "What"), ("sports", "scorers", "Scorers"), ("event", "speakers", "With"),
    ("appointment", "responsibilities", "Responsible for"), ("appointment", "qualifications", "Qualifications"),
])  # fmt: skip
def test_long_prose_stands_in_the_box_too(kind_name, name, label):
    prose = "Words " * 100

    box = facts_box(kind_name, {**EXAMPLES[kind_name], name: prose})

    assert [line.text for line in box if line.label == label] == [prose.strip()]


AWAY_WON = {"home_score": "1", "away_score": "3"}


@pytest.mark.parametrize(("changes", "expected"), [
    (AWAY_WON | {"period_scores": "25–18, 18-25; 20 – 25, 7-6 (5)"}, "18–25, 25-18; 25 – 20, 6-7 (5)"),
    (AWAY_WON | {"period_scores": "Set 1: 25-20, Set 2:18-25."}, "Set 1: 20-25, Set 2:25-18."),
    (AWAY_WON | {"period_scores": "1:0, 0:3"}, "0:1, 3:0"),
    (AWAY_WON | {"period_scores": "၂၅-၁၈၊ ၂၀-၂၅"}, "၁၈-၂၅၊ ၂၅-၂၀"),
    (AWAY_WON | {"period_scores": "21–19,18-21,19–21"}, "19–21,21-18,21–19"),
    (AWAY_WON | {"period_scores": "1,5-2,5"}, "1,5-2,5"),
    (AWAY_WON | {"period_scores": "Rovers 1–0 at half-time"}, "Rovers 1–0 at half-time"),
    (AWAY_WON | {"period_scores": "12.5-10, 1/2, 2026-03-22, 1–2–3"}, "12.5-10, 1/2, 2026-03-22, 1–2–3"),
    (AWAY_WON | {"period_scores": ""}, None),
    ({"home_score": "3", "away_score": "1", "period_scores": "25–18"}, "25–18"),
    ({"home_score": "2", "away_score": "2", "period_scores": "2–1"}, "2–1"),
    (AWAY_WON | {"match_kind": "fixture", "period_scores": "25–18"}, "25–18"),
    ({"sport": "Golf", "home_score": "72", "away_score": "70", "period_scores": "36-34, 36-36"}, "34-36, 36-36"),
])  # fmt: skip
def test_scores_of_sets_turn_with_the_result(changes, expected):
    box = {line.label: line.text for line in facts_box("sports", {**EXAMPLES["sports"], **changes})}

    assert box.get("By period") == expected


@pytest.mark.parametrize(("position", "language", "expected"), [
    ("iOS lead", "en", "iOS lead"), ("eBay seller", "en", "eBay seller"), ("head of safety", "en", "Head of safety"),
    ("x86 architect", "en", "x86 architect"), ("e-commerce lead", "en", "E-commerce lead"), ("istanbul temsilcisi", "tr", "İstanbul temsilcisi"),
    ("ijsmeester", "nl", "IJsmeester"), ("éditeur", "fr", "Éditeur"), ("διευθυντής", "el", "Διευθυντής"), ("ผู้จัดการ", "th", "ผู้จัดการ"),
    ("თავმჯდომარე", "ka", "თავმჯდომარე"), ("tSeirbhís", "ga", "tSeirbhís"),
])  # fmt: skip
def test_a_post_begins_with_a_capital_unless_its_word_has_its_own_way(position, language, expected):
    changes = {"position": position, "language": language}

    box = {line.label: line.text for line in facts_box("appointment", {**EXAMPLES["appointment"], **changes})}

    assert box["Post"] == expected


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
