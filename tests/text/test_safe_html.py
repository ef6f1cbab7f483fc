"""What sanitising promises: few tags, safe addresses, the same again, and limits before any cost."""

import re
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text import safe_html
from portal.text.markup import reading
from portal.text.markup.thinning import thinned
from portal.text.safe_html import TooMuchMarkup, sanitise, trusted

Faults = Callable[[str], list[str]]
PIECES = (
    "<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<ul>", "</ul>", "<ol>", "<li>", "</li>", "<h1>", "</h1>", "<br>",
    "<blockquote>", "</blockquote>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<a href='http://x.example/&copy'>",
    "<a href=javascript:1>", "</a>", "<span style='font-weight:700'>", "</span>", "<div>", "</div>", "<o:p>", "<!--",
    "-->", "<svg>", "</svg>", "<style>", "</style>", "<p style='mso-list:l0 level2 lfo1'>", "&amp;", "&lt;", "&", "<",
    ">", '"', "\u0338", "e", "\u0301", "\u200b", "\u202e", "\xa0", " ", "\n", "https://x.example/", "<sup>", "</sup>", "<s>", "</s>", "<q>", "</q>", "<ol start=3 type=a>", "<li value=7>", "1", "/",
    "<th>", "<sub>", "</sub>", "&#x338;", "&#0;", "&#128;", "word",
)  # fmt: skip

# What ends, hides or joins tags.
DARK_PIECES = (
    "<", "<a", "</", "<!", "<?", "<b x='", '<b style="', "'", "=", "/", "<del>", "</del>", "<textarea>", "</textarea>", "<xmp",
    "<title>", "</title", "<template>", "<math>", "<![CDATA[", "]]>", "<p\n", "<B\xa0c", "<form>", "<select>", "<plaintext>",
)  # fmt: skip
KINDS = "b strong i em u s strike font big small code tt".split()
WEIGHTS = ("bold", "normal", "x")
WRITTEN = re.compile(
    r'<!---->|</[a-z][a-z0-9]*>|<[a-z][a-z0-9]*(?: (?:strong|emphasis|marker|head|reversed)="[01]"| level="[0-9]"| href="[^"<>]*"| (?:start|value)="-?[0-9]+"'
    r'| kind="[aAiI]"| height="su(?:per|b)"| gone="[a-z]+")*>'
)


def wrapped(payload: str) -> list[str]:
    """The payload as text, in an attribute, as an attribute, in deep structure."""
    return [
        payload,
        f'<a href="{payload}">x</a>',
        f"<a href={payload}>x</a>",
        f"<p title='{payload}'>x</p>",
        f"<ul><li>{payload}<table><tr><td>{payload}",
    ]


def cleaned_or_refused(html: str) -> str:
    try:
        return sanitise(html)
    except TooMuchMarkup:
        return ""


def test_every_attack_ends_inert(attacks: dict[str, str], faults_of: Faults) -> None:
    outcomes = {
        name: [faults_of(cleaned_or_refused(each)) for each in wrapped(text)]
        for name, text in attacks.items()
    }

    assert {name: found for name, found in outcomes.items() if any(found)} == {}


def test_every_attack_cleaned_again_stays_the_same(attacks: dict[str, str]) -> None:
    cleaned = [cleaned_or_refused(each) for text in attacks.values() for each in wrapped(text)]

    assert [html for html in cleaned if sanitise(html) != html] == []


def test_bleach_and_nh3_are_enough_without_the_first_reading(
    attacks: dict[str, str], faults_of: Faults
) -> None:
    def only_libraries(text: str) -> str:
        return safe_html._by_nh3(safe_html._by_bleach(text))

    assert [name for name, text in attacks.items() if faults_of(only_libraries(text))] == []


def test_the_first_reading_leaves_the_cleaners_nothing_to_do(attacks: dict[str, str]) -> None:
    plain = [safe_html._plain_markup(text) for text in attacks.values()]

    assert [html for html in plain if safe_html._by_nh3(safe_html._by_bleach(html)) != html] == []


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=60))
def test_cleaning_again_changes_nothing(html: str) -> None:
    once = sanitise(html)

    assert sanitise(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize("before", ["", " ", "\xa0", "\u200b", "\u2060", "\u3000", "a\xa0"])
def test_a_stroke_on_nothing_joins_no_tag_before_it(before: str) -> None:
    once = sanitise(f"<p>{before}\u0338words</p>")

    assert sanitise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "words" in once


@pytest.mark.parametrize("address", ["javascript:1", "vbscript:2", "JaVaScRiPt:alert(1)", "data:text/html,x", "//x.example/",
                                     "/local", "#part", "file:///etc/passwd", "https:x.example", "https://bank.example@x.example/",
                                     "java\tscript:alert(1)", "&#106;avascript:alert(1)", "cid:image001.png", "https://x.example\\@y.example", "ftp://x.example/", "http://"])  # fmt: skip
def test_only_web_and_mail_addresses_are_linked(address: str) -> None:
    assert sanitise(f'<p><a href="{address}">words</a></p>') == "<p>words</p>"


@pytest.mark.parametrize("address", ["https://x.example/a?b=1&amp;c=2#d", "http://x.example:8080/", "mailto:press@x.example",
                                     "https://x.example/?a=1&amp;copy=2"])  # fmt: skip
def test_good_addresses_stay(address: str) -> None:
    kept = f'<p><a href="{address}">words</a></p>'

    assert sanitise(kept) == kept


def test_addresses_in_other_scripts_are_stored_as_the_network_knows_them() -> None:
    typed = '<a href="https://မြန်မာ.example/သတင်း">x</a>'

    assert sanitise(typed) == (
        '<p><a href="https://xn--7idjb0f4ck.example/%E1%80%9E%E1%80%90%E1%80%84%E1%80%BA%E1%80%B8">x</a></p>'
    )


def test_a_link_keeps_its_address_and_nothing_else() -> None:
    pasted = (
        '<a href="https://x.example/" target="_blank" rel="me" class="c" onclick="alert(1)" title="t">x</a>'
    )

    assert sanitise(pasted) == '<p><a href="https://x.example/">x</a></p>'


def test_redirects_of_mail_programs_are_unwrapped() -> None:
    pasted = '<a href="https://www.google.com/url?q=https%3A%2F%2Ffete.example%2Fbook&amp;source=gmail">x</a>'

    assert sanitise(pasted) == '<p><a href="https://fete.example/book">x</a></p>'


def test_what_nobody_should_read_is_dropped_with_its_words() -> None:
    pasted = "<style>p{}</style><script>a()</script><xml><w:View>Normal</w:View></xml><!-- c --><p>kept<o:p></o:p></p>"

    assert sanitise(pasted) == "<p>kept</p>"


@pytest.mark.parametrize(
    ("pasted", "stored"),
    [
        ("<h1>a</h1><h2>b</h2><h6>c</h6>", "<h3>a</h3>\n<h3>b</h3>\n<h3>c</h3>"),
        ("<b>a</b> <i>b</i>", "<p><strong>a</strong> <em>b</em></p>"),
        ("<div>a</div><div><br></div><div>b</div>", "<p>a</p>\n<p>b</p>"),
        ("<p>a<br>b</p>", "<p>a</p>\n<p>b</p>"),
        ("<h2>a<br>b</h2>", "<h3>a b</h3>"),
        ("<li>a<br></li>", "<p>a</p>"),
        ("<p>a&nbsp;&nbsp;b</p><p>&nbsp;</p><p>\u200b</p>", "<p>a b</p>"),
        ("<span style='font-weight: bold'>a</span>", "<p><strong>a</strong></p>"),
        ("<span style='font-style:italic;font-weight:700'>a</span>", "<p><strong><em>a</em></strong></p>"),
        ("<b style='font-weight:normal'><p>a</p></b>", "<p>a</p>"),
        ("<b style='mso-bidi-font-weight:normal'>a</b>", "<p><strong>a</strong></p>"),
        ("<p><b>a <i>b</i></b> <i>c</i></p>", "<p><strong>a <em>b</em></strong> <em>c</em></p>"),
        ("<p>a<b>b </b>c</p>", "<p>a<strong>b</strong> c</p>"),
        ("<b><p>a<p>b</b>c", "<p><strong>a</strong></p>\n<p><strong>b</strong>c</p>"),
        ("<ul><li><p>a</p></li><li>b<ul><li>c</ul></ul>", "<ul><li>a</li>\n<li>b\n<ul><li>c</li></ul></li></ul>"),
        ("<ol><li>a</li><ol><li>b</li></ol></ol>", "<ol><li>a\n<ol><li>b</li></ol></li></ol>"),
        ("<table><tr><th>Club</th><th>Points</th></tr><tr><td><p>Leeds</p></td><td>92</td></tr></table>", "<p>Club: Points</p>\n<p>Leeds: 92</p>"),
        ("<table><tr><td><h1>a</h1><p>b</p></td></tr></table>", "<h3>a</h3>\n<p>b</p>"),
        ("<blockquote>a</blockquote>", "<blockquote><p>a</p></blockquote>"),
        ("5 < 6 & 7 > 2", "<p>5 &lt; 6 &amp; 7 &gt; 2</p>"),
        ("&lt;script&gt;", "<p>&lt;script&gt;</p>"),
        ("a\u202eb&#x202e;c\x00d", "<p>abcd</p>"),
        ("cafe\u0301", "<p>café</p>"),
        ("<p>was <del>old</del>new</p>", "<p>was new</p>"),
        ("<p>a</b></i>b</p>c", "<p>ab</p>\n<p>c</p>"),
        ("a</p>b", "<p>a</p>\n<p>b</p>"),
        ("<a href='https://x.example/'>a<a href='https://y.example/'>b</a>c", '<p><a href="https://x.example/">a</a><a href="https://y.example/">b</a>c</p>'),
        ("<p><i>a<p>b</i>c", "<p><em>a</em></p>\n<p><em>b</em>c</p>"),
        ("<table>a<tr><td>b<td>c</table>d", "<p>a</p>\n<p>b: c</p>\n<p>d</p>"),
        ("<table><tr><td>a<table><tr><td>b<td>c</table><td>d</table>", "<p>a b: c; d</p>"),
        ("<td>a</td><td>b</td>c", "<p>a</p>\n<p>b</p>\n<p>c</p>"),
        ("<tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></tbody></table>e", "<p>a: b</p>\n<p>c: d</p>\n<p>e</p>"),
        ("<tr><th>a<th>b<tr><td>c<td>d</table>e", "<p>a: b</p>\n<p>c: d</p>\n<p>e</p>"),
        ("<tr><td>a<table><tr><td>b</table><td>c</tr>d", "<p>a b: c</p>\n<p>d</p>"),
        ("</table><table><tr><td>a</td><td>b</td></tr></table>", "<p>a: b</p>"),
        ("<mark style='font-weight:bold'>a</mark>b", "<p><strong>a</strong>b</p>"),
        ("<cite>a</cite> <dfn>b</dfn>", "<p><em>a b</em></p>"),
        ("<plaintext>a<b>b</b>", "<p>a<strong>b</strong></p>"),
        ("<svg><p>a</p></svg>b<svg>c", "<p>bc</p>"),
        ("<SVG>a</SVG>b<del>c", "<p>bc</p>"),
        ("<svg>a</svg", ""),
        ("<textarea></b></textarea><b>a", "<p><strong>a</strong></p>"),
        ("<a title='</a><b>' href=https://x.example/?a>a</a>b", '<p><a href="https://x.example/?a">a</a>b</p>'),
        ("a&<wbr>lt;b &<!-- -->amp; &copy;", "<p>a&amp;lt;b &amp;amp; ©</p>"),
        ("a<<!-- -->b>", "<p>a&lt;b&gt;</p>"),
        ("<b strong=0 class=marker>a</b>", "<p><strong>a</strong></p>"),
        ("<p marker=1 level=2>a", "<p>a</p>"),
        ("a<b", "<p>a</p>"),
        ("a\ud800b&#xd800;c", "<p>ab\ufffdc</p>"),
        ("<form>a<form>b", "<p>a</p>\n<p>b</p>"),
        ("<a href='https://x.example/?a=1&copy=2&lt;'>a</a>", '<p><a href="https://x.example/?a=1&amp;copy=2%3C">a</a></p>'),
        ("   ", ""),
        ("<p></p><ul><li></li></ul>", ""),
    ],
)  # fmt: skip
def test_pasted_structure_becomes_the_structure_of_a_release(pasted: str, stored: str) -> None:
    assert sanitise(pasted) == stored


def test_word_lists_become_lists_by_their_markers_and_levels() -> None:
    def item(level: int, marker: str, words: str) -> str:
        return f"<p style='mso-list:l0 level{level} lfo1'><span style='mso-list:Ignore'>{marker}&nbsp; </span>{words}</p>"

    pasted = "<p>x</p>" + item(1, "1.", "a") + item(2, "·", "b") + item(1, "2.", "c") + "<p>y</p>"

    assert sanitise(pasted) == "<p>x</p>\n<ol><li>a\n<ul><li>b</li></ul></li>\n<li>c</li></ol>\n<p>y</p>"


@pytest.mark.parametrize(
    "html",
    [
        "<!--" + "x" * 200_000 + "-->",
        "x" * 60_001,
        "<p>x</p>" * 2_001,
        "</p>" * 2_001,
        "<div>" * 51,
        "".join(f"<b id={number}>" for number in range(5_000)),
        "<p " + " ".join(f"a{number}=1" for number in range(21)) + ">x</p>",
        "&" * 10_000,
        "&" * 20_000,
        "<b><i><a href=https://x.example>" + "x<br>" * 900,
    ],
    ids=[
        "raw size",
        "size",
        "tags",
        "ends",
        "depth",
        "unclosed",
        "attributes",
        "entities",
        "size as written",
        "tags as written",
    ],
)
def test_beyond_a_limit_the_sender_is_told_before_bleach_starts(
    html: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safe_html, "_by_bleach", None)

    with pytest.raises(TooMuchMarkup, match=r"\. (Paste|Shorten) .*\.$"):
        sanitise(html)


@pytest.mark.parametrize(
    "html",
    [
        "x" * 60_001,
        "<p>x</p>" * 2_001,
        "</p>" * 2_001,
        "<x>" * 2_001,
        "<p " + " ".join(f"a{number}" for number in range(30_000)) + ">x</p>",
        "<p " + "a " * 21,
        "<p>" + "".join(f"<{name} style='font-weight:{weight}'>" for name in KINDS for weight in WEIGHTS) + "<p>x" * 1_000,
    ],
    ids=["size", "tags", "ends", "unknown tags", "attributes", "attributes without an end", "formatting of many kinds"],
)  # fmt: skip
def test_what_html5ever_is_slow_at_is_refused_before_it_starts(
    html: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_WELL_FORMED", None)

    with pytest.raises(TooMuchMarkup):
        sanitise(html)


def test_formatting_that_is_carried_on_into_too_many_paragraphs_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "_Reader", None)

    with pytest.raises(TooMuchMarkup, match="more than 2,000 pieces"):
        sanitise("<p>" + "".join(f"<{name}>" * 3 for name in KINDS) + "<p>x" * 1_900)


@given(st.lists(st.sampled_from((*PIECES, *DARK_PIECES)), max_size=30).map("".join) | st.text(max_size=60))
def test_html5ever_sees_no_tag_that_was_not_written_for_it(html: str) -> None:
    shown = thinned(html)
    tags = re.findall("<[^>]*>?", shown)

    assert [tag for tag in tags if not WRITTEN.fullmatch(tag)] == []


@pytest.mark.parametrize(
    "html",
    [
        "x" * 59_993,
        "<p>x</p>" * 2_000,
        "<div>" * 50 + "x",
        "<blockquote>" * 50 + "x",
        "<ul>" * 50 + "x",
        "<table><tr><td>" * 16 + "x",
        "<p " + "a=1 " * 20 + ">x</p>",
        "<!-- -->" * 20_000 + "x",
    ],
    ids=["size", "tags", "depth", "quotations", "lists", "tables", "attributes", "comments"],
)
def test_up_to_the_limits_everything_is_read(html: str) -> None:
    stored = sanitise(html)

    assert stored.count("x") == html.count("x")
    assert sanitise(stored) == stored


def test_trusted_markup_is_not_escaped_again() -> None:
    assert trusted("<p>a</p>").__html__() == "<p>a</p>"


def test_texts_of_several_threads_are_never_mixed() -> None:
    texts = [f"<p>{letter * 200} <strong>{letter}</strong></p>" for letter in "abcdefgh"] * 10

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(sanitise, texts)) == texts
