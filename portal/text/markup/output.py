"""The tree in its one written form: the same blocks always give the same characters.

Written again after reading again, nothing changes. That is what makes sanitising idempotent.
"""

import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby, takewhile
from unicodedata import combining

from portal.text.characters import normal, strip_ends
from portal.text.markup.tree import Container, Leaf, Marks

Block = Leaf | Container

_WHITE = re.compile("[ \n]+")
_ORDERED_MARKER = re.compile(r"\(?(?:\d+|[a-z]|[ivxlc]+)[.)]", re.IGNORECASE)
_CELL_SEPARATOR = " | "
_LONGEST_CELL = 200
# NFC joins this one with a `>` before it and so would break a tag.
_STROKE_THROUGH = "\u0338"


def settled(container: Container) -> Container:
    """The same content in the blocks of a release only: no rows, no Word lists, nothing empty."""
    children = list(_folded_lists(_blocks(container.children)))
    return Container(container.tag, children)


def written(container: Container) -> str:
    """The HTML of a settled container's content, a block a line, so that words never run together."""
    return "\n".join(_written_block(block) for block in container.children)


def words_of(leaf: Leaf) -> str:
    """What a paragraph says, without marks."""
    return "".join(text for text, _ in leaf.runs)


def _blocks(children: Iterable[Block]) -> Iterator[Block]:
    for child in children:
        if isinstance(child, Leaf):
            child.runs = _tidy_runs(child.runs)
            if strip_ends(words_of(child)):
                yield child
        elif child.tag == "tr":
            yield from _row(settled(child))
        else:
            inner = settled(child)
            if inner.children:
                yield inner


def _row(row: Container) -> Iterator[Block]:
    """A row of short cells is one paragraph; a row that lays out whole texts is those texts."""
    cells = [cell.children for cell in row.children if isinstance(cell, Container)]
    if len(cells) > 1 and all(_is_short(cell) for cell in cells):
        yield _one_paragraph(cells)
    else:
        yield from (block for cell in cells for block in cell)


def _is_short(cell: list[Block]) -> bool:
    leaves = [block for block in cell if isinstance(block, Leaf)]
    return len(leaves) == len(cell) and sum(len(words_of(leaf)) for leaf in leaves) <= _LONGEST_CELL


def _one_paragraph(cells: list[list[Block]]) -> Leaf:
    runs: list[tuple[str, Marks]] = []
    for cell in cells:
        if runs:
            runs.append((_CELL_SEPARATOR, Marks()))
        for leaf in cell:
            runs += [(" ", Marks()), *leaf.runs] if isinstance(leaf, Leaf) else []
    return Leaf(runs=_tidy_runs(runs))


def _folded_lists(blocks: Iterable[Block]) -> Iterator[Block]:
    """Word writes a list as paragraphs with a depth: each run of them becomes a list."""
    for is_list, group in groupby(blocks, key=lambda block: isinstance(block, Leaf) and block.level > 0):
        if is_list:
            yield from _word_list([leaf for leaf in group if isinstance(leaf, Leaf)])
        else:
            yield from group


def _word_list(leaves: list[Leaf]) -> Iterator[Block]:
    first = leaves[0]
    outer = Container("ol" if _ORDERED_MARKER.fullmatch(first.marker.strip()) else "ul")
    for is_inner, group in groupby(leaves, key=lambda leaf: leaf.level > first.level):
        if is_inner and isinstance(item := outer.children[-1], Container):
            item.children += _word_list(list(group))
        else:
            outer.children += [Container("li", [leaf]) for leaf in group]
    yield outer


def _tidy_runs(runs: list[tuple[str, Marks]]) -> list[tuple[str, Marks]]:
    """One run per change of marks, white space single and marked only inside a marked stretch, ends stripped."""
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
    return "".join(_without_stroke(word) for word in re.split("([ \n]+)", text))


def _without_stroke(word: str) -> str:
    leading = "".join(takewhile(combining, word))
    return leading.replace(_STROKE_THROUGH, "") + word[len(leading) :]


def _written_block(block: Block) -> str:
    if isinstance(block, Leaf):
        return f"<{block.tag}>{_written_runs(block.runs)}</{block.tag}>"
    inner = _written_item(block) if block.tag == "li" else written(block)
    return f"<{block.tag}>{inner}</{block.tag}>"


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
    return "".join(
        _wrapped("em" if marks.emphasis else "", escape(text, quote=False)) for text, marks in runs
    )


def _wrapped(tag: str, inner: str, href: str = "") -> str:
    if tag == "a":
        return f'<a href="{escape(href)}">{inner}</a>' if href else inner
    return f"<{tag}>{inner}</{tag}>" if tag else inner
