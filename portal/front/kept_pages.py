"""The kept answers themselves: the least recently asked for goes first when they take too many bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

from portal.front.answers import Kept


class KeptPages:
    """At most `most` bytes, all of one mark but for what the program alone changes. For one thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pages: OrderedDict[Hashable, Kept] = OrderedDict()
        self._fixed: dict[Hashable, Kept] = {}
        self._mark: int | None = None
        self.size = 0

    def __len__(self) -> int:
        return len(self._pages) + len(self._fixed)

    def get(self, key: Hashable, mark: int | None, now: float) -> Kept | None:
        """The answer, if it is good at this instant."""
        fixed = self._fixed.get(key)
        if fixed is not None:
            return fixed
        if mark is None:
            return None
        if mark != self._mark:
            self._begin(mark)
        found = self._pages.get(key)
        if found is None or not found.began <= now < found.until:
            return None
        self._pages.move_to_end(key)
        return found

    def keep(self, key: Hashable, kept: Kept, *, by_program_alone: bool = False) -> None:
        """An answer made under an older mark is left out, and so is one larger than an eighth of all there is room for."""
        if kept.size * 8 > self._most or (not by_program_alone and kept.mark != self._mark):
            return
        self.drop(key)
        (self._fixed if by_program_alone else self._pages)[key] = kept
        self.size += kept.size
        while self.size > self._most and (self._pages or self._fixed):
            self.drop(next(iter(self._pages or self._fixed)))

    def grew(self, before: int, kept: Kept) -> None:
        """A further coding of an answer was made."""
        self.size += kept.size - before

    def drop(self, key: Hashable) -> None:
        for pages in (self._pages, self._fixed):
            gone = pages.pop(key, None)
            if gone is not None:
                self.size -= gone.size

    def _begin(self, mark: int) -> None:
        self.size -= sum(kept.size for kept in self._pages.values())
        self._pages.clear()
        self._mark = mark
