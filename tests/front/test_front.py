"""For how long an answer is given again: the mark, the next change by time, the clock itself, and room."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal.front.answers import Answer, Kept
from portal.front.front import Front
from portal.front.keeping import Keep
from portal.front.kept_pages import KeptPages
from portal.front.next_changes import NextChanges

MIB = 1024 * 1024
PLAIN = Keep()


class Turned:
    now = 1000.0
    steady = True
    due: float | None = None

    def front(self) -> Front:
        return Front(
            KeptPages(MIB),
            now=lambda: self.now,
            next_change=lambda _moment, _mark: datetime.fromtimestamp(self.due, UTC) if self.due else None,
            is_steady=lambda: self.steady,
        )


def answer(status: int = 200, **headers: str) -> Answer:
    return Answer(status, [("Content-Type", "text/html"), *headers.items()], b"words")


def made(
    front: Front, mark: int | None = 1, keep: Keep | None = PLAIN, began: float = 1000.0, **more: str
) -> Kept | None:
    """As a request does it: look first, make it, hand it over."""
    front.look("page", mark)
    kept = front.kept_from(answer(**more), keep, mark, began)
    front.is_being_made("page", lambda _kept: None)
    front.made("page", kept, by_program_alone=bool(keep and keep.by_program_alone))
    return kept


def test_an_answer_is_given_again_while_the_mark_stands() -> None:
    front = Turned().front()
    kept = made(front)

    assert front.look("page", 1) is kept
    assert front.look("page", 2) is None
    assert front.look("page", 1) is None  # nothing of an older mark comes back
    assert front.look("other", 1) is None


def test_nothing_is_given_where_the_mark_cannot_be_read() -> None:
    front = Turned().front()
    made(front)

    assert front.look("page", None) is None
    assert made(Turned().front(), mark=None) is None


@pytest.mark.parametrize(
    ("due", "now", "given"),
    [
        (None, 1059.9, True),
        (None, 1060.0, False),
        (1010.0, 1008.9, True),
        (1010.0, 1009.0, False),
        (1000.5, 1000.4, True),
        (1000.5, 1000.6, False),
    ],
)
def test_it_ends_by_time(due: float | None, now: float, given: bool) -> None:
    turned = Turned()
    turned.due = due
    front = turned.front()
    made(front)
    turned.now = now

    assert (front.look("page", 1) is not None) is given


def test_what_became_due_while_it_was_made_ends_it_at_once() -> None:
    turned = Turned()
    turned.due, turned.now = 1000.2, 1000.4  # began at 1000.0, drawn across the minute
    front = turned.front()
    made(front)

    assert front.look("page", 1) is None


def test_a_clock_that_runs_backwards_ends_it() -> None:
    turned = Turned()
    front = turned.front()
    made(front)
    turned.now = 999.9

    assert front.look("page", 1) is None


def test_nothing_is_given_after_a_jump_of_the_clock_until_it_was_looked_at() -> None:
    turned = Turned()
    front = turned.front()
    made(front)
    turned.steady = False

    assert front.look("page", 1) is None


@pytest.mark.parametrize(
    ("keep", "given"),
    [
        (None, answer()),
        (Keep(), answer(404)),
        (Keep(), answer(304)),
        (Keep(), answer(500)),
        (Keep(), answer(302)),
    ],
)
def test_what_is_never_kept(keep: Keep | None, given: Answer) -> None:
    assert Turned().front().kept_from(given, keep, 1, 1000.0) is None


def test_an_answer_that_sets_a_cookie_is_never_kept() -> None:
    given = Answer(200, [("Set-Cookie", "a=b")], b"words")

    assert Turned().front().kept_from(given, Keep(), 1, 1000.0) is None


def test_a_file_of_the_program_outlives_every_mark() -> None:
    front = Turned().front()
    kept = made(front, keep=Keep(by_program_alone=True))

    assert front.look("page", 7) is kept
    assert front.look("page", None) is kept


def test_an_answer_made_under_an_older_mark_is_left_out() -> None:
    front = Turned().front()
    front.look("page", 1)
    kept = front.kept_from(answer(), Keep(), 1, 1000.0)
    front.look("page", 2)  # somebody saw a newer mark while it was made
    front.made("page", kept)

    assert front.look("page", 2) is None
    assert front.look("page", 1) is None


def test_one_makes_it_and_the_others_wait() -> None:
    front, told = Turned().front(), []

    assert front.is_being_made("page", told.append) is False
    assert front.is_being_made("page", told.append) is True
    assert front.is_being_made("page", told.append) is True
    assert told == []
    front.look("page", 1)
    front.made("page", front.kept_from(answer(), Keep(), 1, 1000.0))
    assert told == [True, True]
    assert front.is_being_made("page", told.append) is False
    front.made("page", None)


def test_the_least_recently_asked_for_goes_first() -> None:
    pages = KeptPages(10 * 4096)
    pages.get("a", 1, 0.0)
    for name in "abcd":
        pages.keep(name, Kept(Answer(200, [], b"x" * 2000), 1, 0.0, 9.0))
    pages.get("a", 1, 1.0)
    for number in range(7):
        pages.keep(number, Kept(Answer(200, [], b"x" * 2000), 1, 0.0, 9.0))

    assert pages.get("a", 1, 1.0) is not None
    assert pages.get("b", 1, 1.0) is None
    assert pages.size <= 10 * 4096


def test_one_large_answer_does_not_empty_it() -> None:
    pages = KeptPages(10 * 4096)
    pages.get("a", 1, 0.0)
    pages.keep("a", Kept(Answer(200, [], b"x"), 1, 0.0, 9.0))
    pages.keep("large", Kept(Answer(200, [], b"x" * 9000), 1, 0.0, 9.0))

    assert pages.get("large", 1, 1.0) is None
    assert pages.get("a", 1, 1.0) is not None


def test_the_next_change_is_asked_for_once_between_two_changes() -> None:
    asked: list[datetime] = []
    due = [datetime(2026, 3, 24, 4, tzinfo=UTC), datetime(2026, 3, 24, 5, tzinfo=UTC), None]
    known = NextChanges()

    def ask(moment: datetime) -> datetime | None:
        asked.append(moment)
        return due[len(asked) - 1]

    at = [datetime(2026, 3, 24, hour, tzinfo=UTC) for hour in (1, 2, 4, 5, 6)]
    answers = [known.after(moment, 1, ask) for moment in at]

    assert answers == [due[0], due[0], due[1], None, None]
    assert asked == [at[0], at[2], at[3]]


def test_another_mark_or_none_asks_anew() -> None:
    asked: list[datetime] = []
    known, moment = NextChanges(), datetime(2026, 3, 24, tzinfo=UTC)
    for mark in (1, 1, 2, None, None):
        known.after(moment, mark, asked.append)

    assert len(asked) == 4
