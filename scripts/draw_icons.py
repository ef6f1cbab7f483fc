#!/usr/bin/env python3
"""Draws the icons that browsers, phones and feed readers ask for from the house's own mark, `favicon.svg`.

Run it after a change of the mark: `.venv/bin/python scripts/draw_icons.py`. It needs Chromium, as the browser tests do.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.rigs.chromium import HOW_TO_GET_IT, chromium_program, running_chromium  # noqa: E402

FOLDER = ROOT / "portal/web/static"
SIZES = {"apple-touch-icon.png": 180, "icon-144.png": 144, "icon-192.png": 192, "icon-512.png": 512}
IN_ONE_FILE = (16, 32, 48)


def main() -> None:
    program = chromium_program()
    if program is None:
        raise SystemExit(HOW_TO_GET_IT)
    with running_chromium(program) as browser:
        for name, size in SIZES.items():
            (FOLDER / name).write_bytes(_drawn(browser, size))
        (FOLDER / "favicon.ico").write_bytes(_ico([(size, _drawn(browser, size)) for size in IN_ONE_FILE]))


def _drawn(browser: Any, size: int) -> bytes:
    page = browser.new_page(viewport={"width": size, "height": size})
    mark = (
        (FOLDER / "favicon.svg")
        .read_text("utf-8")
        .replace("<svg ", f'<svg width="{size}" height="{size}" ', 1)
    )
    page.set_content(f'<body style="margin:0">{mark.replace("<svg ", "<svg style=display:block ", 1)}</body>')
    picture = page.screenshot()
    page.close()
    return picture


def _ico(pictures: list[tuple[int, bytes]]) -> bytes:
    """Several PNG files in one, as every browser of the last fifteen years reads it."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    start = len(head) + 16 * len(pictures)
    entries = b""
    for size, picture in pictures:
        entries += struct.pack("<BBBBHHII", size, size, 0, 0, 1, 32, len(picture), start)
        start += len(picture)
    return head + entries + b"".join(picture for _size, picture in pictures)


if __name__ == "__main__":
    main()
