"""The only place where markup is made safe: everything shown as HTML has passed `sanitise`, once, when saved.

Three parsers that share no code have to agree. What comes in is read by nh3's html5ever and then by the standard
library's, and written in one form; bleach's html5lib, and nh3 again as a cleaner, find nothing to do in that.
bleach is no longer maintained, its cost needs the limits before it, and `javascript:1` passes it; nh3 has the
last word.
"""

import bleach
import nh3
from markupsafe import Markup

from portal.text.links import SCHEMES
from portal.text.markup.left_out import LeftOut
from portal.text.markup.limits import (
    MOST_ATTRIBUTES,
    MOST_CHARACTERS,
    MOST_DEPTH,
    MOST_RAW_CHARACTERS,
    MOST_TAGS,
    TooMuchMarkup,
    refuse_size,
    refuse_tags,
    refuse_unclear,
)
from portal.text.markup.output import settled, written
from portal.text.markup.reading import read, read_telling
from portal.text.markup.tree import Container

__all__ = [
    "ATTRIBUTES",
    "MOST_ATTRIBUTES",
    "MOST_CHARACTERS",
    "MOST_DEPTH",
    "MOST_RAW_CHARACTERS",
    "MOST_TAGS",
    "TAGS",
    "TooMuchMarkup",
    "sanitise",
    "sanitise_telling",
    "trusted",
]

TAGS = frozenset({"p", "h3", "ul", "ol", "li", "blockquote", "strong", "em", "a"})
ATTRIBUTES = {"a": {"href"}, "ol": {"reversed", "start", "type"}, "li": {"value"}}
"""Where a link leads, and how a list counts."""
_MOST_ROUNDS = 4
# What the libraries' cost grows with: tags, and entities at half their price.
_MOST_PIECES = MOST_TAGS + 1_000
_NH3 = nh3.Cleaner(
    tags=set(TAGS),
    attributes=ATTRIBUTES,
    url_schemes=set(SCHEMES),
    url_relative="deny",
    link_rel=None,
    strip_comments=True,
)


def sanitise(html: str) -> str:
    """The HTML that may be stored and shown. Cleaning it again changes nothing.

    bleach and nh3 find nothing to do in what the first reading wrote; should they ever, their result is read again
    until all three agree. Raises TooMuchMarkup beyond the limits, or where they never agree.
    """
    return sanitise_telling(html)[0]


def sanitise_telling(html: str) -> tuple[str, LeftOut]:
    """The same, and how much was no part of the text: deletions and comments of word processors."""
    root, left_out = read_telling(html)
    return _agreed(_in_one_form(root)), left_out


def _agreed(plain: str) -> str:
    for _ in range(_MOST_ROUNDS):
        safe = _by_nh3(_by_bleach(plain))
        if safe == plain:
            return safe
        plain = _plain_markup(safe)
    raise refuse_unclear()


def trusted(stored: str) -> Markup:
    """Marks what `sanitise` gave, and nothing else, as fit for a page without escaping."""
    return Markup(stored)  # noqa: S704 - the one place; a guard test looks for others


def _by_bleach(html: str) -> str:
    """A cleaner of its own each time: bleach's keep the text in them and would mix those of two threads."""
    return str(
        bleach.clean(
            html,
            tags=TAGS,
            attributes={name: sorted(kept) for name, kept in ATTRIBUTES.items()},
            protocols=SCHEMES,
            strip=True,
        )
    )


def _by_nh3(html: str) -> str:
    return _NH3.clean(html)


def _plain_markup(html: str) -> str:
    """The first reading: the blocks of a release in canonical form, within the limits also as they are written."""
    return _in_one_form(read(html))


def _in_one_form(root: Container) -> str:
    plain = written(settled(root))
    if len(plain) > MOST_CHARACTERS:
        raise refuse_size()
    tags = plain.count("</")  # every tag has its end here, and text holds no bare `<`
    if tags > MOST_TAGS or tags + plain.count("&") // 2 > _MOST_PIECES:
        raise refuse_tags()
    return plain
