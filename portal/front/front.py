"""What is asked for before the application: an answer that is kept and still good, or whoever makes it.

One request makes an answer and all others for the same wait for it. Whoever waited looks again with a mark that was read
after the answer was there, so that nobody gets what had changed before they asked.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus

from portal.front.answers import Answer, Kept
from portal.front.keeping import Keep
from portal.front.kept_pages import KeptPages
from portal.front.next_changes import FAR_AWAY

MAY_BE_KEPT = frozenset((HTTPStatus.OK, HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.GONE))

LAST_SECOND = 1.0
Again = Callable[[bool], None]
"""Told whether the answer was kept."""
Instant = Callable[[], float]


@dataclass
class Counted:
    """How often what happened, since the process began."""

    results: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("hit", "unchanged", "miss"), 0))


class Front:
    """For one thread, that of the sockets; only `may_keep` is called by those who make answers."""

    def __init__(
        self,
        pages: KeptPages,
        *,
        now: Instant,
        next_change: Callable[[datetime, int], datetime | None],
        is_steady: Callable[[], bool],
    ) -> None:
        self._pages = pages
        self._now = now
        self._next_change = next_change
        self._is_steady = is_steady
        self._waiting: dict[Hashable, list[Again]] = {}
        self.counted = Counted()

    def now(self) -> float:
        return self._now()

    def look(self, key: Hashable, mark: int | None) -> Kept | None:
        """A kept answer that is good now. `mark` was read after the request had come."""
        if not self._is_steady():
            return None
        return self._pages.get(key, mark, self._now())

    def answer(
        self, kept: Kept, headers: Mapping[str, str], *, is_head: bool, was_made: bool = False
    ) -> tuple[bytes, bytes]:
        """Head and body for this reader: whole, in part, or "not changed". `was_made`: for them, which is a miss."""
        coding = kept.coding(headers.get("accept-encoding", ""))
        if ("if-none-match" in headers or "if-modified-since" in headers) and kept.is_unchanged(headers):
            self._count("unchanged", was_made)
            return kept.not_modified(coding), b""
        self._count("hit", was_made)
        if "range" in headers and not is_head and (part := kept.part(headers)):
            return part
        found = kept.ready.get(coding)
        if found is None:
            before = kept.size
            found = kept.whole(coding)
            self._pages.grew(before, kept)
        return (found[0], b"") if is_head else found

    def _count(self, result: str, was_made: bool) -> None:
        if not was_made:
            self.counted.results[result] += 1

    def is_being_made(self, key: Hashable, again: Again) -> bool:
        """Whether somebody makes this answer already; then `again` is called once it is there, or is not to be kept."""
        waiting = self._waiting.get(key)
        if waiting is None:
            self._waiting[key] = []
            return False
        waiting.append(again)
        return True

    def made(self, key: Hashable, kept: Kept | None, *, by_program_alone: bool = False) -> None:
        """The answer of whoever was told that nobody made it yet."""
        self.counted.results["miss"] += 1
        if kept is not None:
            self._pages.keep(key, kept, by_program_alone=by_program_alone)
        for again in self._waiting.pop(key, ()):
            again(kept is not None)

    def kept_from(self, answer: Answer, keep: Keep | None, mark: int | None, began: float) -> Kept | None:
        """How long this answer is good, made from `began` on under a mark that was read before. None: never again.

        What became due while it was made ends it at once: the next change is asked for as of its beginning.
        """
        if keep is None or answer.status not in MAY_BE_KEPT or answer.header("set-cookie"):
            return None
        if keep.by_program_alone:
            return Kept(answer, None, began, FAR_AWAY)
        if mark is None:
            return None
        due = self._next_change(datetime.fromtimestamp(began, UTC), mark)
        until = began + keep.seconds
        return Kept(answer, mark, began, min(until, _ends(began, due.timestamp())) if due else until)


def _ends(began: float, due: float) -> float:
    """In the last second before something is due the answer is made once more: it then tells caches not to keep it."""
    return due - LAST_SECOND if began < due - LAST_SECOND else due
