"""Where tests keep their databases: in memory where there is room, because a disk that others use, too, makes each
new PostgreSQL database cost half a second. What tests of power cuts need the disk for is not looked at here.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

IN_MEMORY = Path("/dev/shm")
LEAST_FREE = 4 * 1024**3


def quick_folder() -> str:
    """A folder in memory with at least 4 GiB free, or else the usual one for temporary files."""
    fits = IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK | os.X_OK)
    if fits and shutil.disk_usage(IN_MEMORY).free >= LEAST_FREE:
        return str(IN_MEMORY)
    return tempfile.gettempdir()
