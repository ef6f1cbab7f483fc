"""The only place where markup is made safe: everything shown as HTML has passed `sanitise`, once, when saved.

Three readers that share no code have to agree: our own pass (small, plain, canonical), bleach, and nh3. bleach is
no longer maintained, its cost needs the limits before it, and `javascript:1` passes it; nh3 has the last word.
"""

import bleach
import nh3
from markupsafe import Markup

from portal.text.links import SCHEMES
from portal.text.markup_limits import (
    MOST_ATTRIBUTES,
    MOST_CHARACTERS,
    MOST_DEPTH,
    MOST_RAW_CHARACTERS,
    MOST_TAGS,
    TooMuchMarkup,
    refuse_depth,
    refuse_size,
    refuse_tags,
    refuse_unclear,
)
from portal.text.markup_output import settled, written
from portal.text.markup_tokens import read_tokens
from portal.text.markup_tree import Container, Leaf, read_tree

__all__ = [
    "MOST_ATTRIBUTES",
    "MOST_CHARACTERS",
    "MOST_DEPTH",
    "MOST_RAW_CHARACTERS",
    "MOST_TAGS",
    "TAGS",
    "TooMuchMarkup",
    "sanitise",
    "trusted",
]

TAGS = frozenset({"p", "h3", "ul", "ol", "li", "blockquote", "strong", "em", "a"})
_MOST_ROUNDS = 4
_BLEACH = bleach.Cleaner(
    tags=TAGS, attributes={"a": ["href"]}, protocols=SCHEMES, strip=True, strip_comments=True
)
_NH3 = nh3.Cleaner(
    tags=set(TAGS),
    attributes={"a": {"href"}},
    url_schemes=set(SCHEMES),
    url_relative="deny",
    link_rel=None,
    strip_comments=True,
)


def sanitise(html: str) -> str:
    """The HTML that may be stored and shown. Cleaning it again changes nothing.

    bleach and nh3 find nothing to do in what our own pass wrote; should they ever, their result is read again
    until all three agree. Raises TooMuchMarkup beyond the limits, or where they never agree.
    """
    plain = _plain_markup(html)
    for _ in range(_MOST_ROUNDS):
        safe = str(_NH3.clean(_BLEACH.clean(plain)))
        if safe == plain:
            return safe
        plain = _plain_markup(safe)
    raise refuse_unclear()


def trusted(stored: str) -> Markup:
    """Marks what `sanitise` gave, and nothing else, as fit for a page without escaping."""
    return Markup(stored)  # noqa: S704 - the one place; a guard test looks for others


def _plain_markup(html: str) -> str:
    """Our own reading: the blocks of a release in canonical form, within the limits also as they are written."""
    root = settled(read_tree(read_tokens(html)))
    plain = written(root)
    if len(plain) > MOST_CHARACTERS:
        raise refuse_size()
    if plain.count("<") > 2 * MOST_TAGS:  # every tag here has its end, and text holds no bare `<`
        raise refuse_tags()
    if _depth(root) > MOST_DEPTH:
        raise refuse_depth()
    return plain


def _depth(container: Container) -> int:
    """Levels of blocks, with room for the strong, em and a inside a paragraph."""
    deepest = max((_depth(child) for child in container.children if not isinstance(child, Leaf)), default=3)
    return deepest + 1
