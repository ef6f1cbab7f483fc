"""Chromium for browser tests: the machine's own, because downloads of a browser are not part of `make test`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ("--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync")
HOW_TO_GET_IT = "no Chromium on this machine (Debian: sudo apt install chromium)"


def chromium_program() -> str | None:
    return next((found for found in map(shutil.which, NAMES) if found), None)


@contextmanager
def running_chromium(program: str) -> Iterator[Any]:
    """A headless browser, as playwright drives it."""
    from playwright.sync_api import sync_playwright

    flags = [*QUIET, "--no-sandbox"] if os.getuid() == 0 else list(QUIET)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=flags)
        try:
            yield browser
        finally:
            browser.close()
