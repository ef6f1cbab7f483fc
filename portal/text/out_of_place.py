"""Takes what has a place of its own out of a story as it was typed, plain text or Markdown."""

import re
from dataclasses import dataclass

from portal.rules import out_of_place
from portal.text import plain
from portal.text.lines import html_of
from portal.text.markdown import from_html, to_html

_MARKS_BEFORE = re.compile(r"\A\s*(?:\*{1,3}|_{1,3})?")


@dataclass(frozen=True)
class Taken:
    """The story without it, and what was taken out, as plain text; "" where nothing was found."""

    story: str
    found: str = ""


def dateline(story: str, written_as: str, city: str) -> Taken:
    found = out_of_place.dateline(_said(story, written_as), city)
    if not found:
        return Taken(story)
    words = r"\s+".join(map(re.escape, found.split()))
    marked = re.compile(rf"{_MARKS_BEFORE.pattern}{words}(?:\*{{1,3}}|_{{1,3}})?\s*")
    rest = marked.sub("", story, count=1)
    return Taken(rest, found.strip()) if rest != story else Taken(story)


def contacts(story: str, written_as: str) -> Taken:
    """Every line that says whom to ring or write to."""
    lines = story.split("\n")
    taken = [place for place, line in enumerate(lines) if out_of_place.is_contact(_said(line, written_as))]
    found = "\n".join(_said(lines[place], written_as) for place in taken)
    return Taken(_tidy([line for place, line in enumerate(lines) if place not in taken]), found)


def about(story: str, written_as: str, name: str) -> Taken:
    """From the line that begins the About text to the end of the story, but for lines to ring or write to."""
    lines = story.split("\n")
    said = [_said(line, written_as) for line in lines]
    begin = next(
        (place for place, line in enumerate(said) if place and out_of_place.begins_about(line, name)), None
    )
    if begin is None:
        return Taken(story)
    taken = [place for place in range(begin, len(lines)) if not out_of_place.is_contact(said[place])]
    found = _tidy([said[place] for place in taken])
    return Taken(_tidy([line for place, line in enumerate(lines) if place not in taken]), found)


def joined(story: str, written_as: str, more: str) -> str:
    """The story with plain lines behind it, written as the story is."""
    added = from_html(html_of(more)) if written_as == "markdown" else more
    return f"{story.rstrip()}\n\n{added}".strip()


def parted_headline(typed: str, most: int) -> tuple[str, str]:
    """A headline that came in several lines: the first, and the others that are no headline; "" where all of it is one.

    Two lines that fit and of which the second goes on in small letters are one headline that a program broke.
    """
    lines = [line.strip() for line in plain.clean_text(typed).split("\n")]
    filled = [line for line in lines if line]
    if len(filled) < 2 or (len(filled) == 2 and filled[1][0].islower() and len(" ".join(filled)) <= most):
        return plain.clean_line(typed), ""
    first = lines.index(filled[0])
    return plain.clean_line(filled[0]), "\n".join(lines[first + 1 :]).strip()


def _said(source: str, written_as: str) -> str:
    if written_as != "markdown" or not source.strip():
        return source.strip()
    return plain.html_to_text(to_html(source)).strip()


def _tidy(lines: list[str]) -> str:
    """Where lines were taken out, one blank line stays of two."""
    return re.sub(r"\n[ \t]*\n(?:[ \t]*\n)+", "\n\n", "\n".join(lines)).strip()
