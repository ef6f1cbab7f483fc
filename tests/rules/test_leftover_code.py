"""Code that another program left in a text, and what only looks like it."""

import pytest

from portal.rules.leftover_code import found_in, without
from tests.rules.examples import EXAMPLES, issues_of, measured


@pytest.mark.parametrize("code", [
    "{: .lead }", "{:.x}", "{: #top}", "{.class}", "{#id}", "{{< youtube abc >}}", "{{% note %}}", "{% include head.html %}", "{{ name }}",
    "[caption id=1]", "[/caption]", "[gallery ids=1,2]", "[url=https://a.example]", "[b]New[/b]", "[text](", "[text](https://a.example)",
    "![alt](a.png)", "<a href=https://a.example>", "<a href", "<p>", "</div>", "<br/>", "<strong>", "<h2>", "<img src=x", "<!--",
    "<?php", "&nbsp;", "&amp;", "&#8217;", "&#x2019;", "**bold**", "```", 'HYPERLINK "', "MERGEFIELD", "@font-face {", "mso-ansi-language:",
    "[/su_button]", "[button link=“x” size='2']", "*|FNAME|*", "%%title%%", "%FIRST_NAME%", "[[Main page]]", "[object Object]",
    "Error! Reference source not found", "=E2=80=99", "caf=C3=A9", "â€™", "CafÃ©",
])  # fmt: skip
def test_code_is_found_and_its_place_is_named(code):
    assert found_in(f"First line\nCall the club {code}")[0].startswith(f"Call the club {code}"[:40])


@pytest.mark.parametrize("words", [
    "a <b and c> d", "5 < 7 and 8 > 3", "I <3 Yangon", "R&D; AT&T", "[sic]", "[1]", "“[i]t was late”", "f(x) {a}", "{2026}", "a [b] (c)",
    "* one * two", "2 ** 3", "<Lan@post.example>", "C:\\Users", "emoji :) {", "100% {done}", "https://a.example/?a=1&copy=2", "# 1 in Asia",
    "[Name] said", "100%", "5% VAT_X%", "E=mc2", "=E2", "[and/or]", "São Paulo, Ãgua", "€5", "Error! he cried", "* | *", "[a=b]",
])  # fmt: skip
def test_what_people_write_is_no_code(words):
    assert found_in(words) == []


def test_three_places_are_named_with_the_words_before_them():
    text = "The long sentence that comes before it ends in code {: .a} and [text]( and <p> and </p>"

    assert found_in(text) == [
        "… comes before it ends in code {: .a}", "… it ends in code {: .a} and [text](", "… code {: .a} and [text]( and <p>",
    ]  # fmt: skip


def test_attributes_and_shortcodes_hold_no_words():
    assert without("{: .lead } One {{< youtube x >}} two [caption id=1]").split() == ["One", "two"]


@pytest.mark.parametrize("field", ["headline", "subheadline", "summary", "product", "quotes-0-text"])
def test_a_field_with_code_is_marked(field):
    text = "Night ferry to Kalianget opens in May with {: .lead } inside"
    found = [i for i in issues_of("business", {field: text}) if i.field == field and "program" in i.message]

    assert [(i.code, i.severity) for i in found] == [("FORMAT", "advice")]
    assert "{: .lead }”" in found[0].message


def test_a_story_with_code_is_marked():
    values = EXAMPLES["business"]
    counts = measured(values, body_text=f"{values['body']}\n\nSee [our page](")

    (found,) = [i for i in issues_of("business", measured=counts) if "program" in i.message]

    assert (found.field, found.page) == ("body", "story")
    assert found.message == (
        "Code from another program is left in the text: “See [our page](”. Readers would see it as it stands. Take it out."
    )
