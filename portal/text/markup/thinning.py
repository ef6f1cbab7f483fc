"""Less markup for the library that reads it: tags that mean something, and in them only what they mean.

html5ever (in nh3) is not linear: its work grows with the square of a tag's attributes, and with open formatting
times paragraphs; 170 kB took it 15 seconds and 245 MB. So the limits stand before it, and it sees no tag that was
not written here. What no reader should see (comments, styles, scripts, Office XML) does not count towards them.
One expression finds the pieces and never reads a character twice, so the work here grows with the length.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from html import escape, unescape

from portal.text.links import safe_address
from portal.text.markup.elements import (
    DROPPED,
    DROPPED_RAW,
    FORMATTING,
    HEIGHTS,
    INLINE,
    READ,
    SAME_AS,
    STRUCK,
    TABLE_PARTS,
)
from portal.text.markup.left_out import DELETED, kind_of
from portal.text.markup.limits import (
    MOST_ATTRIBUTES,
    MOST_CHARACTERS,
    MOST_CLASS_RULES,
    MOST_FORMATS,
    MOST_RAW_CHARACTERS,
    MOST_TAGS,
    refuse_attributes,
    refuse_depth,
    refuse_raw_size,
    refuse_size,
    refuse_tags,
)

_ATTRIBUTE = r"""[\s/]*+([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"'][^\s>]*+))?+)?+"""
_ATTRIBUTES = rf"(?:{_ATTRIBUTE})*+[\s/]*+"
_PIECE = re.compile(
    rf"""(?P<words>[^<]++|<(?![a-zA-Z/!?]))
    |<!(?=--).*?(?:--!?>|\Z) | <[!?][^>]*+>?
    |</(?P<end>[a-zA-Z][^\s/>]*+)?[^>]*+>?
    |<(?P<raw>(?i:{"|".join(sorted(DROPPED_RAW))}))(?=[\s/>]){_ATTRIBUTES}(?P<inside>.*?)(?:</(?i:(?P=raw))(?=[\s/>])[^>]*+>?|\Z)
    |<(?P<start>[a-zA-Z][^\s/>]*+)(?P<attributes>{_ATTRIBUTES})(?P<whole>>?)""",
    re.VERBOSE | re.DOTALL,
)
_EACH_ATTRIBUTE = re.compile(_ATTRIBUTE)
_CAPITALS = re.compile("[A-Z]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
# Stands where a tag stood, so that `&<wbr>lt;` is not joined to an entity.
_NOTHING = "<!---->"
# Inside an attribute only finished entities count: `?a=1&copy=2` is an address, not a copyright sign.
_FINISHED_ENTITY = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_WEIGHT = re.compile(
    r"(?:^|;)\s*font-weight\s*:\s*(?:(bold|bolder|[6-9]00)|normal|lighter|[1-5]00)", re.IGNORECASE
)
_SLANT = re.compile(r"(?:^|;)\s*font-style\s*:\s*(?:(italic|oblique)|normal)", re.IGNORECASE)
_WORD_LIST = re.compile(r"mso-list\s*:\s*l\d+\s+level(\d)", re.IGNORECASE)
_WORD_MARKER = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_HEIGHT = re.compile(
    r"(?:^|;)\s*(?:vertical-align\s*:\s*(?:(?P<sup>super|text-top|\+?\.?[1-9])|(?P<sub>sub|text-bottom|-\.?[0-9]))"
    r"|mso-text-raise\s*:\s*(?:(?P<up>\+?[1-9])|(?P<down>-[0-9])))",
    re.IGNORECASE,
)
# Word’s “position raised”, where a browser has taken Word’s own words for it out.
_RELATIVE = re.compile(r"position\s*:\s*relative", re.IGNORECASE)
_SHIFTED = re.compile(r"(?:^|;)\s*top\s*:\s*(?:(?P<up>-\.?[0-9])|(?P<down>\+?\.?[1-9]))", re.IGNORECASE)
# The sign of a foot or end note, at its place in the text and before the note: Word, LibreOffice, Google Docs, pandoc.
_NOTE_CLASS = re.compile(
    r"sd(?:foot|end)note(?:anc|sym)|mso(?:foot|end)notereference|(?:foot|end)note-?(?:ref(?:erence)?|anchor|back)",
    re.IGNORECASE,
)
_NOTE_HREF = re.compile(
    r"[^#]*#(?:_?(?:ftn|edn|fn)(?:ref|_ref)?|sd(?:foot|end)note)[-:_]?\d+(?:anc|sym)?", re.IGNORECASE
)
_LIST_STYLE = re.compile(
    r"list-style(?:-type)?\s*:[^;]*\b(?:(lower)|(upper))-(?:(alpha|latin)|(roman))", re.IGNORECASE
)
_NUMBER = re.compile(r"\s*(-?[0-9]{1,9})\s*", re.ASCII)
# A class that strikes out or raises, as Pages and exported Google Docs write it: `span.s2 {text-decoration: line-through}`.
_CLASS_RULE = re.compile(r"(?:^|[\s,;}/>])[a-z]*+\.([\w-]++)\s*+\{([^{}]*+)\}", re.IGNORECASE)
_TELLING = {
    "text-decoration:line-through": re.compile(
        r"text-decoration(?:-line)?\s*:[^;]*\bline-through", re.IGNORECASE
    ),
    "vertical-align:super": re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE),
    "vertical-align:sub": re.compile(r"vertical-align\s*:\s*sub\b", re.IGNORECASE),
    "display:none": re.compile(r"(?:^|;|\s)display\s*:\s*none", re.IGNORECASE),
}


def thinned(html: str) -> str:
    """`html` with the tags of `elements` alone, and in them only what `said_by` finds.

    Raises TooMuchMarkup as soon as a limit is passed.
    """
    if len(html) > MOST_RAW_CHARACTERS:
        raise refuse_raw_size()
    return "".join(_Thinner(_SURROGATES.sub("", html)).pieces())


def said_by(name: str, attributes: dict[str, str]) -> dict[str, str]:
    """What the attributes of a tag say: `strong` and `emphasis` ("1" or "0"), `href` as it may be stored ("" for
    none that may), `level` of a Word list ("1" to "9"), `marker` ("1") around the bullet that Word writes, `gone` why
    its words are left out, `height` ("super" or "sub"), of a list and its items `start`, `value`, `kind`, `reversed`,
    and `head` ("1") of a cell that names its column.
    """
    style = attributes.get("style", "")
    weight, slant = _WEIGHT.search(style), _SLANT.search(style)
    level = _WORD_LIST.search(style) if name in ("p", "div") else None
    said = {
        "gone": kind_of(name, attributes) or None,
        "height": _height(name, style) or _height_of_note(name, attributes),
        "start": _whole(attributes, "start") if name == "ol" else None,
        "value": _whole(attributes, "value") if name == "li" else None,
        "kind": _list_kind(attributes, style) if name in ("ol", "li") else None,
        "reversed": "1" if name == "ol" and "reversed" in attributes else None,
        "strong": weight and ("1" if weight[1] else "0"),
        "emphasis": slant and ("1" if slant[1] else "0"),
        "href": safe_address(attributes["href"]) if name == "a" and "href" in attributes else None,
        "level": level and level[1],
        "marker": "1" if _WORD_MARKER.search(style) else None,
    }
    return {key: value for key, value in said.items() if value is not None}


def _height(name: str, style: str) -> str | None:
    if name in HEIGHTS:
        return HEIGHTS[name]
    if not style or name not in INLINE | FORMATTING:
        return None
    if found := _HEIGHT.search(style):
        return HEIGHTS["sup"] if found["sup"] or found["up"] else HEIGHTS["sub"]
    shifted = _SHIFTED.search(style) if _RELATIVE.search(style) else None
    return shifted and (HEIGHTS["sup"] if shifted["up"] else HEIGHTS["sub"])


def _height_of_note(name: str, attributes: dict[str, str]) -> str | None:
    """The sign of a note is raised, whether or not somebody wrote so: `2025` and note 1 are not 20251."""
    if name not in ("a", "span"):
        return None
    is_sign = any(_NOTE_CLASS.fullmatch(each) for each in attributes.get("class", "").split())
    leads = name == "a" and (
        _NOTE_HREF.fullmatch(attributes.get("href", "")) or attributes.get("role") == "doc-noteref"
    )
    return HEIGHTS["sup"] if is_sign or leads else None


def _whole(attributes: dict[str, str], name: str) -> str | None:
    found = _NUMBER.match(attributes.get(name, ""))
    return found and found[1]


def _list_kind(attributes: dict[str, str], style: str) -> str | None:
    """`a`, `A`, `i` or `I`; the style of an item says it in Google Docs."""
    written = attributes.get("type", "").strip()
    found = _LIST_STYLE.search(style)
    if not found:
        return written if written in ("a", "A", "i", "I") else None
    letter = "a" if found[3] else "i"
    return letter.upper() if found[2] else letter


class _Thinner:
    """One position that only moves forward, and counts of what is let through."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.position = self.kept = self.starts = self.ends = self.tables = 0
        self.is_in_lone_row = False
        self.formats: set[str] = set()
        self.last_ends: dict[str, int] = {}
        self.classes: dict[str, str] = {}

    @cached_property
    def lowered(self) -> str:
        """Lower case in ASCII only, so that every character keeps its place."""
        return _CAPITALS.sub(lambda capitals: capitals[0].lower(), self.html)

    def pieces(self) -> Iterator[str]:
        while match := _PIECE.match(self.html, self.position):
            self.position = match.end()
            if match["words"]:
                self._count(match[0])
                yield match[0] if match[0] != "<" else "&lt;"
            elif match["end"]:
                yield self._end(match[0], match["end"].lower())
            elif match["start"]:
                yield self._start(match, match["start"].lower())
            else:
                if match["raw"] and match["raw"].lower() == "style":
                    self._learn(match["inside"])
                yield _NOTHING

    def _learn(self, style_sheet: str) -> None:
        """What classes strike out, raise or hide; other rules say nothing to us."""
        for name, rules in _CLASS_RULE.findall(style_sheet):
            telling = ";".join(said for said, rule in _TELLING.items() if rule.search(rules))
            if telling and len(self.classes) < MOST_CLASS_RULES:
                self.classes[name.lower()] = telling

    def _count(self, piece: str) -> None:
        self.kept += len(piece)
        if self.kept > MOST_CHARACTERS:
            raise refuse_size()

    def _end(self, piece: str, written: str) -> str:
        """Ends are counted by themselves: without them a text of ends alone would cost more than its share."""
        name = self._name(written)
        if _is_noise(written):
            return _NOTHING
        self._count(piece)
        self.ends = _counted(self.ends)
        if name in ("tr", "table") and not self.tables:
            return self._lone_row(begins=False)
        self.tables -= name == "table"
        return f"</{name}>" if name in READ else _NOTHING

    def _start(self, match: re.Match[str], written: str) -> str:
        name = self._name(written)
        if written in DROPPED:
            self._drop_content(written)
        if written in DROPPED or _is_noise(written):
            return _NOTHING
        attributes = _attributes(match["attributes"])
        if not match["whole"]:
            return _NOTHING  # the text ended first; a browser drops such a tag
        self._count(match[0])
        self.starts = _counted(self.starts)
        if name == "tr" and not self.tables:
            return self._lone_row(begins=True)
        self.tables += name == "table"
        return self._written(name, attributes, is_head=written == "th") if name in READ else _NOTHING

    def _name(self, written: str) -> str:
        """Cells that were copied without their row are paragraphs, or their words would run together."""
        name = SAME_AS.get(written, written)
        is_at_home = self.tables or name == "tr" or (name == "td" and self.is_in_lone_row)
        return name if is_at_home or name not in TABLE_PARTS else "p"

    def _lone_row(self, *, begins: bool) -> str:
        """A row that was copied without its table is a table, because a browser reads none without."""
        ended = "</table>" if self.is_in_lone_row else _NOTHING
        self.is_in_lone_row = begins
        return f"{ended}<table><tr>" if begins else ended

    def _drop_content(self, written: str) -> None:
        """Without an end somewhere, only the tag is dropped and not the rest of the text."""
        if self._ends_later(written):
            end = f"</{written}"
            self.position = self.html.find(">", self.lowered.find(end, self.position)) + 1 or len(self.html)

    def _ends_later(self, written: str) -> bool:
        end = f"</{written}"
        if end not in self.last_ends:
            self.last_ends[end] = self.lowered.rfind(end)
        return self.last_ends[end] >= self.position

    def _written(self, name: str, attributes: dict[str, str], *, is_head: bool) -> str:
        found = said_by(name, self._with_classes(attributes))
        if found.get("gone") == DELETED and name in STRUCK and not self._ends_later(name):
            del found["gone"]
        if is_head:
            found["head"] = "1"
        said = "".join(f' {key}="{escape(value)}"' for key, value in found.items())
        if name in FORMATTING - {"a"}:
            self.formats.add(name + said)
            if len(self.formats) > MOST_FORMATS:
                raise refuse_depth()
        return f"<{name}{said}>"

    def _with_classes(self, attributes: dict[str, str]) -> dict[str, str]:
        """With what a style sheet in the text says of its classes, before what stands at the element itself."""
        if not self.classes or "class" not in attributes:
            return attributes
        known = (self.classes.get(name.lower(), "") for name in attributes["class"].split()[:MOST_ATTRIBUTES])
        rules = ";".join(rule for rule in (*known, attributes.get("style", "")) if rule)
        return {**attributes, "style": rules}


def _counted(tags: int) -> int:
    if tags == MOST_TAGS:
        raise refuse_tags()
    return tags + 1


def _is_noise(name: str) -> bool:
    """Office's own elements: `o:p`, `w:sdt`, `st1:place`. Their text stays."""
    return ":" in name


def _attributes(written: str) -> dict[str, str]:
    """The first of each name counts, as in a browser."""
    attributes: dict[str, str] = {}
    for seen, match in enumerate(_EACH_ATTRIBUTE.finditer(written), start=1):
        if seen > MOST_ATTRIBUTES:
            raise refuse_attributes()
        name, value = match[1].lower(), match[2] or match[3] or match[4] or ""
        attributes.setdefault(name, _FINISHED_ENTITY.sub(lambda entity: unescape(entity[0]), value))
    return attributes
