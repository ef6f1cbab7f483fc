"""What stands in the subject of a letter and beside it in the list of mails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from portal.rules.digest import KILL, REMOVAL, Afterword, Picked
from portal.rules.shown_times import MONTHS, long_date, weekday
from portal.text.plain import excerpt

LONGEST_HEADLINE = 110
ALSO = 3

Headline = Callable[[int | Afterword], str]


def subject(day: str, picked: Picked, headline: Headline) -> str:
    """`Farmers open their own rice mill, and 4 more (Tue 24 March)`; a correction where there is no news.

    The news first: a phone shows half of it.
    """
    return f"{_said(picked, headline)} ({_short_day(day)})".replace("=?", "= ?")


def preheader(picked: Picked, headline: Headline) -> str:
    """`Also: a youth cup final; a children’s library. One correction.`"""
    others = [number for _, numbers in picked.by_kind for number in numbers][:ALSO]
    also = "; ".join(excerpt(headline(number), 60) for number in others)
    told = _counted_notes(picked)
    return " ".join(
        filter(None, (f"Also: {also}." if also else "", f"{told}." if told and picked.lead else ""))
    )


def long_day(day: str) -> str:
    """`Tuesday 24 March 2026`."""
    found = date.fromisoformat(day)
    return f"{weekday(found)} {long_date(found)}"


def _short_day(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{weekday(found)[:3]} {found.day} {MONTHS[found.month - 1]}"


def _said(picked: Picked, headline: Headline) -> str:
    if picked.lead is not None:
        more = sum(len(numbers) for _, numbers in picked.by_kind) + picked.left_out
        return excerpt(headline(picked.lead), LONGEST_HEADLINE) + (f", and {more} more" if more else "")
    if picked.by_kind:
        return "what was cancelled, postponed or is out of date"
    if picked.afterwords:
        return f"{_counted_notes(picked).lower()} of what we sent you"
    if picked.first_date is not None:
        return f"dates ahead, {excerpt(headline(picked.first_date), LONGEST_HEADLINE)}"
    return "nothing new in what you chose"


def _counted_notes(picked: Picked) -> str:
    """`One retraction, two removals and one correction`."""
    gone = sum(each.what == KILL for each in picked.afterwords)
    removed = sum(each.what == REMOVAL for each in picked.afterwords)
    notes = len(picked.afterwords) - gone - removed
    told = [
        f"{_number(count)} {name}{'' if count == 1 else 's'}"
        for count, name in ((gone, "retraction"), (removed, "removal"), (notes, "correction"))
        if count
    ]
    words = " and ".join(filter(None, (", ".join(told[:-1]), *told[-1:])))
    return words[:1].upper() + words[1:]


def _number(count: int) -> str:
    small = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return small[count] if count < len(small) else str(count)
