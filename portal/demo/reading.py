"""Reads the demo data: who there is, what they write, and the story of each release."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from portal.demo.placeholders import filled
from portal.rules.kinds import KINDS

FOLDER = Path(__file__).parent
_OFFSET = re.compile(r"-(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?")


@dataclass(frozen=True)
class Later:
    """What happened to a public release: `act` is correct, notice, archive, take-down or kill; `words` go with it."""

    act: str
    at: timedelta
    by: str = ""
    words: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """What became of a release. All times are offsets from the moment of loading, so they are negative.

    `state` is draft, submitted, in_review, awaiting_second, changes_requested, resubmitted, rejected, withdrawn or
    published;
    `before` holds the values of the first round where a release was sent twice.
    """

    state: str
    saved: timedelta | None = None
    sent: timedelta | None = None
    claimed: timedelta | None = None
    decided: timedelta | None = None
    resent: timedelta | None = None
    withdrawn: timedelta | None = None
    editor: str = ""
    reasons: tuple[str, ...] = ()
    message: str = ""
    note: str = ""
    scheduled: bool = False
    before: Mapping[str, str] = field(default_factory=dict)
    afterwards: tuple[Later, ...] = ()


@dataclass(frozen=True)
class DemoRelease:
    """One release: `organisation` is a key of organisations.json, `by` the address of the member who writes it."""

    key: str
    kind: str
    organisation: str
    by: str
    values: Mapping[str, str]
    story: Story


def newsroom() -> list[dict[str, str]]:
    """The people of the desk: key, role, name, email."""
    people: list[dict[str, str]] = _read("newsroom.json")
    return people


def organisations() -> list[dict[str, Any]]:
    """Who sends: key, name, website, about, joined, members and the call that showed who they are."""
    houses: list[dict[str, Any]] = _read("organisations.json")
    return houses


def releases(today: date) -> list[DemoRelease]:
    """Every release of every kind, its days filled in as seen from the day of loading."""
    return [_release(kind, row, today) for kind, row in _rows()]


def offset(text: str) -> timedelta:
    """`-3d 4h 20m` before the moment of loading. Raises ValueError for anything else."""
    found = _OFFSET.fullmatch(text)
    if not found or not any(found.groups()):
        raise ValueError(f"“{text}” is not an offset such as -3d 4h 20m.")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return -timedelta(days=days, hours=hours, minutes=minutes)


def _rows() -> Iterator[tuple[str, dict[str, Any]]]:
    for kind in KINDS:
        for row in _read(f"releases/{kind}.json"):
            yield kind, row


def _release(kind: str, row: dict[str, Any], today: date) -> DemoRelease:
    return DemoRelease(
        key=row["key"],
        kind=kind,
        organisation=row["organisation"],
        by=row["by"],
        values=_filled(row["values"], today),
        story=_story(row["story"], today),
    )


def _story(told: dict[str, Any], today: date) -> Story:
    read: dict[str, Any] = {name: offset(told[name]) for name in _TIMES if name in told}
    read["reasons"] = tuple(told.get("reasons", ()))
    read["before"] = _filled(told.get("before", {}), today)
    read["afterwards"] = tuple(
        Later(**{**each, "at": offset(each["at"])}) for each in told.get("afterwards", ())
    )
    return Story(**{**told, **read})


_TIMES = ("saved", "sent", "claimed", "decided", "resent", "withdrawn")


def _filled(values: Mapping[str, str], today: date) -> dict[str, str]:
    return {name: filled(value, today) for name, value in values.items()}


def _read(name: str) -> Any:  # what JSON holds; the callers say what it is
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
