"""Links in the story: eight at most, better fewer, and none that leads through somebody else's gate."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from portal.rules.issues import Issue, advice, blocking
from portal.rules.requirements.case import Case
from portal.rules.requirements.measured import Measured

MOST_LINKS = 8
WORDS_FOR_A_LINK = 100


def links_of(measured: Measured) -> list[str]:
    """Every address that the story leads to, once, in order: the text layer makes each bare address a link."""
    return list(dict.fromkeys(measured.body_links))


def _plain(address: str) -> str:
    return address.partition("://")[2].rstrip("/").lower()


def link_count(case: Case) -> Iterator[Issue]:
    count = len(links_of(case.measured))
    if count > MOST_LINKS:
        yield blocking("LINKS", "body", f"The story has {count} links. Keep {MOST_LINKS} or fewer.")
    elif count > max(1, case.measured.body_words // WORDS_FOR_A_LINK):
        told = f"The story has {count} links in {case.measured.body_words} words."
        yield advice("LINKS", "body", f"{told} Editors prefer one link for every {WORDS_FOR_A_LINK} words.")


def same_page_twice(case: Case) -> Iterator[Issue]:
    pages = Counter(re.split(r"[?#]", _plain(address))[0].rstrip("/") for address in case.measured.body_links)
    page, count = max(pages.items(), key=lambda item: item[1], default=("", 0))
    if page and count > 1:
        yield advice("LINKS", "body", f"{count} links lead to the same page, {page}. One is enough.")


def hidden_behind_a_gate(case: Case) -> Iterator[Issue]:
    """Mail filters and short addresses that only their firm can open: readers cannot see where they lead."""
    for address in dict.fromkeys(case.measured.shut_links):
        host = urlsplit(address).hostname
        told = f"A link leads through {host}, which hides where it goes."
        yield advice("LINKS", "body", f"{told} Copy the address from your browser once the page has opened.")
