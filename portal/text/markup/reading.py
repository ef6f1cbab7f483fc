"""The first reading of any markup: html5ever (by nh3) nests it as a browser would, the standard library reads that.

The second reader is slow on what strangers write and quick on what nh3 writes. Nothing here makes markup safe.
"""

from html.parser import HTMLParser

import nh3

from portal.text.markup.elements import READ
from portal.text.markup.left_out import LeftOut
from portal.text.markup.limits import MOST_PIECES_READ, refuse_tags
from portal.text.markup.thinning import thinned
from portal.text.markup.tree import Container, TreeBuilder

# A browser adds a <tbody> to every table; it says nothing, and would make tables deeper.
_WELL_FORMED = nh3.Cleaner(
    tags=set(READ) - {"tbody", "thead", "tfoot"},
    attributes={
        "*": {"strong", "emphasis", "level", "marker", "gone", "height"},
        "a": {"href"},
        "ol": {"start", "kind", "reversed"},
        "li": {"value", "kind"},
        "td": {"head"},
    },
    url_relative="pass_through",
    link_rel=None,
)


def read(html: str) -> Container:
    """The root container of a text; raises TooMuchMarkup where there is too much of it, or nested too deeply."""
    return read_telling(html)[0]


def read_telling(html: str) -> tuple[Container, LeftOut]:
    """The same, and how much of it was no part of the text: deletions and comments of word processors."""
    thin = thinned(html)
    well_formed = _WELL_FORMED.clean(thin)
    if well_formed.count("<") > MOST_PIECES_READ:
        raise refuse_tags()
    reader = _Reader()
    reader.feed(well_formed)
    reader.close()
    return reader.builder.root, reader.builder.left_out


class _Reader(HTMLParser):
    """Hands on what it reads."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = TreeBuilder()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.opening(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        self.builder.closing(tag)

    def handle_data(self, data: str) -> None:
        self.builder.words(data)
