"""From what was typed or pasted as the story to the HTML that is stored beside it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from portal.text.characters import normal, without_unwanted
from portal.text.lines import html_of
from portal.text.markdown import to_html
from portal.text.markup.left_out import NOTHING as NOTHING_LEFT_OUT
from portal.text.markup.left_out import LeftOut
from portal.text.safe_html import TooMuchMarkup, sanitise, sanitise_telling

# An end mark is followed by little more than "About …" and the notes.
_LINES_FROM_END = 12
_END_MARK = r"(?:#\s?#\s?#|[-–—]\s?30\s?[-–—]|(?:[-–—]\s?)?ends(?:\s?[-–—])?)"
_END_LINE = re.compile(rf"\s*{_END_MARK}\s*", re.IGNORECASE)
_END_PARAGRAPH = re.compile(
    rf"<(?:p|h3)>(?:<strong>|<em>)*{_END_MARK}(?:</em>|</strong>)*</(?:p|h3)>", re.IGNORECASE
)


@dataclass(frozen=True)
class Story:
    """A story that was read: the HTML to store, or the sentence that says why there is none."""

    html: str = ""
    problem: str = ""
    left_out: LeftOut = NOTHING_LEFT_OUT


@lru_cache(maxsize=8)
def read_story(typed: str, body_format: str) -> Story:
    """The same as `body_html`, remembered for a moment: a form reads it, and then the action that it calls."""
    try:
        return _read(typed, body_format)
    except TooMuchMarkup as refused:
        return Story(problem=str(refused))


def body_html(typed: str, body_format: str) -> str:
    """The sanitised story. `body_format` is `text`, `markdown` or `html`; anything else is read as text.

    Raises TooMuchMarkup, whose message is for the sender.
    """
    return _read(typed, body_format).html


def _read(typed: str, body_format: str) -> Story:
    if body_format == "html":
        html, left_out = sanitise_telling(typed)
        return Story(_without_end_mark(html, _END_PARAGRAPH, in_its_place=()), left_out=left_out)
    is_markdown = body_format == "markdown"
    story = normal(without_unwanted(typed, keep_tabs=not is_markdown))
    ended = _without_end_mark(story, _END_LINE, in_its_place=("", ""))
    return Story(sanitise(to_html(ended) if is_markdown else html_of(ended)))


def _without_end_mark(story: str, mark: re.Pattern[str], in_its_place: Iterable[str]) -> str:
    """`###`, `-30-` and `ENDS` on a line of their own tell the desk where a story ends, and are not printed."""
    lines = story.split("\n")
    filled = [place for place, line in enumerate(lines) if line.strip()]
    for place in filled[-1 : -_LINES_FROM_END - 1 : -1]:
        if mark.fullmatch(lines[place]):
            lines[place : place + 1] = in_its_place
            return "\n".join(lines)
    return story
