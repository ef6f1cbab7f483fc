"""From what was typed or pasted as the story to the HTML that is stored beside it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from portal.text.characters import normal, without_unwanted
from portal.text.links import with_links
from portal.text.markdown import to_html
from portal.text.safe_html import TooMuchMarkup, sanitise

# An end mark is followed by little more than "About …" and the notes.
_LINES_FROM_END = 12
_END_MARK = r"(?:#\s?#\s?#|[-–—]\s?30\s?[-–—]|(?:[-–—]\s?)?ends(?:\s?[-–—])?)"
_END_LINE = re.compile(rf"\s*{_END_MARK}\s*", re.IGNORECASE)
_END_PARAGRAPH = re.compile(
    rf"<(?:p|h3)>(?:<strong>|<em>)*{_END_MARK}(?:</em>|</strong>)*</(?:p|h3)>", re.IGNORECASE
)
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True)
class Story:
    """A story that was read: the HTML to store, or the sentence that says why there is none."""

    html: str = ""
    problem: str = ""


@lru_cache(maxsize=8)
def read_story(typed: str, body_format: str) -> Story:
    """The same as `body_html`, remembered for a moment: a form reads it, and then the action that it calls."""
    try:
        return Story(html=body_html(typed, body_format))
    except TooMuchMarkup as refused:
        return Story(problem=str(refused))


def body_html(typed: str, body_format: str) -> str:
    """The sanitised story. `body_format` is `text`, `markdown` or `html`; anything else is read as text.

    Raises TooMuchMarkup, whose message is for the sender.
    """
    if body_format == "html":
        return _without_end_mark(sanitise(typed), _END_PARAGRAPH, in_its_place=())
    story = _without_end_mark(normal(without_unwanted(typed)), _END_LINE, in_its_place=("", ""))
    return sanitise(to_html(story) if body_format == "markdown" else _paragraphs(story))


def _paragraphs(story: str) -> str:
    """Plain text as HTML: a blank line parts paragraphs, a bare address is a link, a `<` is a `<`."""
    return "".join(f"<p>{with_links(part)}</p>" for part in _BLANK_LINES.split(story) if part.strip())


def _without_end_mark(story: str, mark: re.Pattern[str], in_its_place: Iterable[str]) -> str:
    """`###`, `-30-` and `ENDS` on a line of their own tell the desk where a story ends, and are not printed."""
    lines = story.split("\n")
    filled = [place for place, line in enumerate(lines) if line.strip()]
    for place in filled[-1 : -_LINES_FROM_END - 1 : -1]:
        if mark.fullmatch(lines[place]):
            lines[place : place + 1] = in_its_place
            return "\n".join(lines)
    return story
