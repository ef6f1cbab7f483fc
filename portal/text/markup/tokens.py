"""HTML as a stream of tags and words, read once from left to right.

What no reader should see (comments, styles, scripts, Office XML) is dropped on the way and does not count
towards the limits. Every search here either uses up what it finds or is made once, so the work grows with the
length of the input and never with its square. This pass makes input small and plain; making it safe is left to
bleach and nh3 after it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape

from portal.text.characters import without_unwanted
from portal.text.markup.limits import (
    MOST_ATTRIBUTES,
    MOST_CHARACTERS,
    MOST_RAW_CHARACTERS,
    MOST_TAGS,
    refuse_attributes,
    refuse_raw_size,
    refuse_size,
    refuse_tags,
)

# Elements whose whole content is noise or program, or was struck out by Word's tracked changes.
_DROPPED_WHOLE = frozenset(
    "script style xml title textarea template iframe object applet embed noembed noframes noscript xmp svg math "
    "audio video canvas select datalist del".split()
)
# A browser reads nothing as markup after these, so without an end they swallow the rest.
_RAW_TEXT = frozenset("script style title textarea iframe noembed noframes noscript xmp".split())
_MARKUP_START = re.compile(r"<[a-zA-Z/!?]")
_TAG_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_ATTRIBUTE = re.compile(
    r"""[\s/]*(?:(?P<end>>)|(?P<name>[^\s/>][^\s/>=]*)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s>"'][^\s>]*))?)?)"""
)
_CAPITALS = re.compile("[A-Z]+")
_COMMENT_END = re.compile(r"--!?>")
# Inside an attribute only finished entities count: `?a=1&copy=2` is an address, not a copyright sign.
_FINISHED_ENTITY = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_KEPT_ATTRIBUTES = frozenset({"href", "style", "class"})


@dataclass(slots=True)
class Words:
    """Text between tags, entities resolved, unwanted characters gone."""

    text: str


@dataclass(slots=True)
class Tag:
    """An opening tag; only the attributes that say something about structure are kept."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class EndTag:
    name: str


Token = Words | Tag | EndTag


def read_tokens(html: str) -> Iterator[Token]:
    """The tokens of `html`; raises TooMuchMarkup as soon as a limit is passed."""
    if len(html) > MOST_RAW_CHARACTERS:
        raise refuse_raw_size()
    return _Reader(html).tokens()


class _Reader:
    """One position that only moves forward."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.position = 0
        self.kept = 0
        self.tags = {Tag: 0, EndTag: 0}
        self.last_ends: dict[str, int] = {}

    @cached_property
    def lowered(self) -> str:
        """Lower case in ASCII only, so that every character keeps its place."""
        return _CAPITALS.sub(lambda capitals: capitals[0].lower(), self.html)

    def tokens(self) -> Iterator[Token]:
        while self.position < len(self.html):
            start = self.position
            token = self._markup() if self.html[start] == "<" else self._words(start)
            if token is None:
                continue
            self._count(token, self.position - start)
            yield token

    def _count(self, token: Token, characters: int) -> None:
        """Ends are counted by themselves: without them a text of ends alone would cost more than its share."""
        self.kept += characters
        if self.kept > MOST_CHARACTERS:
            raise refuse_size()
        if not isinstance(token, Words):
            self.tags[type(token)] += 1
            if self.tags[type(token)] > MOST_TAGS:
                raise refuse_tags()

    def _words(self, start: int) -> Words:
        """Text up to the next `<` that opens markup; the character at `start` is text whatever it is."""
        found = _MARKUP_START.search(self.html, start + 1)
        self.position = found.start() if found else len(self.html)
        return Words(without_unwanted(unescape(self.html[start : self.position])))

    def _markup(self) -> Token | None:
        following = self.html[self.position + 1 : self.position + 2]
        if following.isascii() and following.isalpha():
            return self._opening()
        if following == "/":
            return self._closing()
        if following and following in "!?":
            self._skip_comment()
            return None
        return self._words(self.position)

    def _skip_comment(self) -> None:
        if self.html.startswith("<!--", self.position):
            found = _COMMENT_END.search(self.html, self.position + 2)
            self.position = found.end() if found else len(self.html)
        else:
            self._skip_past(">")

    def _closing(self) -> Token | None:
        name = _TAG_NAME.match(self.html, self.position + 2)
        self._skip_past(">")
        if name is None or _is_noise(name[0]):
            return None
        return EndTag(name[0].lower())

    def _skip_past(self, mark: str) -> None:
        found = self.html.find(mark, self.position)
        self.position = len(self.html) if found < 0 else found + 1

    def _opening(self) -> Tag | None:
        match = _TAG_NAME.match(self.html, self.position + 1)
        name = match[0].lower() if match else ""
        self.position += 1 + len(name)
        dropped = name in _DROPPED_WHOLE or _is_noise(name)
        attributes = self._attributes(len(self.html) if dropped else MOST_ATTRIBUTES)
        if name in _DROPPED_WHOLE:
            self._drop_content(name)
        if attributes is None or dropped:
            return None
        return Tag(name, attributes)

    def _attributes(self, most: int) -> dict[str, str] | None:
        """The attributes up to the tag's end; None where the text ends first, as a browser drops such a tag."""
        attributes: dict[str, str] = {}
        for seen in range(len(self.html) + 1):
            match = _ATTRIBUTE.match(self.html, self.position)
            if match is None:
                self.position = len(self.html)
                return None
            self.position = match.end()
            if match["end"]:
                return attributes
            if seen >= most:
                raise refuse_attributes()
            name = match["name"].lower()
            if name in _KEPT_ATTRIBUTES and name not in attributes:
                attributes[name] = _attribute_value(match["double"] or match["single"] or match["bare"] or "")
        return None

    def _drop_content(self, name: str) -> None:
        end = f"</{name}"
        if end not in self.last_ends:
            self.last_ends[end] = self.lowered.rfind(end)
        if self.last_ends[end] >= self.position:
            self.position = self.lowered.find(end, self.position)
            self._skip_past(">")
        elif name in _RAW_TEXT:
            self.position = len(self.html)


def _attribute_value(written: str) -> str:
    return _FINISHED_ENTITY.sub(lambda entity: unescape(entity[0]), written)


def _is_noise(name: str) -> bool:
    """Office's own elements: `o:p`, `w:sdt`, `st1:place`. Their text stays."""
    return ":" in name
