"""Figures that contradict each other or cannot be counted. Only advice: an editor sees what a rule cannot."""

import re
from collections.abc import Iterator

from portal.rules import money
from portal.rules.issues import Issue, advice
from portal.rules.reading import read_score, read_whole
from portal.rules.requirements.case import Case

_PAIR = re.compile(r"(?<![\d–-])(\d{1,3})\s?[–-]\s?(\d{1,3})(?![\d–-])")


def whole_numbers(case: Case) -> Iterator[Issue]:
    for field in case.fields:
        text = case.typed(field.name)
        if field.type == "whole" and text and read_whole(text) is None:
            yield advice(
                "FACTS", field.name, f"{field.label}: “{text[:60]}” is not a number. Write it in figures."
            )


def scores_as_typed(case: Case) -> Iterator[Issue]:
    """Not every sport counts in whole numbers, so such a score only asks for a second look."""
    for field in case.fields:
        text = case.typed(field.name)
        if field.type == "score" and text and read_score(text) is None:
            told = f"{field.label}: “{text[:60]}” is not a whole number."
            yield advice("FACTS", field.name, f"{told} It is shown as you typed it. Check that it is right.")


def amount_needs_currency(case: Case) -> Iterator[Issue]:
    amount, currency = case.typed("amount"), case.typed("currency")
    if amount and not currency and not any(c.isalpha() for c in amount) and not money.named_in(amount):
        yield advice("FACTS", "currency", "The amount has no currency. Write its three letters, such as MMK.")
    if amount and currency and money.disagree(amount, currency):
        told = f"The amount “{amount[:60]}” names another currency than “{currency[:20]}”."
        yield advice("FACTS", "currency", f"{told} Check which of the two is right.")


def score_in_headline(case: Case) -> Iterator[Issue]:
    home, away = read_score(case.typed("home_score")), read_score(case.typed("away_score"))
    pairs = [{int(a), int(b)} for a, b in _PAIR.findall(case.typed("headline"))]
    if case.typed("match_kind") == "result" and home and away and pairs and {home[0], away[0]} not in pairs:
        told = f"The headline names another score than the facts ({home[0]}–{away[0]})."
        yield advice("FACTS", "headline", f"{told} Check which of the two is right.")
