"""Hard lengths stop a release at their very edge; advised ones never do."""

import pytest

from portal.rules.kinds import KINDS
from portal.rules.requirements.links import links_of
from portal.rules.requirements.measured import Measured
from tests.rules.examples import EXAMPLES, advice_of, blocking_of, issues_of, measured

HARD_WORDS = {
    "business": (100, 1500),
    "community": (100, 1500),
    "sports": (60, 600),
    "appointment": (60, 800),
    "event": (100, 1500),
}
ADVISED_WORDS = {
    "business": (250, 800),
    "community": (250, 800),
    "sports": (150, 300),
    "appointment": (150, 400),
    "event": (250, 800),
}


def story_of(kind_name: str, count: int) -> list[str]:
    counts = measured(EXAMPLES[kind_name], body_words=count)
    return [
        i.severity for i in issues_of(kind_name, measured=counts) if (i.field, i.code) == ("body", "LENGTH")
    ]


@pytest.mark.parametrize("kind_name", KINDS)
def test_the_story_has_hard_and_advised_lengths(kind_name):
    least, most = HARD_WORDS[kind_name]
    advised_least, advised_most = ADVISED_WORDS[kind_name]

    assert [story_of(kind_name, n) for n in (least - 1, most + 1)] == [["blocking"], ["blocking"]]
    assert [story_of(kind_name, n) for n in (least, advised_least - 1, advised_most + 1, most)] == [
        ["advice"]
    ] * 4
    assert [story_of(kind_name, n) for n in (advised_least, advised_most)] == [[], []]


@pytest.mark.parametrize(("name", "count", "field_code"), [
    ("headline_graphemes", 9, [("headline", "HEADLINE")]), ("headline_graphemes", 10, []),
    ("headline_graphemes", 170, []), ("headline_graphemes", 171, [("headline", "HEADLINE")]),
    ("subheadline_graphemes", 250, []), ("subheadline_graphemes", 251, [("subheadline", "HEADLINE")]),
    ("summary_graphemes", 250, []), ("summary_graphemes", 251, [("summary", "LENGTH")]),
    ("about_words", 150, []), ("about_words", 151, [("about", "LENGTH")]),
    ("body_words", 99, [("body", "LENGTH")]),
])  # fmt: skip
def test_other_hard_lengths(name, count, field_code):
    assert blocking_of("business", measured=measured(EXAMPLES["business"], **{name: count})) == field_code


def test_the_messages_give_the_count_and_the_limit():
    counts = measured(
        EXAMPLES["business"],
        headline_graphemes=1,
        body_words=50,
        body_links=tuple(f"https://a.example/{n}" for n in range(9)),
    )
    messages = [issue.message for issue in issues_of("business", measured=counts) if issue.blocks]

    assert messages == [
        "The headline has 1 character. Write 10 or more.",
        "The story has 9 links. Keep 8 or fewer.",
        "The story has 50 words. Write 100 or more.",
    ]


def test_eight_links_pass_and_nine_do_not():
    eight = tuple(f"https://a.example/{n}" for n in range(8))

    assert blocking_of("business", measured=measured(EXAMPLES["business"], body_links=eight)) == []
    assert blocking_of(
        "business", measured=measured(EXAMPLES["business"], body_links=(*eight, "https://b.example"))
    ) == [("body", "LINKS")]


def test_an_address_that_is_linked_twice_counts_once():
    links = ("https://a.example/x", "https://b.example/y", "https://b.example/y")
    assert links_of(Measured(body_links=links)) == ["https://a.example/x", "https://b.example/y"]


def test_a_link_through_a_shut_gate_is_named():
    shut = "https://protect-eu.mimecast.com/s/aBcD?domain=x.example"
    counts = measured(EXAMPLES["business"], body_links=(shut,), shut_links=(shut, shut))

    found = [issue.message for issue in issues_of("business", measured=counts) if issue.code == "LINKS"]
    assert found == [
        (
            "A link leads through protect-eu.mimecast.com, which hides where it goes. "
            "Copy the address from your browser once the page has opened."
        )
    ]


def test_many_links_for_few_words_advise():
    counts = measured(
        EXAMPLES["business"], body_links=("https://a.example/1", "https://a.example/2"), body_words=300
    )
    crowded = measured(
        EXAMPLES["business"], body_links=("https://a.example/1", "https://a.example/2"), body_words=120
    )

    assert ("body", "LINKS") not in advice_of("business", measured=counts)
    assert ("body", "LINKS") in advice_of("business", measured=crowded)


def test_the_same_page_twice_advises():
    counts = measured(
        EXAMPLES["business"], body_links=("https://a.example/t?x", "https://a.example/t"), body_words=300
    )

    assert ("body", "LINKS") in advice_of("business", measured=counts)


def test_a_very_long_answer_elsewhere_only_advises():
    long = {"product": "x" * 5000, "notes_to_editors": "x" * 5000}

    assert blocking_of("business", long) == []
    assert [
        found for found in advice_of("business", long) if found[1] == "LENGTH" and found[0] != "body"
    ] == [("product", "LENGTH")]


def test_dense_scripts_are_not_told_that_a_headline_is_short():
    chinese = {"language": "zh-Hans", "headline": "苏腊巴亚至卡连亚特夜间渡轮五月一日开航"}
    counts = measured({**EXAMPLES["business"], **chinese}, headline_is_dense=True)

    assert [f for f in advice_of("business", chinese, measured=counts) if f[0] == "headline"] == []


@pytest.mark.parametrize(
    ("dense", "count", "told"),
    [
        (False, 9, "The headline has 9 characters. Write 10 or more."), (False, 10, ""),
        (True, 3, "The headline has 3 characters. Write 4 or more."), (True, 4, ""),
    ],
)  # fmt: skip
def test_a_headline_has_ten_characters_or_four_that_are_syllables_or_words(dense, count, told):
    counts = measured(EXAMPLES["business"], headline_graphemes=count, headline_is_dense=dense)

    assert [i.message for i in issues_of("business", measured=counts) if i.blocks] == ([told] if told else [])


SIX = "In Burmese, Thai, Lao, Khmer and Tibetan letters six characters count as one word."
TWO = "In Chinese, Japanese and Yi letters two characters count as one word."


@pytest.mark.parametrize(("scripts", "mend"), [(set(), ""), ({6}, SIX), ({2}, TWO), ({2, 6}, f"{SIX} {TWO}")])
def test_characters_for_a_word_are_explained_to_those_whose_letters_are_counted_so(scripts, mend):
    counts = measured(EXAMPLES["business"], body_words=50, body_scripts=frozenset(scripts))
    (issue,) = [i for i in issues_of("business", {"language": "my"}, measured=counts) if i.blocks]

    assert issue.mend == mend


@pytest.mark.parametrize(
    ("count", "words", "advised"),
    [(1, 0, False), (2, 199, True), (2, 200, False), (3, 299, True), (3, 300, False)],
)
def test_one_link_for_every_hundred_words_is_enough(count, words, advised):
    links = tuple(f"https://a{number}.example/" for number in range(count))
    counts = measured(EXAMPLES["business"], body_links=links, body_words=words)

    assert (("body", "LINKS") in advice_of("business", measured=counts)) is advised


@pytest.mark.parametrize(("links", "told"), [
    (("https://a.example/t/?x", "https://a.example/t"), "2 links lead to the same page, a.example/t. One is enough."),
    (("https://z.example/", "https://b.example/1#x", "https://b.example/1"), "2 links lead to the same page, b.example/1. One is enough."),
    (("https://a.example/1", "https://a.example/1", "https://a.example/1"), "3 links lead to the same page, a.example/1. One is enough."),
    (("https://a.example/1", "https://a.example/2"), None), (("https://a.example/1/X", "https://a.example/1"), None), ((), None),
])  # fmt: skip
def test_the_page_that_links_lead_to_most_often_is_named(links, told):
    counts = measured(EXAMPLES["business"], body_links=links, body_words=800)

    found = [issue.message for issue in issues_of("business", measured=counts) if issue.code == "LINKS"]
    assert found == ([told] if told else [])


@pytest.mark.parametrize(("count", "known", "field", "advised"), [
    ("headline_graphemes", 39, "headline", True), ("headline_graphemes", 40, "headline", False),
    ("headline_graphemes", 90, "headline", False), ("headline_graphemes", 91, "headline", True),
    ("headline_words", 15, "headline", False), ("headline_words", 16, "headline", True),
    ("summary_graphemes", 119, "summary", True), ("summary_graphemes", 120, "summary", False),
    ("summary_graphemes", 200, "summary", False), ("summary_graphemes", 201, "summary", True),
    ("summary_graphemes", 250, "summary", True),
])  # fmt: skip
def test_advised_lengths_are_kept_to_the_character(count, known, field, advised):
    counts = measured(EXAMPLES["business"], **{count: known})

    assert (field in [name for name, _ in advice_of("business", measured=counts)]) is advised


@pytest.mark.parametrize(
    ("name", "length", "advised"), [("product", 200, False), ("product", 201, True), ("body", 5000, False)]
)
def test_a_line_may_have_two_hundred_characters(name, length, advised):
    counts = measured(EXAMPLES["business"], body_words=300)

    found = advice_of("business", {name: "x" * length}, measured=counts)
    assert ((name, "LENGTH") in found) is advised
