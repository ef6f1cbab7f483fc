"""What hostile forms cost: every field of every form with hundreds of thousands of characters of one nasty kind.

Measured inside the application, in milliseconds of the processor; the limits are for one request.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from portal.settings import load_settings
from portal.storage.database import Database
from portal.storage.migrate import upgrade
from portal.web.forms.taking import form_of_view
from tests.rigs.every_form import NOBODY, EveryForm, Sending, every_form

STRANGER_MOST, MEMBER_MOST = 100.0, 250.0
HOSTILE = {
    "letters": "a" * 1_000_000,
    "at signs": "a@" * 500_000,
    "marks out of order": "e" + "\u0301\u0316" * 150_000,
    "Burmese": "မြ" * 100_000,
    "a web address": "https://" + "a/" * 400_000,
    "digits": "9" * 1_000_000,
    "few at signs": "a@" * 15_000,
    "few marks": "e" + "\u0301\u0316" * 5_000,
}


@dataclass(frozen=True)
class Cost:
    """One form with one field of one kind; `milliseconds` of the processor."""

    milliseconds: float
    form: str
    field: str
    kind: str
    by_a_stranger: bool


def run(folder: Path, now: datetime, most: int | None = None) -> list[Cost]:
    """The first `most` forms, or all."""
    url = f"sqlite:///{folder / 'hostile.sqlite3'}"
    database = Database(url)
    upgrade(database)
    settings = load_settings({"PORTAL_ENV": "development", "PORTAL_DATABASE_URL": url}, folder)
    logging.disable(logging.CRITICAL)
    with pytest.MonkeyPatch.context() as patch:
        forms = every_form(database, settings, now, folder, patch)
        clock = _Clock(forms.app)
        found = [cost for form in forms.sendings[:most] for cost in _costs(forms, form, clock)]
    forms.app.extensions["portal"].database.dispose()
    return found


def told(costs: list[Cost]) -> str:
    """The dearest of each side, with its limit."""
    lines = []
    for who, by_a_stranger, limit in (("without", True, STRANGER_MOST), ("with", False, MEMBER_MOST)):
        asked = [cost for cost in costs if cost.by_a_stranger is by_a_stranger]
        worst = max(asked, key=lambda cost: cost.milliseconds)
        over = sum(cost.milliseconds > limit for cost in asked)
        lines.append(
            f"Hostile forms {who} a login: {len(asked)} requests, {over} over {limit:g} ms; dearest "
            f"{worst.milliseconds:.0f} ms ({worst.form}, {worst.field}, {worst.kind})."
        )
    return "\n".join(lines)


class _Clock:
    """Stands around the application and knows what its last request cost."""

    def __init__(self, app: Any) -> None:
        self.milliseconds = 0.0
        self._inner = app.wsgi_app
        app.wsgi_app = self

    def __call__(self, environ: Any, start: Any) -> list[bytes]:
        began = time.process_time()
        try:
            return [b"".join(self._inner(environ, start))]
        finally:
            self.milliseconds = (time.process_time() - began) * 1000


def _costs(forms: EveryForm, form: Sending, clock: _Clock) -> Iterator[Cost]:
    forms.send(form)  # what is loaded late is loaded now
    taken = form_of_view(forms.app, form.endpoint)
    with forms.app.app_context():
        own = [field.name for field in taken().answers()] if taken else []
    for name in {*own, *form.fields}:
        for kind, text in HOSTILE.items():
            again = Sending(form.endpoint, form.path, form.who, {**form.fields, name: text}, form.page)
            forms.send(again)
            yield Cost(clock.milliseconds, str(form), name, kind, form.who == NOBODY)
