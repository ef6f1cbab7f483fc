"""Plain text: what a field may hold, and what a marked-up body says without its marks."""

import re
from collections.abc import Iterator

import regex

from portal.rules.leftover_code import without as without_code
from portal.text.characters import normal, strip_ends, without_unwanted
from portal.text.markup.numbering import label
from portal.text.markup.output import Block, settled, words_of
from portal.text.markup.reading import read
from portal.text.markup.tree import Container, Leaf
from portal.text.measure import word_count

LEAST_WORDS = 8
"""Of a block that an excerpt begins with; less is a heading, a signature, a line of a programme."""
_WHITE = re.compile(r"\s+")
_GRAPHEME = regex.compile(r"\X")


def clean_line(typed: str) -> str:
    """One line: line breaks and tabs become spaces, control and override characters go, ends are stripped."""
    return strip_ends(normal(without_unwanted(typed).replace("\n", " ")))


def clean_text(typed: str) -> str:
    """Several lines, parted by a bare line feed, and columns parted by tabs; otherwise as `clean_line`."""
    return strip_ends(normal(without_unwanted(typed, keep_tabs=True)))


def html_to_text(html: str) -> str:
    """What a stored body says: paragraphs parted by blank lines, list items on lines of their own.

    Reads within the limits of `sanitise`, as stored bodies are; raises TooMuchMarkup beyond them.
    """
    return "\n\n".join(_block_text(block) for block in _blocks(html))


def first_paragraph(html: str) -> str:
    """The words of the first paragraph, headings passed over; "" where a body has none."""
    leaves = list(_leaves(_blocks(html)))
    paragraphs = [leaf for leaf in leaves if leaf.tag == "p"]
    return words_of((paragraphs or leaves)[0]) if leaves else ""


def opening(html: str) -> str:
    """What a list shows of a body: its first block of eight words or more, without attribute lines and shortcodes.

    Headings are passed over. Where none is so long, the first that says anything.
    """
    leaves = list(_leaves(_blocks(html)))
    ranked = [leaf for leaf in leaves if leaf.tag != "h3"] + [leaf for leaf in leaves if leaf.tag == "h3"]
    said = [words for leaf in ranked if (words := without_code(words_of(leaf)).strip()) and word_count(words)]
    return next((words for words in said if word_count(words) >= LEAST_WORDS), said[0] if said else "")


def excerpt(text: str, characters: int) -> str:
    """At most `characters` graphemes of a text in one line, cut between words where that loses less than half.

    What is cut off shows as an ellipsis, which counts as one.
    """
    line = _WHITE.sub(" ", text).strip()
    graphemes = [match[0] for match in _GRAPHEME.finditer(line[: 32 * characters])]
    if len(graphemes) <= characters and len(line) <= 32 * characters:
        return line
    kept = "".join(graphemes[: max(characters - 1, 0)])
    ends_with_word = graphemes[max(characters - 1, 0) :][:1] == [" "]
    whole_words = kept if ends_with_word else kept.rpartition(" ")[0]
    return (whole_words if 2 * len(whole_words) >= len(kept) else kept).rstrip(" ,;:–—-") + "…"


def _blocks(html: str) -> list[Block]:
    return settled(read(html)).children


def _leaves(blocks: list[Block]) -> Iterator[Leaf]:
    for block in blocks:
        if isinstance(block, Leaf):
            yield block
        else:
            yield from _leaves(block.children)


def _block_text(block: Block) -> str:
    if isinstance(block, Leaf):
        return words_of(block)
    if block.tag in ("ul", "ol"):
        return "\n".join(_items(block))
    return "\n\n".join(_block_text(child) for child in block.children)


def _items(a_list: Container) -> Iterator[str]:
    for place, item in enumerate(a_list.children):
        mark = f"{label(a_list.kind, a_list.numbers[place])}. " if a_list.tag == "ol" else "- "
        inner = item.children if isinstance(item, Container) else [item]
        text = "\n".join(_block_text(child) for child in inner)
        yield mark + text.replace("\n", "\n  ")
