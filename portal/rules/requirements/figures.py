"""Figures that contradict each other or cannot be counted. Only advice: an editor sees what a rule cannot."""

import re
from collections.abc import Iterator

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


def amount_needs_currency(case: Case) -> Iterator[Issue]:
    amount = case.typed("amount")
    if amount and not case.typed("currency") and not any(c.isalpha() for c in amount):
        yield advice("FACTS", "currency", "The amount has no currency. Write its three letters, such as MMK.")


def score_in_headline(case: Case) -> Iterator[Issue]:
    home, away = read_score(case.typed("home_score")), read_score(case.typed("away_score"))
    pairs = [{int(a), int(b)} for a, b in _PAIR.findall(case.typed("headline"))]
    if case.typed("match_kind") == "result" and home and away and pairs and {home[0], away[0]} not in pairs:
        told = f"The headline names another score than the facts ({home[0]}–{away[0]})."
        yield advice("FACTS", "headline", f"{told} Check which of the two is right.")
