"""Which characters may be kept at all, decided once for every field, plain or marked up.

Control characters make feeds unreadable and bidirectional overrides let a text show other words than it
stores. What scripts need for their shape (U+200B to U+200F inside a text) stays.
"""

import re
import unicodedata

import regex

_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_NONCHARACTERS = "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
_UNWANTED = re.compile(
    "["
    "\u0000-\u0008\u000e-\u001f\u007f-\u009f"  # control characters
    "\u202a-\u202e\u2066-\u2069"  # bidirectional embeddings, overrides and isolates
    "\u206a-\u206f\ufff9-\ufffb\ufeff"  # deprecated format characters, annotations, byte order mark
    "\ud800-\udfff"  # halves of a pair that never met
    f"\ufdd0-\ufdef{_NONCHARACTERS}]"
)
_WHITE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060"

MOST_MARKS = 30
"""Combining marks after one letter: what UAX #15 calls stream-safe. No language comes near it, and the normal form of an
endless row of marks takes the square of its length."""
_TOO_MANY_MARKS = regex.compile(rf"(\P{{ccc=0}}{{{MOST_MARKS}}})\P{{ccc=0}}+")


def without_unwanted(text: str, *, keep_tabs: bool = False) -> str:
    """The same text in one kind of line end, tabs as spaces unless they part columns, free of control and override
    characters. A space that does not break (U+00A0) stays: it holds a number and its unit together.

    Not yet NFC: pieces of text may still be joined, and joining can undo the normal form.
    """
    if text.replace(
        "\n", ""
    ).isprintable():  # nearly all of a text, and many times faster than the search below
        return text
    return _UNWANTED.sub("", _one_kind_of_space(_LINE_ENDS.sub("\n", text), keep_tabs=keep_tabs))


def _one_kind_of_space(text: str, *, keep_tabs: bool) -> str:
    """Passes that cost next to nothing; a search costs more for a text of tabs."""
    if keep_tabs:  # Word’s line within a paragraph, and its new page
        return text.replace("\v", "\n").replace("\f", "\n")
    for space in "\t\v\f":
        text = text.replace(space, " ")
    return text


def normal(text: str) -> str:
    """Unicode NFC, which stored text always has, with no more marks on a letter than a script can need."""
    return unicodedata.normalize("NFC", _TOO_MANY_MARKS.sub(r"\1", text))


def strip_ends(text: str) -> str:
    """Without white space and without invisible characters at either end; inside they keep their meaning."""
    return text.strip(_WHITE + _INVISIBLE)
