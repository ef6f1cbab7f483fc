"""Plain text as HTML: what its writer put on lines of their own stays on lines of their own.

Lines that begin with a sign or a number are lists, lines with tabs are rows, short lines stay lines. Only prose that a
program broke at its right edge is joined: there every line is long, and the first word of the next had no room in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import groupby, pairwise, takewhile

from portal.text.markup import tables
from portal.text.markup.limits import MOST_NESTED, MOST_TAGS
from portal.text.markup.numbering import LEAST_YEAR, attributes
from portal.text.markup.numbering import settled as counted_as
from portal.text.markup.tree import Marks
from portal.text.unspaced import is_unspaced, joint, width

NARROWEST = 60
"""Columns: no program breaks prose at less, unless its lines go on in small letters."""
NARROWEST_GOING_ON = 40
LEAST_TELLING = 3
_MOST_LINES = MOST_TAGS // 2  # a text of more is joined, so that it is not refused for its lines
_BLANK_LINES = re.compile(r"\n[ \t\u00a0]*\n\s*")
_SIGN = re.compile(
    r"(?P<indent>[ \t]*)(?:[-*‣⁃◦▪▫●○■□➢➤✓✔·∙]|(?P<dash>[–—]))[ \t\u00a0]+(?=\S)|(?P<deep>[ \t]*)•[ \t\u00a0]*(?=\S)"
    # What Word writes before a tab: its own signs, and the letters that stand for them where its fonts are missing.
    r"|(?P<tabbed>[ \t]*)(?:[^\w\s]|[oqvwØü§\uf000-\uf0ff])\t+(?=[^\t\n]+\Z)"
)
_INDENTED_O = re.compile(r"(?P<indent>[ \t]+)o[ \u00a0]+(?=\S)")  # below an item
_DIVIDER = re.compile(r"\s*([-*•·–—_=~])(?:\s*\1)+\s*")
_NUMBER = re.compile(r"(?P<indent>[ \t]*)\(?(?P<number>\d{1,9})(?:[.)။．][ \t\u00a0]+|、[ \t\u00a0]*)(?=\S)")
_TAB = re.compile(r"[ ]*\t[ \t]*")
_ADDRESS_ALONE = re.compile(r"\s*\S*(?:https?://|www\.|@)\S+\s*", re.IGNORECASE)
# What begins a line of a programme or an address book: a time, a date, a label.
_LABELLED = re.compile(r"\s*(?:\d{1,2}[:.h]\d\d\b|\d{1,4}[./-]\d{1,2}\b|[^\s.!?:][^.!?:\n]{0,30}:\s)")


@dataclass
class _Item:
    words: list[str]
    depth: int
    number: int | None
    inner: list[_Item] = field(default_factory=list)


def html_of(story: str) -> str:
    """The HTML of a plain text, not yet sanitised. Tabs in it part columns."""
    parts = [part.strip("\n") for part in _BLANK_LINES.split(story) if part.strip()]
    if sum(part.count("\n") + 1 for part in parts) > _MOST_LINES:
        return "".join(_paragraph([" ".join(part.split("\n"))]) for part in parts)
    return "".join(_of_lists(_joined_lists(block for part in parts for block in _blocks(part.split("\n")))))


Block = str | list[_Item]


def _blocks(lines: list[str]) -> Iterator[Block]:
    """Lists, rows and paragraphs of one stretch without blank lines."""
    is_dialogue = sum(_SIGN.match(line) is not None for line in lines) < 2
    items: list[_Item] = []
    for sort, group in groupby(_sorted_lines(lines, is_dialogue=is_dialogue), key=lambda pair: pair[0]):
        these = [line for _, line in group]
        if sort == "item":
            items = [_item(line) for line in these]
            yield items
        elif sort == "more" and items:
            items[-1].words += these
        elif sort == "row":
            yield from _rows(these)
        else:
            yield from _paragraphs(these)


def _sorted_lines(lines: list[str], *, is_dialogue: bool) -> Iterator[tuple[str, str]]:
    """Each line with what it is: an item, more of the item before, a row, or words."""
    before, widest = "", max(map(width, lines)) if len(lines) > 1 else 0
    last, is_broken = "", False
    for place, line in enumerate(lines):
        is_below = before in ("item", "more") and _INDENTED_O.match(line)
        if _is_item(line, is_dialogue=is_dialogue) or is_below:
            sort, is_broken = "item", _is_broken_item(lines[place:], is_dialogue=is_dialogue)
        elif "\t" in line.strip():
            sort = "row"
        elif before in ("item", "more") and (is_broken or _goes_on(last, line, widest)):
            sort = "more"
        else:
            sort = "words"
        yield sort, line
        before, last = sort, line


def _is_broken_item(lines: list[str], *, is_dialogue: bool) -> bool:
    """Are the lines from this item to the next one prose that a program broke? Two lines tell too little."""
    following = takewhile(lambda line: not _is_item(line, is_dialogue=is_dialogue), lines[1:])
    own = [lines[0], *following]
    return len(own) >= LEAST_TELLING and is_broken_prose(own)


def _is_item(line: str, *, is_dialogue: bool) -> bool:
    """A dash alone is somebody speaking, signs alone part the text; a year alone begins a sentence."""
    if _DIVIDER.fullmatch(line):
        return False
    if found := _SIGN.match(line):
        return not (found["dash"] and is_dialogue)
    number = _NUMBER.match(line)
    return number is not None and int(number["number"]) < LEAST_YEAR


def _goes_on(item: str, line: str, widest: int) -> bool:
    """An item that was broken goes on indented, or in small letters after a long line."""
    room = widest >= NARROWEST_GOING_ON and width(item) + width(line.split(" ", 1)[0]) >= widest
    return line.startswith((" ", "\t")) or (room and line[:1].islower())


def _item(line: str) -> _Item:
    found = _SIGN.match(line) or _NUMBER.match(line) or _INDENTED_O.match(line)
    if not found:
        return _Item([line], 0, None)
    named = found.groupdict()
    indent = named["indent"] or named.get("deep") or named.get("tabbed") or ""
    number = named.get("number")
    return _Item([line[found.end() :]], width(indent.replace("\t", "    ")), int(number) if number else None)


def _joined_lists(blocks: Iterable[Block]) -> Iterator[Block]:
    """A list whose items have blank lines between them is one list, while its numbers count on."""
    kept: Block | None = None
    for block in blocks:
        if isinstance(kept, list) and isinstance(block, list) and _counts_on(kept[-1], block[0]):
            kept += block
            continue
        if kept is not None:
            yield kept
        kept = block
    if kept is not None:
        yield kept


def _counts_on(before: _Item, after: _Item) -> bool:
    if before.number is None or after.number is None:
        return before.number is after.number is None
    return after.number == before.number + 1 or after.depth != before.depth


def _of_lists(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield block if isinstance(block, str) else "".join(_lists(_nested(block)))


def _nested(items: list[_Item]) -> list[_Item]:
    """Items that stand deeper belong to the one before."""
    outer: list[_Item] = []
    open_now: list[_Item] = []
    for item in items:
        while open_now and open_now[-1].depth >= item.depth:
            open_now.pop()
        (open_now[-1].inner if open_now else outer).append(item)
        if len(open_now) < MOST_NESTED - 1:
            open_now.append(item)
    return outer


def _lists(items: list[_Item]) -> Iterator[str]:
    for is_numbered, group in groupby(items, key=lambda item: item.number is not None):
        same = list(group)
        yield _numbered(same) if is_numbered else _signed(same)


def _signed(items: list[_Item]) -> str:
    return f"<ul>{''.join(f'<li>{_inside(item)}</li>' for item in items)}</ul>"


def _numbered(items: list[_Item]) -> str:
    kind, numbers = counted_as("1", [item.number or 0 for item in items])
    own, of_items = attributes(kind, numbers)
    inner = "".join(
        f"<li{_said(said)}>{_inside(item)}</li>" for said, item in zip(of_items, items, strict=True)
    )
    return f"<ol{_said(own)}>{inner}</ol>"


def _said(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{value}"' for name, value in attributes.items())


def _inside(item: _Item) -> str:
    return escape(_joined(item.words), quote=False) + "".join(_lists(item.inner))


def _rows(lines: list[str]) -> Iterator[str]:
    cells = [[[(cell, Marks())] if cell else [] for cell in _TAB.split(line.strip(" "))] for line in lines]
    for row in tables.lines(cells, has_head=False):
        yield _paragraph(["".join(text for text, _ in row.runs)])


def _paragraphs(lines: list[str]) -> Iterator[str]:
    if is_broken_prose(lines):
        yield _paragraph(lines)
    else:
        yield from (_paragraph([line]) for line in lines if line.strip())


def is_broken_prose(lines: list[str]) -> bool:
    """Was one paragraph broken at its right edge? Then no line but the last had room for the word that follows it."""
    if len(lines) < 2 or sum(_LABELLED.match(line) is not None for line in lines) * 2 >= max(len(lines), 4):
        return False
    if _are_addresses(lines):
        return False
    widths = [width(line.strip()) for line in lines]
    widest = _widest(lines, widths)
    going_on = sum(line.strip()[:1].islower() for line in lines[1:])
    needed = NARROWEST_GOING_ON if 2 * going_on >= len(lines) - 1 or is_unspaced(lines[0]) else NARROWEST
    return widest >= needed and all(
        _had_no_room(before, size, after.strip(), widest)
        for (before, after), size in zip(pairwise(lines), widths, strict=False)
    )


def _are_addresses(lines: list[str]) -> bool:
    """Two that stand alone, one below the other, are a list of them."""
    alone = [_ADDRESS_ALONE.fullmatch(line) is not None for line in lines]
    return any(one and other for one, other in pairwise(alone))


def _widest(lines: list[str], widths: list[int]) -> int:
    """How wide the program broke: an address that stands alone and sticks out says nothing of that."""
    could_be_broken = [
        size
        for line, size in zip(lines, widths, strict=True)
        if " " in line.strip() or not line.strip().isascii()
    ]
    return max(could_be_broken or widths)


def _had_no_room(line: str, size: int, after: str, widest: int) -> bool:
    """In scripts without blanks a line may end at any word, so that a fifth of it may be empty."""
    if is_unspaced(line):
        return 5 * size >= 4 * widest
    return size + 1 + width(after.split(" ", 1)[0]) > widest


def _paragraph(lines: list[str]) -> str:
    return f"<p>{escape(_joined(lines), quote=False)}</p>"


def _joined(lines: list[str]) -> str:
    pieces = [line.strip(" \t") for line in lines]
    said = pieces[0]
    joined = [said]
    for before, after in pairwise(pieces):
        joined += [joint(before, after), after]
    return "".join(joined)
