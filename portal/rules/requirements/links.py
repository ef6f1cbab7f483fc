"""Links in the story: eight at most, and better fewer."""

import re
from collections import Counter
from collections.abc import Iterator

from portal.rules.issues import Issue, advice, blocking
from portal.rules.requirements.case import Case
from portal.rules.requirements.measured import Measured

MOST_LINKS = 8
WORDS_FOR_A_LINK = 100

_BARE = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)


def links_of(measured: Measured) -> list[str]:
    """Every address of the story: its links, and addresses written out that are not links already."""
    linked = {_plain(address) for address in measured.body_links}
    written = [found.rstrip(".,;:!?)’'") for found in _BARE.findall(measured.body_text)]
    return [*measured.body_links, *(address for address in written if _plain(address) not in linked)]


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
    pages = Counter(re.split(r"[?#]", _plain(address))[0].rstrip("/") for address in links_of(case.measured))
    page, count = max(pages.items(), key=lambda item: item[1], default=("", 0))
    if count > 1:
        yield advice("LINKS", "body", f"{count} links lead to the same page, {page}. One is enough.")
