"""Keeps the web process from holding on to what a large request once needed."""

from __future__ import annotations

import ctypes
import ctypes.util
from contextlib import suppress

TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
"""Names of `mallopt` (GNU C library, malloc.h)."""
LARGE = 128 * 1024
"""Bytes. From here on a block comes from the system and goes back to it; unset, the library raises this by itself up to
32 MB, and what eight threads once needed for a long story stays with the process."""
ARENAS = 2


def give_back_large_blocks() -> None:
    """Where the C library is not GNU's nothing is done: others give back by themselves."""
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(ctypes.util.find_library("c")).mallopt
        for name, value in ((MMAP_THRESHOLD, LARGE), (TRIM_THRESHOLD, LARGE), (ARENA_MAX, ARENAS)):
            mallopt(name, value)
