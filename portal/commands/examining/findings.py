"""What a look at one part of the machine came to."""

from __future__ import annotations

from dataclasses import dataclass

OK = "ok"
ADVICE = "advice"
WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """`text` is a sentence for the operator; advice leaves the exit code alone, wrong does not."""

    name: str
    state: str
    text: str


def ok(name: str, text: str) -> Finding:
    return Finding(name, OK, text)


def advice(name: str, text: str) -> Finding:
    return Finding(name, ADVICE, text)


def wrong(name: str, text: str) -> Finding:
    return Finding(name, WRONG, text)
