"""What a risk flag is called in the newsroom, on its pages and in its mails, in the order in which flags are listed."""

from __future__ import annotations

FLAG_WORDS = {
    "first_release": "first release of this sender",
    "minors": "minors",
    "third_party": "a third party is named",
    "legal": "a legal case",
    "listed": "a listed company",
    "health": "health claims",
    "political": "politics",
    "financial": "financial promotion",
}


def flag_word(flag: str) -> str:
    """The words for a flag; one that is not known stands as it is."""
    return FLAG_WORDS.get(flag, flag.replace("_", " "))
