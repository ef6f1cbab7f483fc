"""One word for the singular and the plural of an English noun, so that either finds the other.

What comes out need not be a word: it is only ever compared with what comes out of another. Verbs and endings other
than those of plurals stay as they are, since a news search that takes "general" for "generous" finds too much.
"""

_SHORTEST = 4
_IRREGULAR = {
    "children": "child", "feet": "foot", "teeth": "tooth", "geese": "goose", "mice": "mouse", "oxen": "ox",
    "men": "man", "dice": "die", "leaves": "leaf", "lives": "life", "wives": "wife", "knives": "knife",
    "wolves": "wolf", "shelves": "shelf", "halves": "half", "thieves": "thief", "loaves": "loaf", "calves": "calf",
    "scarves": "scarf", "hooves": "hoof", "crises": "crisis", "analyses": "analysis", "theses": "thesis",
    "oases": "oasis", "diagnoses": "diagnosis", "hypotheses": "hypothesis", "synopses": "synopsis",
    "criteria": "criterion", "phenomena": "phenomenon", "bacteria": "bacterium", "fungi": "fungus",
    "cacti": "cactus", "nuclei": "nucleus", "alumni": "alumnus", "stadia": "stadium", "curricula": "curriculum",
    "memoranda": "memorandum", "quizzes": "quiz", "buses": "bus", "gases": "gas", "menus": "menu", "gurus": "guru",
    "emus": "emu", "haikus": "haiku", "taxis": "taxi", "skis": "ski", "safaris": "safari", "kiwis": "kiwi",
    "people": "person", "lice": "louse", "elves": "elf", "dwarves": "dwarf", "wharves": "wharf", "indices": "index", "gymnasia": "gymnasium",
    "appendices": "appendix", "matrices": "matrix", "vertices": "vertex", "bikinis": "bikini", "alibis": "alibi", "rabbis": "rabbi", "tsunamis": "tsunami",
}  # fmt: skip
# Also at the end of a longer word: grandchildren, housewives. Not `lives` and `leaves`: olives, cleaves.
_ENDINGS = ("children", "people", "wives", "shelves", "wolves", "knives", "loaves", "thieves", "teeth")
_NO_PLURAL = frozenset(
    "news lens atlas canvas bias alias christmas texas kansas gas always perhaps thus plus".split()
)
_HISSING = ("s", "x", "z", "ch", "sh")


def one_word(word: str) -> str:
    """What a folded word and its plural or singular have in common: `ferry` and `ferries`, `box` and `boxes`."""
    if not (word.isascii() and word.isalpha()):
        return word
    if word.endswith("women") or (word.endswith("men") and len(word) > len("women")):
        return word[:-3] + "man"
    ending = next((each for each in _ENDINGS if word.endswith(each)), "")
    irregular = word.removesuffix(ending) + _IRREGULAR[ending] if ending else _IRREGULAR.get(word)
    return _bare(irregular or _without_s(word))


def _without_s(word: str) -> str:
    if (
        len(word) < _SHORTEST
        or not word.endswith("s")
        or word.endswith(("ss", "us", "is"))
        or word in _NO_PLURAL
    ):
        return word
    return word[:-1]


def _bare(word: str) -> str:
    """Ends alike for both: `movie` as `movies` without its s, `sky` as `skie`, `box` as `boxe`."""
    if len(word) >= _SHORTEST and word.endswith("ie"):
        return word[:-2] + "y"
    if len(word) >= _SHORTEST and word.endswith("e") and word[:-1].endswith((*_HISSING, "o")):
        return word[:-1]
    return word
