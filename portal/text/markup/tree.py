"""Any HTML, however it was pasted, as the few blocks that a release is made of.

The tree knows paragraphs and headings (leaves, which hold runs of words with their marks) and the containers
around them. What word processors and mail programs write instead is translated while reading: spans that look
bold, Word's paragraphs that look like lists, mail programs' `<div>` lines, tables.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from portal.text.characters import strip_ends, without_unwanted
from portal.text.markup import left_out
from portal.text.markup.elements import BLOCKS, BREAKS, CONTAINERS, EMPHASIS, HEADINGS, LISTS, STRONG
from portal.text.markup.left_out import LeftOut
from portal.text.markup.limits import MOST_DEPTH, MOST_NESTED, refuse_depth


@dataclass(slots=True, frozen=True)
class Marks:
    strong: bool = False
    emphasis: bool = False
    href: str = ""
    height: str = ""


# The words of a bullet or a number that Word writes into the text.
_MARKER = Marks(href="mso-list:ignore")


@dataclass(slots=True)
class Leaf:
    """A paragraph or a heading. `level` is a Word list paragraph's depth (from 1; 0 = none), `marker` its bullet."""

    tag: str = "p"
    runs: list[tuple[str, Marks]] = field(default_factory=list)
    level: int = 0
    marker: str = ""


@dataclass(slots=True)
class Container:
    """A list has a `kind` (1, a, A, i, I), may `count_down`, and begins with `number`; so may each of its items. A row
    may be the first of its table, and a cell the `head` of its column. `numbers` are those of a settled list."""

    tag: str
    children: list["Leaf | Container"] = field(default_factory=list)
    kind: str = ""
    number: int | None = None
    counts_down: bool = False
    is_first: bool = False
    is_head: bool = False
    numbers: tuple[int, ...] = ()


@dataclass(slots=True)
class _Open:
    """An element whose end has not come: what it says about the words in it, None where it says nothing."""

    name: str
    strong: bool | None = None
    emphasis: bool | None = None
    href: str | None = None
    container: Container | None = None
    level: int = 0
    is_marker: bool = False
    height: str = ""
    gone: str = ""
    is_block_without_words: bool = False


class TreeBuilder:
    """Takes well-formed markup piece by piece; `root` is what has been read so far.

    Attributes are those of `thinning.said_by`. Raises TooMuchMarkup where elements nest too deeply.
    """

    def __init__(self) -> None:
        self.root = Container("root")
        self.stack: list[_Open] = []
        self.leaf: Leaf | None = None
        self.marks: Marks | None = Marks()
        self.last_leaf: Leaf | None = None
        self.begins_table = False
        self.opened_quotes = ""
        self.quotes = 0
        self.readings: list[bool] = []
        self.passage = ""
        self.counts: Counter[str] = Counter()

    @property
    def left_out(self) -> LeftOut:
        """What was no part of the text so far. A comment has words and an anchor; either alone stands for it."""
        comments = max(self.counts[left_out.COMMENT], self.counts[left_out.ANCHOR])
        return LeftOut(self.counts[left_out.DELETED], self.counts[left_out.HIDDEN], comments)

    def words(self, written: str) -> None:
        text = without_unwanted(written)
        if gone := self._gone():
            self._leave_out(gone, text)
            return
        if self.leaf is None and not text.strip(" \n"):
            return
        self._keep(self._after_opened_quotes(text))

    def _gone(self) -> str:
        """Why nothing of what is open now is kept: comments before deletions, since a comment may be struck out, too."""
        gone = {element.gone for element in self.stack if element.gone}
        return next((kind for kind in left_out.IN_ORDER if kind in gone), "")

    def _leave_out(self, gone: str, text: str) -> None:
        """A passage ends where kept words or another block begin."""
        if gone in (left_out.DELETED, left_out.HIDDEN) and strip_ends(text) and self.passage != gone:
            self.counts[gone] += 1
            self.passage = gone

    def _keep(self, text: str) -> None:
        if strip_ends(text):
            self.passage = ""
            for element in self.stack:
                element.is_block_without_words = False
        if self.leaf is None:
            self.leaf = self._new_leaf()
        marks = self._current_marks()
        if marks is _MARKER:
            self.leaf.marker += text
        else:
            self.leaf.runs.append((text, marks))

    def opening(self, name: str, attributes: dict[str, str]) -> None:
        if name in BREAKS:
            self._break(name)
            return
        if name in BLOCKS:
            self._end_leaf()
        self.begins_table = self.begins_table or name == "table"
        if len(self.stack) >= MOST_DEPTH:
            raise refuse_depth()
        self._push(name, attributes)
        if name == "rt":
            self._open_reading()

    def closing(self, name: str) -> None:
        """Ends the element that was opened last, whose name that is."""
        if name == "q":
            self._end_quote()
        if name == "rt":
            self._end_reading()
        self.stack.pop()
        self.marks = None
        if name in BLOCKS:
            self._end_leaf()

    def _end_leaf(self) -> None:
        self.leaf, self.passage = None, ""

    def _push(self, name: str, attributes: dict[str, str]) -> None:
        element = _element(name, attributes)
        self._count_comment(element)
        if name in CONTAINERS and not self._gone() and not element.gone and self._may_hold(name):
            element.container = self._container_of(name, attributes)
            self._parent_for(name).children.append(element.container)
        self.stack.append(element)
        self.marks = None
        if name == "q" and not self._gone():
            self.opened_quotes += "‘" if self.quotes % 2 else "“"
            self.quotes += 1

    def _count_comment(self, element: _Open) -> None:
        """Google Docs puts a comment into a paragraph that begins with an anchor: then all of it is the comment."""
        open_now = self._gone()
        if element.gone == left_out.NOTE:
            blocks = [each for each in self.stack if each.is_block_without_words]
            if blocks and not open_now:
                blocks[0].gone = left_out.COMMENT
                self.counts[left_out.COMMENT] += 1
            element.gone = left_out.MARK
        elif element.gone in (left_out.COMMENT, left_out.ANCHOR) and open_now != left_out.COMMENT:
            self.counts[element.gone] += 1

    def _container_of(self, name: str, said: dict[str, str]) -> Container:
        number = said.get("start") or said.get("value")
        made = Container(
            name,
            kind=said.get("kind", ""),
            number=int(number) if number else None,
            counts_down="reversed" in said,
            is_first=name == "tr" and self.begins_table,
            is_head="head" in said,
        )
        self.begins_table = self.begins_table and name != "tr"
        return made

    def _after_opened_quotes(self, text: str) -> str:
        opened, self.opened_quotes = self.opened_quotes, ""
        return opened + text.lstrip(" \n") if opened else text

    def _end_quote(self) -> None:
        """`<q>` shows marks that stand nowhere in the text; without words there is nothing to mark."""
        if self._gone():
            return
        self.quotes -= 1
        leaf = self.leaf or self.last_leaf
        if self.opened_quotes:
            self.opened_quotes = self.opened_quotes[:-1]
        elif leaf and self.quotes >= 0:
            leaf.runs.append(("’" if self.quotes % 2 else "”", replace(self._current_marks(), height="")))

    def _open_reading(self) -> None:
        """How a word is read stands small above it, in brackets where it is in line: 漢字（かんじ）. Some texts have them."""
        before = self.leaf.runs[-1][0].rstrip()[-1:] if self.leaf and self.leaf.runs else ""
        self.readings.append(bool(before) and before not in "(（" and not self._gone())
        if self.readings[-1]:
            self._keep("（")

    def _end_reading(self) -> None:
        if self.readings and self.readings.pop():
            self._keep("）")

    def _break(self, name: str) -> None:
        """A forced line is a line of its own where that is a paragraph, and a space in a heading or an item."""
        leaf = self.leaf
        if self._gone():
            return
        if name == "br" and leaf and (leaf.tag == "h3" or leaf.level or self._in_list()):
            leaf.runs.append((" ", Marks()))
        else:
            self._end_leaf()

    def _new_leaf(self) -> Leaf:
        leaf = Leaf()
        if not self._in_list():
            leaf.level = max((element.level for element in self.stack), default=0)
            leaf.tag = "h3" if any(element.name in HEADINGS for element in self.stack) else "p"
        self._parent_for("p").children.append(leaf)
        self.last_leaf = leaf
        return leaf

    def _in_list(self) -> bool:
        return self._nested(LISTS) > 0

    def _nested(self, names: Collection[str]) -> int:
        return sum(element.container is not None and element.name in names for element in self.stack)

    def _may_hold(self, name: str) -> bool:
        """List items outside lists, quotations in lists, loose cells and what is nested past reading are plain blocks."""
        if name == "li":
            return self._container().tag in LISTS
        if name == "td":
            return self._container().tag == "tr"
        if name == "blockquote":
            return not self._in_list() and self._nested({name}) < MOST_NESTED
        return name == "tr" or self._nested(LISTS) < MOST_NESTED

    def _container(self) -> Container:
        return next((each.container for each in reversed(self.stack) if each.container), self.root)

    def _parent_for(self, name: str) -> Container:
        """Where a child goes. In a list that is the last item, which Google Docs leaves out around inner lists."""
        container = self._container()
        if container.tag == "tr" and name != "td":
            return _last_or_first(container, "td")
        if container.tag in LISTS and name != "li":
            return _last_or_first(container, "li")
        return container

    def _current_marks(self) -> Marks:
        if self.marks is None:
            strong, emphasis, href, height = False, False, "", ""
            for element in self.stack:
                strong = strong if element.strong is None else element.strong
                emphasis = emphasis if element.emphasis is None else element.emphasis
                href = href if element.href is None else element.href
                height = element.height or height
            in_marker = any(element.is_marker for element in self.stack)
            self.marks = _MARKER if in_marker else Marks(strong, emphasis, href, height)
        return self.marks


def _last_or_first(container: Container, tag: str) -> Container:
    """The last item of a list or cell of a row; where there is none yet, a first one."""
    last = container.children[-1] if container.children else None
    if not isinstance(last, Container):
        last = Container(tag)
        container.children.append(last)
    return last


def _element(name: str, said: dict[str, str]) -> _Open:
    return _Open(
        name,
        strong=said["strong"] == "1" if "strong" in said else (name in STRONG or None),
        emphasis=said["emphasis"] == "1" if "emphasis" in said else (name in EMPHASIS or None),
        href=said.get("href"),
        level=int(said.get("level", "0")),
        is_marker="marker" in said,
        height=said.get("height", ""),
        gone=said.get("gone", ""),
        is_block_without_words=name in BLOCKS and name not in ("ul", "ol", "table"),
    )
