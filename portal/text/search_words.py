"""The words by which a text is found: the same for what is kept and for what is asked, on both databases.

Case, accents and forms of digits are folded away. Thai, Lao, Khmer, Burmese, Chinese and Japanese put no spaces
between words, so there one, two and three characters in a row stand for words: no dictionary, and any part of a name
finds it. What an apostrophe or a hyphen parts is kept whole and in parts (`obrien`, `brien`), thousands as one number.
A word holds letters, marks and digits only, after one mark of private use that nobody can type, so nothing that is
typed can mean something to a database.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

import regex
from anyascii import anyascii

from portal.rules.search_terms import ENGLISH, HEADLINE, PAIR, Term, Way
from portal.text.english_plurals import one_word

LONGEST_QUESTION = 200
"""Characters; more is not read."""
MOST_ASKED = 40
_LONGEST_WORD = 64
_MOST_BYTES = 400_000  # of one text; a text-search vector of PostgreSQL holds a megabyte
_GRAM = 3

_V1 = regex.V1
# Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, and what is not seen at all. Vowel signs stay.
_LEFT_OUT = regex.compile(
    r"[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]"
    r"|\p{Default_Ignorable_Code_Point}"
)
_FOREIGN_LATIN = regex.compile(r"[\p{Latin}--[a-z]]+", _V1)
_FOREIGN_DIGIT = regex.compile(r"[\p{Nd}--[0-9]]", _V1)
# `3½` and `10⁶` are two numbers: folded, they would run together. Accents and letters that look like apostrophes are some.
_FRACTION = regex.compile(r"[¼-¾⅐-⅞↉]")
_RAISED = regex.compile(r"(?<=\p{Nd})[²³¹⁰⁴-⁹₀-₉]")
_APOSTROPHES = str.maketrans(dict.fromkeys("´`ʹʻʼʾʿꞋꞌ", "'"))

_UNSPACED = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Han}\p{Hiragana}\p{Katakana}\u30fc"
_OF_WORDS = r"\p{L}\p{M}\p{N}"
_APOSTROPHE = r"'\u2018\u2019\u201b\u2032"
_HYPHEN = r"\-\u2010-\u2015\u2027\u2212\u05be\u00b7\u2022&_"
_THOUSANDS = rf"(?<![0-9]|[0-9][.,])[0-9]{{1,3}}(?:[.,{_APOSTROPHE}\u066c][0-9]{{3}})+(?![0-9])"
_INDIAN = r"(?<![0-9]|[0-9][.,])[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?![0-9])"
_SPACED_OUT = r"(?<![0-9]|[0-9][ .,])[1-9][0-9]{0,2}(?: [0-9]{3})+(?![0-9]|[ ][0-9])"
_OVER = r"(?<![0-9/⁄])[0-9]{1,2}[/⁄][0-9]{1,2}(?![0-9/⁄])"
_LETTER = rf"[[{_OF_WORDS}]--[{_UNSPACED}]]"
_PIECE = rf"(?:(?!{_THOUSANDS}|{_INDIAN}|{_OVER}){_LETTER})+"
_CHUNK = regex.compile(
    rf"(?P<unspaced>(?:[[{_UNSPACED}]&&[{_OF_WORDS}]]\p{{M}}*)+)"
    rf"|(?P<number>{_THOUSANDS}|{_INDIAN})"
    rf"|(?P<spaced>{_SPACED_OUT})"
    rf"|(?P<over>{_OVER})"
    rf"|(?P<initials>(?<!{_LETTER})(?:\p{{L}}\.){{2,}}\p{{L}}?(?!{_LETTER}))"
    rf"|(?P<glued>{_PIECE}(?:[{_APOSTROPHE}{_HYPHEN}]+{_PIECE})*)",
    _V1,
)
_PARTS = regex.compile(rf"{_LETTER}+", _V1)
_UNIT = regex.compile(r"(\p{L}{1,3})([0-9]+)|([0-9]+)(\p{L}{1,3})")
_GRAPHEME = regex.compile(r"\X")
_QUOTED = regex.compile(
    r'"([^"]+)"|[“„‟]([^“”„‟]+)[“”]|«([^«»]+)»|「([^「」]+)」|『([^『』]+)』|＂([^＂]+)＂'
)


@dataclass(frozen=True)
class _Chunk:
    """What stands between two blanks: as one word, and in the parts that signs part it into."""

    whole: str
    parts: tuple[str, ...]
    kind: str


def words_of(headline: str, text: str, *, english: bool) -> list[str]:
    """Every word that a release is found by, each once; cut off after 400 kB of them. Those of the headline come twice."""
    told = list(_kept(headline, english))
    found: dict[str, None] = {}
    room = _MOST_BYTES
    for word in (*(HEADLINE + word for word in told), *told, *_kept(text, english)):
        if word not in found:
            room -= len(word.encode()) + 1
            if room < 0:
                break
            found[word] = None
    return list(found)


def asked_terms(question: str) -> list[Term]:
    """What a text must hold to be found, in the order of asking; empty where nothing was asked that could be looked for.

    Forty words are read at the most.
    """
    terms: dict[tuple[Way, ...], Term] = {}
    room = MOST_ASKED
    for typed, in_a_row in _asked_parts(question.replace("\0", " ")[:LONGEST_QUESTION]):
        for term in _row(typed) if in_a_row else _each(typed):
            room -= max(map(len, term.ways))
            if room < 0 and terms:
                return list(terms.values())
            terms.setdefault(term.ways, _cut(term))
    return list(terms.values())


def folded(text: str) -> str:
    """Without case, accents and what is not seen; digits as 0 to 9. Signs stay."""
    apart = _RAISED.sub(r" \g<0>", _FRACTION.sub(r" \g<0> ", text.translate(_APOSTROPHES)))
    plain = _LEFT_OUT.sub("", unicodedata.normalize("NFKD", apart).casefold())
    latin = _FOREIGN_LATIN.sub(lambda found: anyascii(found[0]).lower(), plain)
    digits = _FOREIGN_DIGIT.sub(lambda found: str(unicodedata.digit(found[0])), latin)
    return unicodedata.normalize("NFC", digits)


def _chunks(plain: str) -> Iterator[_Chunk]:
    for found in _CHUNK.finditer(plain):
        kind = found.lastgroup or ""
        parts = tuple(part[:_LONGEST_WORD] for part in _PARTS.findall(found[0]))
        whole = "over".join(parts) if kind == "over" else found[0] if kind == "unspaced" else "".join(parts)
        yield _Chunk(whole if kind == "unspaced" else whole[:_LONGEST_WORD], parts, kind)


# --- what is kept -----------------------------------------------------------------------------------------------


def _kept(text: str, english: bool) -> Iterator[str]:
    for line in text.splitlines():
        chunks = list(_chunks(folded(line)))
        for chunk in chunks:
            for word in _words_in(chunk):
                yield _english(word) if english else word
        yield from (_pair(*each) for pair in pairwise(chunks) for each in _meeting(*pair))
        yield from (
            _pair(*each) for chunk in chunks if chunk.kind == "glued" for each in pairwise(chunk.parts)
        )


def _words_in(chunk: _Chunk) -> Iterator[str]:
    if chunk.kind == "unspaced":
        yield from _every_gram(chunk.whole)
        return
    yield chunk.whole
    yield from chunk.parts
    for word in (chunk.whole, *chunk.parts):
        yield from _number_and_unit(word)


def _number_and_unit(word: str) -> tuple[str, ...]:
    """`rm`, `4800`; nothing for a word that is not made of one number and a few letters."""
    found = _UNIT.fullmatch(word)
    return tuple(part for part in found.groups() if part) if found else ()


def _english(word: str) -> str:
    return ENGLISH + one_word(word) if word.isascii() and word.isalpha() else word


def _meeting(one: _Chunk, other: _Chunk) -> Iterable[tuple[str, str]]:
    """The words that follow each other where one chunk ends and the other begins."""
    if "unspaced" in (one.kind, other.kind):
        return ()
    return dict.fromkeys(((one.whole, other.whole), (one.parts[-1], other.parts[0])))


def _pair(one: str, other: str) -> str:
    """A check sum keeps the index small; two pairs in four thousand million share one."""
    return f"{PAIR}{crc32(f'{one} {other}'.encode()):08x}"


def _every_gram(run: str) -> Iterator[str]:
    graphemes = _GRAPHEME.findall(run)
    for start in range(len(graphemes)):
        for length in range(1, min(_GRAM, len(graphemes) - start) + 1):
            yield _gram(graphemes, start, length)


# --- what is asked ----------------------------------------------------------------------------------------------


def _asked_parts(question: str) -> Iterator[tuple[str, bool]]:
    """The question in its order: what stands in marks, and what stands between."""
    end = 0
    for found in _QUOTED.finditer(question):
        yield question[end : found.start()], False
        yield next(filter(None, found.groups())), True
        end = found.end()
    yield question[end:], False


def _each(typed: str) -> Iterator[Term]:
    """What stands between blanks, each for itself: `3½` is one thing that was asked for and two words."""
    for part in _spaced(typed):
        chunks = list(_chunks(folded(part)))
        if chunks:
            every = [_ways(chunk) for chunk in chunks]
            whole: Way = tuple(slot for ways in every for slot in ways[0])
            parts: Way = tuple(slot for ways in every for slot in ways[-1])
            ways = every[0] if len(every) == 1 else tuple(dict.fromkeys((whole, parts)))
            yield Term(part.strip(), ways)


def _spaced(typed: str) -> list[str]:
    """Between blanks; a number whose thousands stand apart is one."""
    joined = regex.sub(
        rf"{_SPACED_OUT}", lambda found: found[0].replace(" ", "\u00a0"), " ".join(typed.split())
    )
    return [part.replace("\u00a0", " ") for part in joined.split(" ")]


def _ways(chunk: _Chunk) -> tuple[Way, ...]:
    if chunk.kind == "unspaced":
        return (tuple((gram,) for gram in _asked_grams(chunk.whole)),)
    whole: Way = (_alike(chunk.whole),)
    parts: Way = tuple(_alike(part) for part in chunk.parts)
    unit: Way = tuple(_alike(part) for part in _number_and_unit(chunk.whole))
    apart = chunk.kind in ("glued", "spaced", "initials")
    return tuple(dict.fromkeys(way for way in (whole, parts if apart else (), unit) if way))


def _alike(word: str) -> tuple[str, ...]:
    """A word as it stands, and what English texts keep of it."""
    return tuple(dict.fromkeys((word, _english(word))))


def _row(typed: str) -> Iterator[Term]:
    """Words in marks: one after the other, as they are. Between scripts without blanks and others nothing is asked."""
    chunks = list(_chunks(folded(typed)))
    if len(chunks) == 1 or not any(_meeting(*pair) for pair in pairwise(chunks)):
        yield from (Term(f"“{typed.strip()}”", _strict(chunk)) for chunk in chunks)
        return
    grams = tuple(
        (gram,) for chunk in chunks if chunk.kind == "unspaced" for gram in _asked_grams(chunk.whole)
    )
    whole = tuple((_pair(one.whole, other.whole),) for one, other in pairwise(chunks) if _meeting(one, other))
    spaced = [part for chunk in chunks if chunk.kind != "unspaced" for part in chunk.parts]
    parts = tuple((_pair(*each),) for each in pairwise(spaced))
    apart = all(chunk.kind == "glued" for chunk in chunks)
    yield Term(f"“{typed.strip()}”", tuple(dict.fromkeys((whole + grams, parts if apart else whole + grams))))


def _strict(chunk: _Chunk) -> tuple[Way, ...]:
    """One word in marks: also as the parts that follow each other."""
    ways = _ways(chunk)
    if chunk.kind != "glued" or len(chunk.parts) == 1:
        return ways[:1]
    return (ways[0], tuple((_pair(*each),) for each in pairwise(chunk.parts)))


def _cut(term: Term) -> Term:
    return Term(term.typed, tuple(way[:MOST_ASKED] for way in term.ways))


def _asked_grams(run: str) -> list[str]:
    """Three in a row where there are as many; all of them together are nearly always the whole run."""
    graphemes = _GRAPHEME.findall(run)
    length = min(_GRAM, len(graphemes))
    found = (_gram(graphemes, start, length) for start in range(len(graphemes) - length + 1))
    return list(dict.fromkeys(found))


def _gram(graphemes: list[str], start: int, length: int) -> str:
    return "".join(graphemes[start : start + length])[:_LONGEST_WORD]
