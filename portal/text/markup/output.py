"""The tree in its one written form: the same blocks always give the same characters.

Written again after reading again, nothing changes. That is what makes sanitising idempotent.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape
from itertools import groupby, takewhile
from unicodedata import combining

from portal.text.characters import normal, strip_ends
from portal.text.links import MOST_IN_A_TEXT, with_addresses
from portal.text.markup import figures, numbering, tables
from portal.text.markup.elements import LISTS
from portal.text.markup.tree import Container, Leaf, Marks

Block = Leaf | Container

_SPACES = " \u00a0"
_WHITE = re.compile("[ \n\u00a0]*[ \n][ \n\u00a0]*|\u00a0{2,}")
# One sign, or a letter of a symbol font: `o`, `§`, `Ø`, `ü`. What else Word writes before an item is said.
_BULLET = re.compile(r"[^\w]+|[A-Za-zØü]", re.UNICODE)
# NFC joins this one with a `>` before it and so would break a tag.
_BETWEEN_WORDS = re.compile(r"([\s\u200b-\u200f\u2060]+)")
"""Everything that may be taken off the end of a block: white space, also the hard one, and what cannot be seen."""
_STROKE_THROUGH = "\u0338"


def settled(container: Container) -> Container:
    """The same content in the blocks of a release only: no rows, no Word lists, nothing empty."""
    children = list(_folded_lists(_blocks(container.children)))
    return replace(container, children=children)


def written(container: Container) -> str:
    """The HTML of a settled container's content, a block a line, so that words never run together."""
    return "\n".join(_written_block(block) for block in container.children)


def words_of(leaf: Leaf) -> str:
    """What a paragraph says, without marks."""
    return "".join(text for text, _ in leaf.runs)


def _blocks(children: Iterable[Block]) -> Iterator[Block]:
    for is_table, group in groupby(
        children, key=lambda child: isinstance(child, Container) and child.tag == "tr"
    ):
        if is_table:
            yield from _tables([child for child in group if isinstance(child, Container)])
        else:
            yield from _whole_blocks(group)


def _whole_blocks(children: Iterable[Block]) -> Iterator[Block]:
    for child in children:
        if isinstance(child, Leaf):
            child.runs = _tidy_runs(child.runs)
            if strip_ends(words_of(child)):
                yield child
        elif child.tag in LISTS:
            yield from _list(child)
        else:
            inner = settled(child)
            if inner.children:
                yield inner


def _tables(rows: list[Container]) -> Iterator[Block]:
    """Tables that follow one another are parted where one begins."""
    table: list[Container] = []
    for row in rows:
        if row.is_first and table:
            yield from _table(table)
            table = []
        table.append(row)
    yield from _table(table)


def _table(rows: list[Container]) -> Iterator[Block]:
    """Rows of short cells are lines; a row that lays out whole texts is those texts."""
    cells = [[settled(cell) for cell in row.children if isinstance(cell, Container)] for row in rows]
    for is_short, group in groupby(enumerate(cells), key=lambda row: _is_short_row(row[1])):
        numbered = list(group)
        if not is_short:
            yield from (block for _, row in numbered for cell in row for block in cell.children)
            continue
        short = [[_cell_runs(cell) for cell in row] for _, row in numbered]
        begins = numbered[0][0] == 0
        named = begins and all(cell.is_head for cell in cells[0])
        yield from tables.lines(short, has_head=named or (begins and tables.looks_like_a_head(short)))


def _is_short_row(row: list[Container]) -> bool:
    return len(row) > 1 and all(_is_short(cell.children) for cell in row)


def _is_short(cell: list[Block]) -> bool:
    leaves = [block for block in cell if isinstance(block, Leaf)]
    return len(leaves) == len(cell) and sum(len(words_of(leaf)) for leaf in leaves) <= tables.LONGEST_CELL


def _cell_runs(cell: Container) -> list[tuple[str, Marks]]:
    runs: list[tuple[str, Marks]] = []
    for leaf in cell.children:
        runs += [(" ", Marks()), *leaf.runs] if isinstance(leaf, Leaf) else []
    return _tidy_runs(runs)


def _list(child: Container) -> Iterator[Block]:
    """A list, its items numbered as a browser would, also those that are empty and go."""
    items = [item for item in child.children if isinstance(item, Container)]
    counted = numbering.counted(child.number, [item.number for item in items], counts_down=child.counts_down)
    whole = [(settled(item), number) for item, number in zip(items, counted, strict=True)]
    filled = [(item, number) for item, number in whole if item.children]
    kind = child.kind or next((item.kind for item in items if item.kind), "")
    if filled:
        numbers = tuple(number for _, number in filled)
        yield from _numbered(child.tag, [item for item, _ in filled], kind or "1", numbers)


def _numbered(tag: str, items: list[Container], kind: str, numbers: tuple[int, ...]) -> Iterator[Block]:
    """The settled list; a year alone before a sentence is no list."""
    if tag != "ol":
        yield Container(tag, list(items))
        return
    can_have_letters = all(isinstance(item.children[0], Leaf) for item in items)
    kind, numbers = numbering.settled(kind if can_have_letters else "1", numbers)
    first = items[0].children[0]
    if len(items) == 1 and numbers[0] >= numbering.LEAST_YEAR and isinstance(first, Leaf):
        first.runs = _tidy_runs([(f"{numbers[0]}. ", Marks()), *first.runs])
        yield from items[0].children
        return
    yield Container(tag, list(items), kind=kind, numbers=numbers)


def _folded_lists(blocks: Iterable[Block]) -> Iterator[Block]:
    """Word writes a list as paragraphs with a depth: each run of them becomes a list."""
    for is_list, group in groupby(blocks, key=lambda block: isinstance(block, Leaf) and block.level > 0):
        if is_list:
            yield from _word_list([leaf for leaf in group if isinstance(leaf, Leaf)])
        else:
            yield from group


def _word_list(leaves: list[Leaf]) -> Iterator[Block]:
    """Items of one level, each with what is deeper below it; a marker that is neither sign nor number is said."""
    level = leaves[0].level
    items: list[tuple[Leaf, Container]] = []
    for is_inner, group in groupby(leaves, key=lambda leaf: leaf.level > level):
        if is_inner:
            items[-1][1].children += _word_list(list(group))
        else:
            items += [(leaf, Container("li", [leaf])) for leaf in group]
    for sort, several in groupby(items, key=lambda item: _sort_of_marker(item[0].marker.strip())):
        yield from _word_items(sort, list(several))


def _sort_of_marker(marker: str) -> str:
    if numbering.understood([marker]) or numbering.understood(
        [f"{marker}."] if marker.isdigit() else [marker]
    ):
        return "ol"
    return "ul" if not marker or _BULLET.fullmatch(marker) else ""


def _word_items(sort: str, items: list[tuple[Leaf, Container]]) -> Iterator[Block]:
    markers = [leaf.marker.strip() for leaf, _ in items]
    found = numbering.understood(markers) if sort == "ol" else None
    if found:
        yield from _numbered("ol", [item for _, item in items], *found)
    elif sort == "ul":
        yield Container("ul", [item for _, item in items])
    else:
        for marker, (leaf, item) in zip(markers, items, strict=True):
            leaf.runs = _tidy_runs([(f"{marker} ", Marks()), *leaf.runs])
            yield from item.children


def _tidy_runs(runs: list[tuple[str, Marks]]) -> list[tuple[str, Marks]]:
    """One run per change of marks, white space single and marked only inside a marked stretch, ends stripped.

    Figures that were raised or lowered stand on the line, and bare addresses are links.
    """
    plain = _bare_ends(_plainly_spaced(_on_the_line(runs)))
    return _plainly_spaced(_with_links(plain)) if any("://" in text for text, _ in plain) else plain


def _bare_ends(runs: list[tuple[str, Marks]]) -> list[tuple[str, Marks]]:
    """Without the spaces that do not break at either end, where they hold nothing together."""
    while runs and runs[0][0][:1] in _SPACES:
        text, marks = runs[0]
        rest = text.lstrip(_SPACES)
        runs = [(rest, marks), *runs[1:]] if rest else runs[1:]
    while runs and runs[-1][0][-1:] in _SPACES:
        text, marks = runs[-1]
        rest = text.rstrip(_SPACES)
        runs = [*runs[:-1], (rest, marks)] if rest else runs[:-1]
    return runs


def _on_the_line(runs: list[tuple[str, Marks]]) -> list[tuple[str, Marks]]:
    if not any(marks.height for _, marks in runs):
        return runs
    signs = figures.levelled([(text, marks.height) for text, marks in runs])
    return [
        (text if sign == figures.AS_IT_WAS else sign, replace(marks, height=""))
        for (text, marks), sign in zip(runs, signs, strict=True)
    ]


def _with_links(runs: list[tuple[str, Marks]]) -> list[tuple[str, Marks]]:
    """Bare addresses become links, and a link that shows its own address shows it without what names a person."""
    linked: list[tuple[str, Marks]] = []
    room = MOST_IN_A_TEXT - sum(bool(marks.href) for _, marks in runs)
    for text, marks in runs:
        if "://" not in text:
            linked.append((text, marks))
        elif not marks.href:
            pieces = [(words, replace(marks, href=href)) for words, href in with_addresses(text, room)]
            room -= sum(bool(piece.href) for _, piece in pieces)
            linked += pieces
        else:
            linked.append((_shown(text, marks.href), marks))
    return linked


def _shown(text: str, href: str) -> str:
    found = list(with_addresses(text))
    return found[0][0] if len(found) == 1 and found[0][1] == href else text


def _plainly_spaced(runs: list[tuple[str, Marks]]) -> list[tuple[str, Marks]]:
    tidy: list[tuple[str, Marks]] = []
    space = False
    for text, marks in runs:
        line = _WHITE.sub(" ", _beginning_safely(text))
        words = line.strip(" ")
        space = space or line.startswith(" ")
        if not words:
            continue
        if space and tidy:
            tidy.append((" ", _shared(tidy[-1][1], marks)))
        tidy.append((words, marks))
        space = line.endswith(" ")
    return _merged(tidy)


def _shared(before: Marks, after: Marks) -> Marks:
    """The marks of a space between: links hold strong words and these hold emphasis, and none begins with a space."""
    same_link = before.href == after.href
    same_weight = same_link and before.strong == after.strong
    return Marks(
        strong=same_weight and before.strong,
        emphasis=same_weight and before.emphasis and after.emphasis,
        href=before.href if same_link else "",
    )


def _merged(runs: list[tuple[str, Marks]]) -> list[tuple[str, Marks]]:
    groups = groupby(runs, key=lambda run: run[1])
    return [(normal("".join(text for text, _ in group)), marks) for marks, group in groups]


def _beginning_safely(text: str) -> str:
    """No word so begun that NFC of the whole document would join it with a tag before it."""
    if _STROKE_THROUGH not in text:
        return text
    return "".join(_without_stroke(word) for word in _BETWEEN_WORDS.split(text))


def _without_stroke(word: str) -> str:
    leading = "".join(takewhile(combining, word))
    return leading.replace(_STROKE_THROUGH, "") + word[len(leading) :]


def _written_block(block: Block) -> str:
    if isinstance(block, Leaf):
        return f"<{block.tag}>{_written_runs(block.runs)}</{block.tag}>"
    if block.tag == "ol":
        said, of_items = numbering.attributes(block.kind, block.numbers)
        items = (
            f"<li{_attributes(own)}>{_written_item(item)}</li>"
            for own, item in zip(of_items, block.children, strict=True)
            if isinstance(item, Container)
        )
        return f"<ol{_attributes(said)}>" + "\n".join(items) + "</ol>"
    inner = _written_item(block) if block.tag == "li" else written(block)
    return f"<{block.tag}>{inner}</{block.tag}>"


def _attributes(said: dict[str, str]) -> str:
    return "".join(f' {name}="{value}"' for name, value in said.items())


def _written_item(item: Container) -> str:
    """An item of one paragraph is written without the paragraph's tags."""
    first, *others = item.children
    if isinstance(first, Leaf) and not any(isinstance(other, Leaf) for other in others):
        return "\n".join([_written_runs(first.runs), *(_written_block(other) for other in others)])
    return written(item)


def _written_runs(runs: list[tuple[str, Marks]]) -> str:
    return "".join(
        _wrapped("a", _written_strong(list(group)), href)
        for href, group in groupby(runs, key=lambda run: run[1].href)
    )


def _written_strong(runs: list[tuple[str, Marks]]) -> str:
    return "".join(
        _wrapped("strong" if strong else "", _written_emphasis(list(group)))
        for strong, group in groupby(runs, key=lambda run: run[1].strong)
    )


def _written_emphasis(runs: list[tuple[str, Marks]]) -> str:
    return "".join(_wrapped("em" if marks.emphasis else "", _escaped(text)) for text, marks in runs)


def _escaped(text: str) -> str:
    return escape(text, quote=False).replace("\u00a0", "&nbsp;")


def _wrapped(tag: str, inner: str, href: str = "") -> str:
    if tag == "a":
        return f'<a href="{escape(href)}">{inner}</a>' if href else inner
    return f"<{tag}>{inner}</{tag}>" if tag else inner
