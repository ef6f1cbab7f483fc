"""Markdown in, and our own few tags back into Markdown, so that a pasted text can be edited in a textarea."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.token import Token

from portal.text.markup.elements import LISTS
from portal.text.markup.limits import MOST_CHARACTERS, MOST_TAGS, refuse_size, refuse_tags
from portal.text.markup.numbering import attributes, label, understood
from portal.text.markup.numbering import settled as counted_as
from portal.text.markup.output import Block, settled
from portal.text.markup.reading import read
from portal.text.markup.tree import Container, Leaf, Marks
from portal.text.unspaced import joint

# Indented lines are an accident in news text, not program code.
_READER = MarkdownIt("commonmark", {"html": False}).disable("code")
# Letters before an item, two blanks after them, as pandoc has it: “B. Russell was …” with one is a sentence.
_LETTERED = re.compile(
    r"^((?:[ >]|[-*+] |\d{1,9}[.)] )*+)([a-z]{1,9}|[A-Z]{1,9})([.)])  (?=\S)", re.MULTILINE
)
_KEPT = ("\ufdd0", "\ufdd1")  # stand in no text
_KEPT_LETTERS = re.compile(f"{_KEPT[0]}([a-zA-Z]+){_KEPT[1]}")
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
    tokens = _READER.parse(_LETTERED.sub(_as_figures, markdown))
    for token in tokens:
        _join_lines(token.children or [])
    for items in _ordered_lists(tokens):
        _count(items)
    return str(_READER.renderer.render(tokens, _READER.options, {}))


def _as_figures(found: re.Match[str]) -> str:
    """`c.  words` as an item that the library knows, of the same width, with its letters kept before the words."""
    return f"{found[1]}{'1':0>{len(found[2])}}{found[3]}  {_KEPT[0]}{found[2]}{_KEPT[1]}"


def _join_lines(inline: list[Token]) -> None:
    """A line end within a paragraph is a blank, and nothing in scripts that have none between words."""
    for before, token, after in zip(inline, inline[1:], inline[2:], strict=False):
        if token.type == "softbreak" and not joint(before.content, after.content):
            token.type, token.tag, token.content = "text", "", ""


@dataclass
class _Ordered:
    """A numbered list: its own token, and for each item its token and the words that it begins with."""

    opening: Token
    items: list[tuple[Token, Token | None]]


def _ordered_lists(tokens: list[Token]) -> list[_Ordered]:
    found: list[_Ordered] = []
    open_now: list[_Ordered | None] = []
    for place, token in enumerate(tokens):
        if token.type in ("ordered_list_open", "bullet_list_open"):
            is_ordered = token.type == "ordered_list_open"
            open_now.append(_Ordered(token, []) if is_ordered else None)
            found += [each for each in open_now[-1:] if each]
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            open_now.pop()
        elif token.type == "list_item_open" and (innermost := open_now[-1]):
            begins = [each for each in tokens[place + 1 : place + 3] if each.type == "inline"]
            innermost.items.append((token, begins[0] if begins else None))
    return found


def _count(a_list: _Ordered) -> None:
    """Each item keeps the number that stands before it; the same number before all means counting on."""
    letters = [_letters(words) for _, words in a_list.items]
    figures = [int(item.info or 1) for item, _ in a_list.items]
    lettered = understood([f"{each}." for each in letters]) if all(letters) else None
    for (_, words), each in zip(a_list.items, letters, strict=True):
        if words and each:
            _put_back(words, each, "" if lettered else f"{each}. ")
    kind, numbers = counted_as(*(lettered or ("1", figures)))
    own, of_items = attributes(kind, numbers)
    a_list.opening.attrs = dict(own)
    for (item, _), said in zip(a_list.items, of_items, strict=True):
        item.attrs = dict(said)


def _letters(words: Token | None) -> str:
    found = _KEPT_LETTERS.match(words.content) if words else None
    return found[1] if found else ""


def _put_back(words: Token, letters: str, instead: str) -> None:
    kept = f"{_KEPT[0]}{letters}{_KEPT[1]}"
    for token in (words, *(words.children or [])[:1]):
        token.content = instead + token.content.removeprefix(kept)


def from_html(html: str) -> str:
    """The Markdown that gives this stored body again; raises TooMuchMarkup beyond the limits of `sanitise`."""
    return _blocks(settled(read(html)).children)


def _blocks(blocks: list[Block]) -> str:
    return "\n\n".join(_each(blocks))


def _each(blocks: list[Block]) -> Iterator[str]:
    """Two lists of a kind in a row would be read as one, so that the second has other signs."""
    is_second = False
    for before, block in zip([None, *blocks], blocks, strict=False):
        is_second = not is_second and block.tag in LISTS and before is not None and before.tag == block.tag
        yield _block(block, is_second=is_second)


def _block(block: Block, *, is_second: bool = False) -> str:
    if isinstance(block, Leaf):
        return ("### " if block.tag == "h3" else "") + _runs(block.runs)
    if block.tag in LISTS:
        return "\n".join(_item(block, place, is_second=is_second) for place in range(len(block.children)))
    return "\n".join(f"> {line}".rstrip() for line in _blocks(block.children).split("\n"))


def _item(a_list: Container, place: int, *, is_second: bool) -> str:
    item = a_list.children[place]
    mark = "* " if is_second else "- "
    if a_list.tag == "ol":
        blanks = " " if a_list.kind == "1" else "  "
        mark = label(a_list.kind, a_list.numbers[place]) + (")" if is_second else ".") + blanks
    inner: list[Block] = item.children if isinstance(item, Container) else [item]
    first, *others = inner
    tight = isinstance(first, Leaf) and not any(isinstance(other, Leaf) for other in others)
    text = ("\n" if tight else "\n\n").join(_each(inner))
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
