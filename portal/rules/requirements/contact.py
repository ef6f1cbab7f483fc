"""Contacts that may not answer. Only advice: the required answers and the malformed addresses are found elsewhere."""

from collections.abc import Iterator

from portal.rules.issues import Issue, advice
from portal.rules.requirements.case import Case

LEAST_DIGITS = 6


def phone_numbers(case: Case) -> Iterator[Issue]:
    for field in case.fields:
        text = case.typed(field.name)
        if field.type == "phone" and text and sum(c.isdecimal() for c in text) < LEAST_DIGITS:
            told = f"{field.label}: “{text[:60]}” has fewer than {LEAST_DIGITS} digits."
            yield advice("CONTACT", field.name, f"{told} Write the number with its country code.")


def country_codes(case: Case) -> Iterator[Issue]:
    for name in ("contact_phone", "newsroom_phone"):
        text = case.typed(name)
        if sum(c.isdecimal() for c in text) >= LEAST_DIGITS and not text.startswith(("+", "00", "(+")):
            yield advice("CONTACT", name, "The number has no country code. Write it like +95 67 555 0142.")
