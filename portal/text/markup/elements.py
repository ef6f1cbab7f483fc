"""Which HTML elements mean what to a release, and which of them end others, as a browser would have it."""

from collections.abc import Collection

HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
CONTAINERS = frozenset("blockquote ul ol li tr td".split())
BLOCKS = (
    frozenset(
        "p div section article header footer main aside nav figure figcaption address pre center form fieldset "
        "legend details summary dl dt dd table caption thead tbody tfoot hgroup search".split()
    )
    | HEADINGS
    | CONTAINERS
)
LISTS = frozenset({"ul", "ol"})
CELLS = frozenset({"table", "tr", "td"})
PARAGRAPHS = HEADINGS | {"p"}
NOT_PARAGRAPHS = BLOCKS - PARAGRAPHS
STRONG = frozenset({"b", "strong"})
EMPHASIS = frozenset({"i", "em", "cite", "dfn"})
# A browser lets these go on past the end of the paragraph in which they began.
FORMATTING = STRONG | EMPHASIS | frozenset("a u s strike font big small code tt nobr".split())
IGNORED = frozenset(
    "html head body meta link base img input wbr col area param source track embed frame".split()
)
SAME_AS = {"menu": "ul", "dir": "ul", "th": "td"}
# Opening one of these ends an open one of the same family, up to the fence that holds the family.
SIBLINGS: dict[str, tuple[Collection[str], Collection[str]]] = {
    "li": ({"li"}, {"ul", "ol"}),
    "td": ({"td"}, {"tr", "table"}),
    "tr": ({"tr"}, {"table"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
}


def fence_of(name: str) -> Collection[str]:
    """What an end tag does not reach beyond: a span not out of its paragraph, a paragraph not out of its cell."""
    if name in FORMATTING or name in CELLS:
        return ()
    return CELLS if name in BLOCKS else BLOCKS
