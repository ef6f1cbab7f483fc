"""What was typed or pasted as the story becomes what is stored, whatever its format."""

import pytest

from portal.text.body import Story, body_html, read_story
from portal.text.safe_html import TooMuchMarkup


def test_plain_text_becomes_paragraphs() -> None:
    typed = "One.\r\n \r\n\r\nTwo."

    assert body_html(typed, "text") == "<p>One.</p>\n<p>Two.</p>"


def test_markup_in_plain_text_stays_words() -> None:
    assert body_html("<b>5 & 6</b>", "text") == "<p>&lt;b&gt;5 &amp; 6&lt;/b&gt;</p>"


@pytest.mark.parametrize(
    ("typed", "address", "rest"),
    [
        ("See https://x.example/a?b=1&c=2.", "https://x.example/a?b=1&amp;c=2", "."),
        ("See http://x.example/a_(b)", "http://x.example/a_(b)", ""),
        ("See https://x.example),", "https://x.example", "),"),
    ],
)
def test_a_bare_address_becomes_a_link_without_the_sentence_around_it(
    typed: str, address: str, rest: str
) -> None:
    assert body_html(typed, "text") == f'<p>See <a href="{address}">{address}</a>{rest}</p>'


def test_markdown_is_read_and_its_html_is_not() -> None:
    typed = "# Head\n\n*a* **b** [c](https://x.example) <i>d</i>\n\n1. e\n2. f\n\n> g\n\n[h](javascript:alert(1)) ![i](x.png)"

    assert body_html(typed, "markdown") == (
        "<h3>Head</h3>\n"
        '<p><em>a</em> <strong>b</strong> <a href="https://x.example">c</a> &lt;i&gt;d&lt;/i&gt;</p>\n'
        "<ol><li>e</li>\n<li>f</li></ol>\n"
        "<blockquote><p>g</p></blockquote>\n"
        "<p>[h](javascript:alert(1))</p>"
    )


def test_an_indented_line_is_a_paragraph_and_not_program_code() -> None:
    assert body_html("    HANOI – One.", "markdown") == "<p>HANOI – One.</p>"


@pytest.mark.parametrize("mark", ["###", "# # #", "-30-", "– 30 –", "ENDS", "Ends", "-ENDS-"])
@pytest.mark.parametrize("body_format", ["text", "markdown"])
def test_an_end_mark_is_not_printed_and_what_follows_is(mark: str, body_format: str) -> None:
    typed = f"The story ends well.\n{mark}\nAbout us: we are us."

    assert body_html(typed, body_format) == "<p>The story ends well.</p>\n<p>About us: we are us.</p>"


def test_an_end_mark_in_pasted_html_is_not_printed() -> None:
    pasted = "<p>The story.</p><p><b>ENDS</b></p><p>About us.</p>"

    assert body_html(pasted, "html") == "<p>The story.</p>\n<p>About us.</p>"


def test_an_end_mark_far_from_the_end_or_within_a_line_stays() -> None:
    early = "\n\n".join(["ENDS", *["Line."] * 12])

    assert body_html(early, "text").startswith("<p>ENDS</p>")
    assert body_html("The season ENDS.", "text") == "<p>The season ENDS.</p>"


def test_an_unknown_format_is_read_as_plain_text() -> None:
    assert body_html("*a* <b>", "docx") == "<p>*a* &lt;b&gt;</p>"


@pytest.mark.parametrize("body_format", ["text", "markdown", "html"])
def test_a_story_beyond_the_limit_is_refused_in_every_format(body_format: str) -> None:
    with pytest.raises(TooMuchMarkup):
        body_html("word " * 12_001, body_format)


@pytest.mark.parametrize(
    "typed", ["a\n" * 2_001, "![" * 2_001, "> " * 5_000], ids=["lines", "brackets", "quotations"]
)
def test_markdown_that_would_cost_too_much_is_refused(typed: str) -> None:
    with pytest.raises(TooMuchMarkup):
        body_html(typed, "markdown")


@pytest.mark.parametrize("body_format", ["text", "markdown", "html"])
def test_an_empty_story_is_empty(body_format: str) -> None:
    assert body_html(" \n ", body_format) == ""


def test_a_story_that_was_refused_comes_with_its_sentence() -> None:
    read = read_story("word " * 12_001, "text")

    assert (read.html, read.problem) == ("", str(refusal_of("word " * 12_001)))
    assert read_story("Short.", "text") == Story(html="<p>Short.</p>")


def refusal_of(typed: str) -> TooMuchMarkup:
    with pytest.raises(TooMuchMarkup) as refused:
        body_html(typed, "text")
    return refused.value
