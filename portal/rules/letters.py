"""Capitals, as each language writes them. Python knows the letters; these are the customs beside them (CLDR’s, and UAX #21)."""

import re
import unicodedata

_GEORGIAN = range(0x10D0, 0x1100)  # has capitals in the tables of Unicode, but nobody writes names in them
_DOTTED = frozenset(("tr", "az", "crh", "gag"))
# Irish: what is put before a word stays small: i mBAILE ÁTHA CLIATH, an tSEAPÁIN.
_IRISH_BEFORE = re.compile(
    r"\b(?:[hn](?=[AEIOUÁÉÍÓÚ])|t(?=[AEIOUÁÉÍÓÚS])|m(?=B)|g(?=C)|n(?=[DG])|bh(?=F)|b(?=P)|d(?=T))"
)
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_TONOS = frozenset("\u0300\u0301\u0342\u0304\u0306\u0313\u0314")
_DIALYTIKA = "\u0308"
_FIRST_OF_TWO = frozenset("αεουηΑΕΟΥΗ")
_SECOND_OF_TWO = frozenset("ιυΙΥ")


def capitals(text: str, language: str) -> str:
    """The text in capitals; scripts without capitals stay as they are."""
    code = primary(language)
    if code == "ga":
        return _irish(text)
    return _upper(_prepared(text, code))


def opening(text: str, language: str) -> str:
    """The text with a capital at its beginning, unless its first word has its own way: iOS, eBay, tSeirbhís, x86."""
    first = re.split(r"[\s\-–—/]", text, maxsplit=1)[0]
    if any(letter.isupper() for letter in first[1:]) or any(sign.isdigit() for sign in first):
        return text
    code = primary(language)
    size = 2 if code == "nl" and text[:2] == "ij" else 1
    head = _upper(_prepared(text[:size], code)) if size == 2 or code in _DOTTED else text[:1].title()
    is_left = text[:1] == "ß" or ord(text[:1] or "a") in _GEORGIAN
    return text if is_left else head + text[size:]


def primary(language: str) -> str:
    """`en` of `en-GB`."""
    return language.lower().partition("-")[0]


def _prepared(text: str, code: str) -> str:
    if code in _DOTTED:
        return text.replace("i", "İ")
    if code == "lt":  # a dot that stands under another mark on a small letter only
        return re.sub("([ijįIJĮ])\u0307", r"\1", text)
    if code == "hy":
        return text.replace("և", "եվ")
    return _without_tonos(text) if _GREEK.search(text) else text


def _upper(text: str) -> str:
    return "".join(letter if ord(letter) in _GEORGIAN else letter.upper() for letter in text)


def _irish(text: str) -> str:
    kept = [(found.start(), found.end()) for found in _IRISH_BEFORE.finditer(text)]
    inside = {place for start, end in kept for place in range(start, end)}
    return "".join(letter if place in inside else _upper(letter) for place, letter in enumerate(text))


def _without_tonos(text: str) -> str:
    """Greek capitals have no accents. Where an accent parted two vowels, two dots do it now: Μάιος, ΜΑΪΟΣ."""
    made: list[str] = []
    was_accented = ""
    for cluster in re.findall("[^\u0300-\u036f][\u0300-\u036f\u0345]*", unicodedata.normalize("NFD", text)):
        letter, marks = cluster[0], cluster[1:]
        if not _GREEK.match(letter):
            made, was_accented = [*made, cluster], ""
            continue
        accented = any(mark in _TONOS for mark in marks)
        kept = "".join(mark for mark in marks if mark not in _TONOS)
        if (
            was_accented in _FIRST_OF_TWO
            and letter in _SECOND_OF_TWO
            and not accented
            and not kept
            and was_accented
        ):
            kept = _DIALYTIKA
        made.append(letter + kept)
        was_accented = letter if accented else ""
    return unicodedata.normalize("NFC", "".join(made))
