"""Lines of plain text stay lines; only prose that a program broke at its edge is joined."""

import pytest

from portal.text.body import body_html
from portal.text.plain import html_to_text

WRAPPED = (
    "The Harbour Trust said on Tuesday that the slipway would open to all\n"
    "boats in May, after two years of work that cost 1.2 million pounds and\n"
    "employed 40 people."
)
ADDRESS = "https://harbour.example/news/2026/the-new-slipway-and-its-opening-hours-for-boats-of-all-kinds"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Programme\n18:00 Doors open\n18:30 Speech\n19:00 Dinner", ["Programme", "18:00 Doors open", "18:30 Speech", "19:00 Dinner"]),
        ("Harbour Hall\n12 Strand Road\nYangon", ["Harbour Hall", "12 Strand Road", "Yangon"]),
        ("- a\n- b", ["- a\n- b"]),
        ("• a\n•b", ["- a\n- b"]),
        ("* a\n* b", ["- a\n- b"]),
        ("· a\n– b\n— c", ["- a\n- b\n- c"]),
        ("1. a\n2. b", ["1. a\n2. b"]),
        ("1) a\n2) b\n5) c", ["1. a\n2. b\n5. c"]),
        ("1. a\n\n2. b", ["1. a\n2. b"]),
        ("1. a\n\nBetween.\n\n2. b", ["1. a", "Between.", "2. b"]),
        ("၁။ က\n၂။ ခ", ["1. က\n2. ခ"]),
        ("１．あ\n２．い", ["１．あ", "２．い"]),
        ("一 a", ["一 a"]),
        ("•\ta\no\tb\n§\tc\n\uf0b7\td\nØ\te", ["- a\n- b\n- c\n- d\n- e"]),
        ("→\ta\n→\tb", ["- a\n- b"]),
        ("o\t5\t6", ["o: 5; 6"]),
        ("• a\n\to b\n\to c\n• d", ["- a\n  - b\n  - c\n- d"]),
        ("o presidente\no governo", ["o presidente", "o governo"]),
        ("Before.\n* * *\nAfter.", ["Before.", "* * *", "After."]),
        ("Doors\v09:00\fSpeech", ["Doors", "09:00", "Speech"]),
        ("- a\n  - b\n- c", ["- a\n  - b\n- c"]),
        ("- a\n\t- b\n- c", ["- a\n  - b\n- c"]),
        ("- first line of it\n  second line\n  third line\n- next", ["- first line of it second line third line\n- next"]),
        (f"1. {WRAPPED}\n2. b", [f"1. {WRAPPED.replace(chr(10), ' ')}\n2. b"]),
        ("* Dan Morgan, Chief Data Officer at the Department of\nTransportation, moderating a panel on privacy and identity\nmanagement\n* b", ["- Dan Morgan, Chief Data Officer at the Department of Transportation, moderating a panel on privacy and identity management\n- b"]),
        (f"- a\n{WRAPPED}", ["- a", WRAPPED.replace("\n", " ")]),
        ("With us:\n- a\n- b\nAnd more.", ["With us:", "- a\n- b", "And more."]),
        ("2026. A year of growth.", ["2026. A year of growth."]),
        ("-5 degrees\n*bold*", ["-5 degrees", "*bold*"]),
        ("– Hello, she said.\nYes.", ["– Hello, she said.", "Yes."]),
        ("Leeds\t92\nYork\t90", ["Leeds: 92", "York: 90"]),
        ("Leeds\t10\t92", ["Leeds: 10; 92"]),
        (WRAPPED, [WRAPPED.replace("\n", " ")]),
        (WRAPPED.replace("in May,", f"({ADDRESS}) in May,").replace(f"boats ({ADDRESS}) in", f"boats\n({ADDRESS})\nin"), [WRAPPED.replace("\n", " ").replace("in May,", f"({ADDRESS}) in May,")]),
        (f"Tickets:\n{ADDRESS}\nHall 4\nYangon", ["Tickets:", ADDRESS, "Hall 4", "Yangon"]),
        (f"Tickets are sold at the harbour and at these two houses of the old town:\n{ADDRESS}\n{ADDRESS}2", ["Tickets are sold at the harbour and at these two houses of the old town:", ADDRESS, f"{ADDRESS}2"]),
        (WRAPPED + "\n\nAnd more.", [WRAPPED.replace("\n", " "), "And more."]),
        ("- an item that goes on until the edge of the window in which\n  it was typed\n- b", ["- an item that goes on until the edge of the window in which it was typed\n- b"]),
        ("ရန်ကုန်မြို့တွင် ပွဲတော်ကို ကျင်းပမည်ဖြစ်ပြီး လူအများ ပါဝင်နိုင်ကြောင်း\nသိရသည်", ["ရန်ကုန်မြို့တွင် ပွဲတော်ကို ကျင်းပမည်ဖြစ်ပြီး လူအများ ပါဝင်နိုင်ကြောင်းသိရသည်"]),
        ("香港海港信託基金星期二表示滑道將於五月向所有船隻開放經過兩年的工程\n耗資一百萬", ["香港海港信託基金星期二表示滑道將於五月向所有船隻開放經過兩年的工程耗資一百萬"]),
        ("日時\n五月一日\n会場", ["日時", "五月一日", "会場"]),
        ("ကျောင်း\nဆရာ", ["ကျောင်း", "ဆရာ"]),
        ("Khin Khin, chair of the library club of Hlaing Thar\nTel 09 123", ["Khin Khin, chair of the library club of Hlaing Thar", "Tel 09 123"]),
    ],
)  # fmt: skip
def test_lines_of_plain_text_stay_what_they_are(typed: str, words: list[str]) -> None:
    assert html_to_text(body_html(typed, "text")).split("\n\n") == words


def test_a_hyphen_at_the_edge_keeps_its_word() -> None:
    typed = "The committee of the club will discuss next week a plan for a long-\nterm lease of the ground."

    assert "a long-term lease" in html_to_text(body_html(typed, "text"))


def test_a_text_of_very_many_lines_is_joined_and_not_refused() -> None:
    typed = "\n".join(f"line {number}" for number in range(1_500))

    assert body_html(typed, "text") == f"<p>{typed.replace(chr(10), ' ')}</p>"


@pytest.mark.parametrize("typed", ["- a\n" * 900, "  " * 400 + "- a\n", "\t" * 5_000, "1. " * 10_000, "a\t" * 9_000], ids=["items", "deep", "tabs", "numbers", "cells"])  # fmt: skip
def test_mean_plain_texts_are_read(typed: str) -> None:
    body_html(typed, "text")
