"""Which HTML elements mean what to a release. How they end each other is the browser's business and nh3's."""

HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
CONTAINERS = frozenset("blockquote ul ol li tr td".split())
STRUCK = frozenset({"del", "s", "strike"})
HEIGHTS = {"sup": "super", "sub": "sub"}
BLOCKS = (
    frozenset(
        "p div section article header footer main aside nav figure figcaption address pre center fieldset "
        "legend details summary dl dt dd table caption thead tbody tfoot hgroup search".split()
    )
    | HEADINGS
    | CONTAINERS
)
BREAKS = frozenset({"br", "hr"})
# What a browser reads nowhere but in a table.
TABLE_PARTS = frozenset("caption thead tbody tfoot tr td".split())
LISTS = frozenset({"ul", "ol"})
STRONG = frozenset({"b", "strong"})
EMPHASIS = frozenset({"i", "em"})
# A browser lets these go on past the end of the paragraph in which they began.
FORMATTING = STRONG | EMPHASIS | frozenset("a u s strike font big small code tt nobr".split())
# Inline elements that say nothing by themselves, and may by their style.
INLINE = frozenset(
    "span abbr acronym bdi bdo button data del ins kbd label mark output q rp rt ruby samp sub sup time var".split()
)
READ = BLOCKS | BREAKS | FORMATTING | INLINE
SAME_AS = {"menu": "ul", "dir": "ul", "th": "td", "cite": "i", "dfn": "i", "form": "div"}
# Elements whose whole content is noise or program. A browser reads nothing as markup in the raw ones, so without an end they swallow the rest.
DROPPED_RAW = frozenset("script style title textarea iframe noembed noframes noscript xmp".split())
DROPPED = frozenset("xml template object applet embed svg math audio video canvas select datalist".split())
