"""`make shots`: the key pages as pictures, on a phone and a desk, light and dark, into shots/ (git ignores it)."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.rigs import furnished, furnished_daily
from tests.rigs.chromium import HOW_TO_GET_IT, chromium_program, running_chromium
from tests.rigs.furnished import Furnished, Seen
from tests.rigs.running_portal import running_portal
from tests.rigs.sqlite import migrated_file

FOLDER = Path(__file__).resolve().parents[1] / "shots"
WIDTHS = {390: 844, 1280: 900}
SCHEMES = ("light", "dark")


def main() -> int:
    program = chromium_program()
    if program is None:
        print(f"The screenshots were not made: {HOW_TO_GET_IT}.")
        return 1
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_chromium(program) as browser:
        template = migrated_file(Path(folder) / "template.sqlite3")
        with running_portal(Path(folder), template) as site:
            found = furnished.furnish(site)
            furnished_daily.furnish_daily(found)
            for role, pages in roles(found):
                for name in take(browser, found, role, pages):
                    print(name)
    print(f"The screenshots are in {FOLDER.name}/.")
    return 0


def roles(found: Furnished) -> Iterator[tuple[str, list[Seen]]]:
    yield "", [*furnished.for_visitors(found), *furnished_daily.for_visitors(found)]
    yield "member", furnished.for_members(found)
    yield "editor", [*furnished.for_editors(found), *furnished_daily.for_editors(found)]
    yield "admin", furnished_daily.for_administrators(found)


def take(browser: Any, found: Furnished, role: str, pages: list[Seen]) -> Iterator[str]:
    """Every page of one role in all widths and both schemes; the names of what was written."""
    page = browser.new_context().new_page()
    if role:
        furnished.log_in(page, found, role)
    for seen in pages:
        page.goto(found.site.home + seen.address)
        if seen.act:
            seen.act(page)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                page.screenshot(path=FOLDER / f"{seen.name}-{width}-{scheme}.png", full_page=True)
        yield seen.name
    page.context.close()


if __name__ == "__main__":
    sys.exit(main())
