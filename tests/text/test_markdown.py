"""A pasted text can be shown again as Markdown, and gives the same body when it comes back."""

from pathlib import Path
from typing import Any

import pytest

from portal.text.markdown import from_html, to_html
from portal.text.safe_html import sanitise


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<h3>Head</h3>\n<p>One.</p>", "### Head\n\nOne."),
        ("<p><strong>a <em>b</em></strong> <em>c</em></p>", "**a *b*** *c*"),
        ('<p><a href="https://x.example/">a</a></p>', "[a](<https://x.example/>)"),
        ('<p><a href="https://x.example/">https://x.example/</a></p>', "<https://x.example/>"),
        ("<ul><li>a\n<ol><li>b</li></ol></li>\n<li>c</li></ul>", "- a\n  1. b\n- c"),
        ("<blockquote><p>a</p>\n<p>b</p></blockquote>", "> a\n>\n> b"),
        ("<p>1. a</p>", "1\\. a"),
        ("<p>- a</p>", "\\- a"),
        ("<p># a</p>", "\\# a"),
        (
            "<p>*a* [b] &lt;c&gt; `d` \\e &amp;amp; _f_ g_h</p>",
            "\\*a\\* \\[b\\] \\<c> \\`d\\` \\\\e \\&amp; \\_f\\_ g_h",
        ),
    ],
)
def test_the_tags_of_a_release_have_one_form_in_markdown_and_come_back(html: str, markdown: str) -> None:
    assert from_html(html) == markdown
    assert sanitise(to_html(markdown)) == html


def test_pasted_samples_come_back_the_same(corpus: Path) -> None:
    stored = [
        sanitise(path.read_text(encoding="utf-8")) for path in sorted((corpus / "pasted").glob("*.html"))
    ]

    assert [sanitise(to_html(from_html(html))) for html in stored] == stored


def test_releases_in_many_languages_come_back_the_same(multilingual: list[dict[str, Any]]) -> None:
    stored = [sanitise(release["body_html"]) for release in multilingual if release.get("body_html")]

    assert len(stored) > 20
    assert [html for html in stored if sanitise(to_html(from_html(html))) != html] == []
