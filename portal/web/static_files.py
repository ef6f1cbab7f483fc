"""Addresses of static files that change with their content, so that browsers may keep them for a year."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
HEADLINE_FONT = "vendor/fonts/source-serif-4-latin-600-normal.woff2"


def static_url(name: str) -> str:
    """`/static/portal.css?v=hash`; a file that is not there keeps its plain address."""
    path = FOLDER / name
    if not path.is_file():
        return f"/static/{name}"
    found = path.stat()
    return f"/static/{name}?v={_mark(path, (found.st_mtime_ns, found.st_size))}"


def has_fonts() -> bool:
    """Whether npm has fetched the fonts; without them the system's own are used and nothing is asked for."""
    return (FOLDER / HEADLINE_FONT).is_file()


@lru_cache(maxsize=64)
def _mark(path: Path, _changed: tuple[int, int]) -> str:
    """Time and size only tell the cache when to look again."""
    return sha256(path.read_bytes()).hexdigest()[:12]
