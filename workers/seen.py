"""How long the clock has known of something that waits, in real time.

A worker that was rung for takes it within a second; only what is still there a while later is the clock's.
Ages in rows would not do: under a test clock they stand still.
"""

from __future__ import annotations

import time
from collections.abc import Iterable


class Seen:
    """Ids that wait, each with the moment when it was first seen waiting."""

    def __init__(self) -> None:
        self._since: dict[int, float] = {}

    def overdue(self, waiting: Iterable[int], *, seconds: float, most: int | None = None) -> list[int]:
        """The first `most` of those that have been waiting for so long; asked again at once, they have that long again.

        So one that cannot be done is tried at that pace, and what waits no longer is forgotten.
        """
        at = time.monotonic()
        self._since = {row_id: self._since.get(row_id, at) for row_id in waiting}
        long_enough = [row_id for row_id, since in self._since.items() if at - since >= seconds][:most]
        self._since.update(dict.fromkeys(long_enough, at))
        return long_enough
