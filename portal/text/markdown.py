"""Markdown in, and our own few tags back into Markdown, so that a pasted text can be edited in a textarea."""

import re
from itertools import groupby

from markdown_it import MarkdownIt

from portal.text.markup.limits import MOST_CHARACTERS, MOST_TAGS, refuse_size, refuse_tags
from portal.text.markup.output import Block, settled
from portal.text.markup.reading import read
from portal.text.markup.tree import Container, Leaf, Marks

# Indented lines are an accident in news text, not program code.
_READER = MarkdownIt("commonmark", {"html": False}).disable("code")
_MARK = re.compile(r"[\[\]*_`<>!]")
_SPECIAL = re.compile(r"[\\`*\[\]<]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_SPECIAL_AT_START = re.compile(r"^(?:([-+#>=~])|(\d{1,9})([.)]))")


def to_html(markdown: str) -> str:
    """HTML of a Markdown text; HTML typed into it stays text. Not yet sanitised.

    Raises TooMuchMarkup for a text that `sanitise` would refuse for its length, and for one so full of marks or
    lines that reading it would cost more than reading HTML of the same limits.
    """
    if len(markdown) > MOST_CHARACTERS:
        raise refuse_size()
    if markdown.count("\n") > MOST_TAGS or len(_MARK.findall(markdown)) > 2 * MOST_TAGS:
        raise refuse_tags()
    return str(_READER.render(markdown))


def from_html(html: str) -> str:
    """The Markdown that gives this stored body again; raises TooMuchMarkup beyond the limits of `sanitise`."""
    return _blocks(settled(read(html)).children)


def _blocks(blocks: list[Block]) -> str:
    return "\n\n".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    if isinstance(block, Leaf):
        return ("### " if block.tag == "h3" else "") + _runs(block.runs)
    if block.tag in ("ul", "ol"):
        return "\n".join(_item(block, number) for number in range(1, len(block.children) + 1))
    return "\n".join(f"> {line}".rstrip() for line in _blocks(block.children).split("\n"))


def _item(a_list: Container, number: int) -> str:
    item = a_list.children[number - 1]
    mark = f"{number}. " if a_list.tag == "ol" else "- "
    inner = item.children if isinstance(item, Container) else [item]
    first, *others = inner
    tight = isinstance(first, Leaf) and not any(isinstance(other, Leaf) for other in others)
    text = ("\n" if tight else "\n\n").join(_block(child) for child in inner)
    return mark + re.sub(r"\n(?=[^\n])", "\n" + " " * len(mark), text)


def _runs(runs: list[tuple[str, Marks]]) -> str:
    line = "".join(_linked(list(group), href) for href, group in groupby(runs, key=lambda run: run[1].href))
    return _SPECIAL_AT_START.sub(
        lambda start: f"\\{start[1]}" if start[1] else f"{start[2]}\\{start[3]}", line
    )


def _linked(runs: list[tuple[str, Marks]], href: str) -> str:
    if href and "".join(text for text, _ in runs) == href:
        return f"<{href}>"
    words = "".join(
        _starred(list(group), strong) for strong, group in groupby(runs, key=lambda run: run[1].strong)
    )
    return f"[{words}](<{href}>)" if href else words


def _starred(runs: list[tuple[str, Marks]], strong: bool) -> str:
    words = "".join(f"*{_escaped(text)}*" if marks.emphasis else _escaped(text) for text, marks in runs)
    return f"**{words}**" if strong else words


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda special: f"\\{special[0]}", text)
