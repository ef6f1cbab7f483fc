"""Raised and lowered figures, numbers of lists, quotation marks and spaces say the same as they did where they were written."""

import pytest

from portal.text.body import body_html
from portal.text.markdown import from_html, to_html
from portal.text.markup import numbering
from portal.text.plain import clean_line, html_to_text
from portal.text.quotes import in_marks
from portal.text.safe_html import sanitise


def said(html: str) -> str:
    return html_to_text(sanitise(html))


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("3<sup>1</sup>/<sub>2</sub> km, 10<sup>-3</sup>, 5%<sup>1</sup>, 10<sup>6</sup> m<sup>2</sup>", "3½ km, 10⁻³, 5%¹, 10⁶ m²"),
        ("3 <sup>1</sup>⁄<sub>2</sub>", "3 ½"),
        ("2<sup>3</sup>/<sub>4</sub>, <sup>7</sup>/<sub>16</sub>", "2¾, ⁷⁄₁₆"),
        ("8<sup>1/2</sup>", "8¹⁄²"),
        ("10<sup>−3</sup> 10<sup>–3</sup> 10<sup>+3</sup>", "10⁻³ 10⁻³ 10⁺³"),
        ("2025<sup>1</sup> 5<sup>2</sup>3", "2025¹ 5²3"),
        ("CO<sub>2</sub>, H<sub>2</sub>O, PM<sub>2.5</sub>, log<sub>2</sub>8", "CO₂, H₂O, PM₂.₅, log₂8"),
        ("1<sup>st</sup>, 22<sup>nd</sup>, 3<sup>ème</sup>, M<sup>me</sup>", "1st, 22nd, 3ème, Mme"),
        ("30<sup>o</sup>C, n<sup>o</sup> 5, 1<sup>o</sup>, 1<sup>a</sup>", "30°C, nº 5, 1º, 1ª"),
        ("Acme<sup>TM</sup> Acme<sup>®</sup>", "Acme™ Acme®"),
        ("x<sup>n</sup>, 10<sup>6.5</sup>, e<sup>a+b</sup>", "xⁿ, 10^6.5, e^(a+b)"),
        ("growth<sup>1,2</sup> rose<sup>[3]</sup> fell<sup>*</sup>", "growth[1,2] rose[3] fell*"),
        ("၁၀<sup>၆</sup> ၁၀<sup>၆</sup>၅ CO<sub>၂</sub>", "၁၀^၆ ၁၀^(၆)၅ CO[၂]"),
        ("၃<sup>၁</sup>/<sub>၂</sub>", "၃ ၁/၂"),
        ("10<span style='vertical-align:super'>6</span> CO<span style='vertical-align: sub'>2</span>", "10⁶ CO₂"),
        ("10<span style='vertical-align:4pt'>6</span> CO<span style='vertical-align:-20%'>2</span>", "10⁶ CO₂"),
        ("10<span style='position:relative;mso-text-raise:3.0pt'>6</span>", "10⁶"),
        ("<span style='vertical-align:baseline'>10<span style='font-size:0.6em;vertical-align:super'>6</span></span>", "10⁶"),
        ("<style>span.s2 {vertical-align: super}</style>10<span class=s2>6</span>", "10⁶"),
        ("<table><tr><td style='vertical-align:super'>10</td></tr></table>", "10"),
        ("10<sup><b>6</b></sup> 1<sup>1</sup><sup>0</sup>", "10⁶ 1¹⁰"),
        ("a<sup> 2 </sup>b", "a ² b"),
        ("10<sup></sup> 5", "10 5"),
        ("10<span style='vertical-align:text-top'>6</span> CO<span style='vertical-align:text-bottom'>2</span>", "10⁶ CO₂"),
        ("10<span style='position:relative;top:-5.0pt'>6</span> CO<span style='top:2pt;position:relative'>2</span>", "10⁶ CO₂"),
        ("10<span style='top:-5pt'>6</span>", "106"),
        ("in 2025<a class='sdfootnoteanc' href='#sdfootnote1sym'>1</a> and 2026<a href='#_ftn2'>2</a>", "in 2025¹ and 2026²"),
        ("<a class='sdfootnotesym' href='#sdfootnote1anc'>1</a>2025 is right", "¹2025 is right"),
        ("5%<a href='#_ftn1'><span class=MsoFootnoteReference>[1]</span></a> 6%<a href='#fn3' role='doc-noteref'>3</a>", "5%[1] 6%³"),
        ("<a href='https://x.example/#fund5'>5</a>7", "57"),
        ("<ruby>漢字<rt>かんじ</rt></ruby>と10<ruby>月<rp>(</rp><rt>がつ</rt><rp>)</rp></ruby>", "漢字（かんじ）と10月(がつ)"),
    ],
)  # fmt: skip
def test_raised_and_lowered_figures_are_told_apart(pasted: str, words: str) -> None:
    assert said(f"<p>{pasted}</p>") == words


def test_a_footnote_that_is_a_link_stays_one() -> None:
    pasted = '<p>5%<sup><a href="https://x.example/n">1</a></sup></p>'

    assert sanitise(pasted) == '<p>5%<a href="https://x.example/n">¹</a></p>'


LISTS = [
    ('<ol start="5"><li>a</li><li>b</li></ol>', '<ol start="5"><li>a</li>\n<li>b</li></ol>', "5. a\n6. b"),
    ("<ol><li>a<li value=7>b<li>c</ol>", '<ol><li>a</li>\n<li value="7">b</li>\n<li>c</li></ol>', "1. a\n7. b\n8. c"),
    ("<ol type=a><li>a<li>b</ol>", '<ol type="a"><li>a</li>\n<li>b</li></ol>', "a. a\nb. b"),
    ("<ol type=A start=3><li>a</ol>", '<ol start="3" type="A"><li>a</li></ol>', "C. a"),
    ("<ol type=i><li>a<li>b</ol>", '<ol type="i"><li>a</li>\n<li>b</li></ol>', "i. a\nii. b"),
    ("<ol type=I start=4><li>a<li>b</ol>", '<ol start="4" type="I"><li>a</li>\n<li>b</li></ol>', "IV. a\nV. b"),
    ("<ol style='list-style-type:lower-alpha'><li>a<li>b</ol>", '<ol type="a"><li>a</li>\n<li>b</li></ol>', "a. a\nb. b"),
    ("<ol><li style='list-style-type:upper-roman'>a</ol>", '<ol type="I"><li>a</li></ol>', "I. a"),
    ("<ol reversed><li>a<li>b<li>c</ol>", '<ol reversed=""><li>a</li>\n<li>b</li>\n<li>c</li></ol>', "3. a\n2. b\n1. c"),
    ("<ol reversed start=10><li>a<li>b</ol>", '<ol reversed="" start="10"><li>a</li>\n<li>b</li></ol>', "10. a\n9. b"),
    ("<ol><li>a<ol type=a><li>b<li>c</ol><li>d</ol>", '<ol><li>a\n<ol type="a"><li>b</li>\n<li>c</li></ol></li>\n<li>d</li></ol>', "1. a\n  a. b\n  b. c\n2. d"),
    ("<ol><li>a</ol><p>x</p><ol start=2><li>b</ol>", '<ol><li>a</li></ol>\n<p>x</p>\n<ol start="2"><li>b</li></ol>', "1. a\n\nx\n\n2. b"),
    ("<ol><li>a</ol><ol start=7><li>b</ol>", '<ol><li>a</li></ol>\n<ol start="7"><li>b</li></ol>', "1. a\n\n7. b"),
    ("<ul><li>a</ul><ul><li>b</ul>", "<ul><li>a</li></ul>\n<ul><li>b</li></ul>", "- a\n\n- b"),
    ("<ol start=0><li>a</ol>", '<ol start="0"><li>a</li></ol>', "0. a"),
    ("<ol start=-1><li>a</ol>", "<ol><li>a</li></ol>", "1. a"),
    ("<ol start=x type=z><li value=y>a</ol>", "<ol><li>a</li></ol>", "1. a"),
    ("<ol start=2026><li>A year of growth.</ol>", "<p>2026. A year of growth.</p>", "2026. A year of growth."),
    ("<ol start=2025><li>a<li>b</ol>", '<ol start="2025"><li>a</li>\n<li>b</li></ol>', "2025. a\n2026. b"),
    ("<ol><li></li><li>b</ol>", '<ol start="2"><li>b</li></ol>', "2. b"),
]  # fmt: skip


@pytest.mark.parametrize(("pasted", "stored", "words"), LISTS)
def test_lists_keep_their_numbers_on_the_page_in_words_and_in_markdown(
    pasted: str, stored: str, words: str
) -> None:
    assert sanitise(pasted) == stored
    assert sanitise(stored) == stored
    assert html_to_text(stored) == words
    assert sanitise(to_html(from_html(stored))) == stored


@pytest.mark.parametrize(
    ("markers", "stored"),
    [
        (["1.", "2.", "3."], "<ol><li>x</li>\n<li>x</li>\n<li>x</li></ol>"),
        (["3.", "4."], '<ol start="3"><li>x</li>\n<li>x</li></ol>'),
        (["a)", "b)"], '<ol type="a"><li>x</li>\n<li>x</li></ol>'),
        (["(ii)", "(iii)"], '<ol start="2" type="i"><li>x</li>\n<li>x</li></ol>'),
        (["·", "·"], "<ul><li>x</li>\n<li>x</li></ul>"),
        (["o"], "<ul><li>x</li></ul>"),
        (["1.1", "1.2"], "<p>1.1 x</p>\n<p>1.2 x</p>"),
        (["Article 1:"], "<p>Article 1: x</p>"),
        (["၁။", "၂။"], "<ol><li>x</li>\n<li>x</li></ol>"),
    ],
)
def test_markers_that_word_writes_are_read(markers: list[str], stored: str) -> None:
    items = (
        f"<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>{marker}&nbsp; </span>x</p>"
        for marker in markers
    )
    assert sanitise("".join(items)) == stored


def test_a_list_of_word_that_goes_on_after_a_paragraph_goes_on_counting() -> None:
    def item(level: int, marker: str) -> str:
        return f"<p style='mso-list:l0 level{level} lfo1'><span style='mso-list:Ignore'>{marker} </span>x</p>"

    pasted = item(1, "1.") + item(2, "a.") + item(2, "b.") + "<p>Between.</p>" + item(2, "c.") + item(1, "2.")
    assert said(pasted) == "1. x\n  a. x\n  b. x\n\nBetween.\n\nc. x\n\n2. x"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2026. A year of growth.", "2026. A year of growth."),
        ("1. a\n1. b\n1. c", "1. a\n2. b\n3. c"),
        ("10. a\n9. b", "10. a\n9. b"),
        ("3. a\n4. b\n\nBetween.\n\n5. c", "3. a\n4. b\n\nBetween.\n\n5. c"),
        ("B. Russell was here.\n\nA. Smith too.", "B. Russell was here.\n\nA. Smith too."),
        ("a.  x\nb.  y", "a. x\nb. y"),
        ("A.  x\nZ.  y", "1. A. x\n2. Z. y"),
        ("ภาษาไทย\nไม่มีช่องว่าง", "ภาษาไทยไม่มีช่องว่าง"),
        ("one\ntwo", "one two"),
    ],
)
def test_markdown_counts_as_it_was_typed(typed: str, words: str) -> None:
    assert html_to_text(body_html(typed, "markdown")) == words


@pytest.mark.parametrize(("kind", "number", "shown"), [("a", 27, "aa"), ("A", 3, "C"), ("i", 4, "iv"), ("I", 1999, "MCMXCIX"), ("a", 0, "0"), ("1", 5, "5")])  # fmt: skip
def test_a_number_is_shown_as_a_browser_shows_it(kind: str, number: int, shown: str) -> None:
    assert numbering.label(kind, number) == shown


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("<p>10&nbsp;000 &nbsp;km</p>", "10\u00a0000 km"),
        ("<p>« oui »</p>".replace(" ", "\u00a0"), "«\u00a0oui\u00a0»"),
        ("<p>a&nbsp;<b>b</b></p>", "a\u00a0b"),
        ("<p>&nbsp;a&nbsp;&nbsp;b&nbsp;</p>", "a b"),
    ],
)
def test_a_space_that_does_not_break_stays(pasted: str, words: str) -> None:
    assert said(pasted) == words
    assert sanitise(sanitise(pasted)) == sanitise(pasted)
    assert clean_line("10\u00a0000") == "10\u00a0000"
    assert body_html("10\u00a0000", "text") == "<p>10&nbsp;000</p>"


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("<p>She said <q>we won</q>.</p>", "She said “we won”."),
        ("<p><q>We <q>won</q> it</q></p>", "“We ‘won’ it”"),
        ("<q><p>a</p><p>b</p></q>", "“a\n\nb”"),
        ("<p>a<q></q>b</p>", "ab"),
    ],
)
def test_quotations_of_html_have_their_marks(pasted: str, words: str) -> None:
    assert said(pasted) == words


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("We won", "“We won”"),
        ("『勝った』", "『勝った』"),
        ("「勝った」", "「勝った」"),
        ("„Wir haben gewonnen“", "„Wir haben gewonnen“"),
        ("《我们赢了》", "《我们赢了》"),
        ("‹Nous›", "‹Nous›"),
        ("« Oui »", "« Oui »"),
        ("»Ja«", "»Ja«"),
        ("'We won'", "'We won'"),
        ("‘We won.’", "‘We won.’"),
        ("'Twas a fine match", "“'Twas a fine match”"),
        ("’Tis so", "“’Tis so”"),
        ("'90s music is the members'", "“'90s music is the members'”"),
        ("", ""),
    ],
)
def test_a_quote_has_its_own_marks_or_ours(typed: str, shown: str) -> None:
    assert in_marks(typed) == shown


@pytest.mark.parametrize(
    ("rows", "stored"),
    [
        ("<tr><td>2025</td><td>12,450 homes</td></tr><tr><td>2026</td><td>13,000 homes</td></tr>", ["2025: 12,450 homes", "2026: 13,000 homes"]),
        ("<tr><th>Year</th><th>Homes</th></tr><tr><td>2025</td><td>12,450</td></tr>", ["Year: Homes", "2025: 12,450"]),
        ("<tr><th>Club</th><th>Played</th><th>Points</th></tr><tr><td>Leeds</td><td>10</td><td>92</td></tr>", ["Club Leeds: Played 10; Points 92"]),
        ("<tr><td><b>Club</b></td><td><b>Played</b></td><td><b>Points</b></td></tr><tr><td>Leeds</td><td>10</td><td>92</td></tr>", ["Club Leeds: Played 10; Points 92"]),
        ("<tr><td>Leeds</td><td>10</td><td>92</td></tr>", ["Leeds: 10; 92"]),
        ("<tr><td>18:00</td><td>Doors</td><td>Hall</td></tr>", ["18:00 – Doors; Hall"]),
        ("<tr><td>Date:</td><td>5 May</td></tr>", ["Date: 5 May"]),
        ("<tr><td></td><td>5 May</td></tr><tr><td></td><td></td></tr>", ["5 May"]),
        ("<tr><td>one</td></tr><tr><td>two</td></tr>", ["one", "two"]),
    ],
)  # fmt: skip
def test_a_table_keeps_its_rows(rows: str, stored: list[str]) -> None:
    assert said(f"<table>{rows}</table>").split("\n\n") == stored


def test_two_tables_have_each_their_own_head() -> None:
    table = "<table><tr><th>A</th><th>B</th><th>C</th></tr><tr><td>1</td><td>2</td><td>3</td></tr></table>"
    assert said(table + table.replace("A", "D")).split("\n\n") == ["A 1: B 2; C 3", "D 1: B 2; C 3"]
