"""Languages: which tags are registered, what they are called, and which one somebody means who writes a name.

Tags are BCP 47, as the IANA registry of subtags has them (`langcodes` brings it). Names in English are from the locale
data and from the registry, names in the language itself from `own_names.txt`, which is the locale data’s own column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

from babel import Locale

from portal.rules.reading import is_language as is_well_formed
from portal.text.places import country_name, is_country

SUGGESTED = (
    "en my th lo km vi id ms fil tl zh-Hans zh-Hant ta pt tet jv su ceb ilo shn mnw ksw kac nod tts "
    "ar bn nl fr de hi it ja ko ru es tr ur fa"
).split()
_LONGEST_NAME = 80
# The registry has them so that programs can say "we do not know"; nobody writes in them.
_NOT_LANGUAGES = frozenset(("und", "zxx", "mis"))
# Tagalog and Filipino are two names to those who speak them, whatever the locale data’s alias says.
_KEPT = frozenset(("tl",))

# Names that neither the locale data nor the registry has, and those of which it must be said whose they are.
_ALSO = {
    "my": "Myanmar, Bama, ဗမာ, ဗမာစာ, မြန်မာစာ", "shn": "Tai Yai, လိၵ်ႈတႆး", "mnw": "Mon, မန်, ဘာသာမန်, ဘာသာ မန်",
    "ksw": "Karen, Sgaw, Sgaw Karen, S’gaw, ကညီ, ကညီကျိာ်", "kac": "Jinghpaw, Jingpho", "rki": "Rakhine, ရခိုင်",
    "blk": "Pa’O, Pa-O, ပအိုဝ်း", "rhg": "Rohingya, Ruáingga", "cnh": "Lai, Hakha Chin",
    "th": "Siamese", "nod": "Lanna, Kham Mueang, Kam Mueang, คำเมือง, เหนือ", "tts": "Isan, Isaan, อีสาน, ลาวอีสาน",
    "kxm": "Surin Khmer, เขมรถิ่นไทย, ខ្មែរសុរិន្ទ", "km": "Cambodian, Khmae",
    "lo": "Laotian", "khb": "Tai Lue, Lue, ไทลื้อ", "tdd": "Tai Nuea, Dehong Dai", "vi": "Vietnamese, Viet",
    "id": "Bahasa", "ms": "Malaysian, Malaysia, بهاس ملايو", "jv": "ꦗꦮ", "ban": "Bali", "bug": "Ugi", "mad": "Madhura",
    "min": "Minang, Baso Minang", "ace": "Aceh", "bew": "Betawi", "tet": "Tetun, Tetum",
    "tl": "Tagalog", "fil": "Pilipino", "ceb": "Bisaya, Binisaya, Sinugboanon, Sugboanon", "ilo": "Ilocano, Ilokano",
    "hil": "Ilonggo", "war": "Winaray", "pam": "Kapampangan", "bcl": "Bikol, Bicolano",
    "bo": "བོད་ཡིག", "dz": "Bhutanese", "ii": "Nuosu, Yi, ꆈꌠꁱꂷ, 彝",
    "zh": "汉, 漢", "zh-Hans": "Simplified, Chinese (Simplified), 中文（简体）, 简体, 普通话, 国语, 华语, 华文, 汉语", "zh-Hant": "Traditional, Chinese (Traditional), 中文（繁體）, 繁體, 繁体中文, 正體, 正體中文, 國語, 華語, 華文, 漢語",
    "cmn": "Mandarin, Mandarin Chinese", "yue": "Yue, 广东话, 廣東話, 粤语", "nan": "Hokkien, Min Nan, Taiwanese, 閩南, 闽南, 台語, 臺語, 台语",
    "hak": "Hakka, 客家, 客家話, 客家话, 客語", "wuu": "Wu, Shanghainese, 上海话, 吴, 吳", "lzh": "Classical Chinese, 文言",
    "pt": "Brazilian", "fa": "Farsi", "en": "American, British", "pa": "Panjabi", "he": "Ivrit", "el": "Modern Greek",
}  # fmt: skip
# What says "language" in a name: it may stand there, and need not.
_BEFORE = (
    "bahasa ", "basa ", "wikang ", "tiếng ", "tieng ", "lia ", "lian ", "ภาษา", "ພາສາ", "ភាសា", "ဘာသာ ", "भाषा ", "lingua ",
)  # fmt: skip
_AFTER = (
    " languages", " language", "ဘာသာစကား", "ဘာသာ", "စကား", "语", "語", "文", "话", "話", "어", " மொழி", " भाषा", " dili", " kalba",
)  # fmt: skip
_NOT_IN_NAMES = re.compile(r"[\u200b-\u200f'’‘ʼ`.་·]+")
_BLANKS_IN_NAMES = re.compile(r"[-_,()（）]")
_PARTED = re.compile(r"\s*[()（）/–—|,;]\s*|\s-\s")


def is_registered(tag: str) -> bool:
    """Is every part of this tag registered, and a language that people write? `en-GB` is; `xx`, `en-XX`, `x-desk` are not."""
    return bool(canonical(tag))


@lru_cache(maxsize=1000)
def canonical(tag: str) -> str:
    """The tag as it is written today: `iw` is `he`, `EN-gb` is `en-GB`. Empty where it is not registered."""
    if not is_well_formed(tag):
        return ""
    import langcodes  # slow to load, and no start should wait for it

    if not langcodes.tag_is_valid(tag):
        return ""
    written = tag if tag.lower() in _KEPT else str(langcodes.standardize_tag(tag))
    return "" if _has_private_parts(written.lower()) else written.lower() if tag.lower() in _KEPT else written


def _has_private_parts(tag: str) -> bool:
    """Parts that everybody may use for what they like, before an `-x-`, which says so itself."""
    language, *rest = re.split(r"-[a-z0-9]-", tag, maxsplit=1)[0].split("-")
    scripts = [part for part in rest if len(part) == 4 and part.isalpha()]
    regions = [part for part in rest if len(part) == 2]
    return (
        language == "x"
        or language in _NOT_LANGUAGES
        or ("qaa" <= language <= "qtz" and len(language) == 3)
        or any("qaaa" <= script <= "qabx" or script == "zzzz" for script in scripts)
        or any(
            region in ("aa", "zz") or "qm" <= region <= "qz" or "xa" <= region <= "xz" for region in regions
        )
    )


@lru_cache(maxsize=1000)
def tag_of(typed: str) -> str:
    """The tag that somebody means who writes a tag or a name: `Burmese`, `မြန်မာ`, `bahasa indonesia`, `EN-gb`.

    Empty where it is neither. A name may stand beside another or its tag: `မြန်မာ – Burmese`, `Burmese (my)`.
    """
    text = typed.strip()
    if not text or len(text) > _LONGEST_NAME:
        return ""
    whole = [text, *(part for part in _PARTED.split(text) if part)]
    return next((found for part in whole if (found := _meant(part))), "")


def _meant(text: str) -> str:
    """`Mon`, `Lai` and `Lue` are names here, though other languages have these letters as their tag."""
    tag = canonical(text.replace("_", "-"))
    is_rather_a_name = len(text) == 3 and (text.istitle() or len(tag) == 2)
    return (_named(text) or tag) if is_rather_a_name else (tag or _named(text))


def _named(name: str) -> str:
    names = _tags_by_name()
    return next((names[key] for key in _keys(name) if key in names), "")


def _keys(name: str) -> Iterator[str]:
    """The spellings under which a name is known: as it is, without the word for language, without its accents."""
    whole = _folded(name)
    shorter = [whole.removeprefix(word) for word in _BEFORE if whole.startswith(word) and whole != word]
    shorter += [whole.removesuffix(word) for word in _AFTER if whole.endswith(word) and whole != word]
    for key in (whole, *(each.strip() for each in shorter)):
        yield key
        if plain := _latin(key):
            yield plain


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFC", _NOT_IN_NAMES.sub("", name)).casefold()
    return " ".join(_BLANKS_IN_NAMES.sub(" ", text).split())


def _latin(key: str) -> str:
    """Without accents, where the letters are Latin; empty elsewhere, because there marks are vowels."""
    plain = unicodedata.normalize("NFKD", key.replace("đ", "d").replace("ı", "i").replace("ø", "o"))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return bare if bare.isascii() else ""


@cache
def _tags_by_name() -> dict[str, str]:
    """The tag of every name, the better known language first."""
    found: dict[str, str] = {}
    for tag, name in _known_names():
        for key in _keys(name):
            found.setdefault(key, tag)
    for tag, names in _registry().items():  # some 8,000, in English
        for name in names:
            found.setdefault(_folded(name), tag)
    return found


def _known_names() -> Iterator[tuple[str, str]]:
    for tag, names in _ALSO.items():
        yield from ((tag, name) for name in names.split(", "))
    english = [(str(code).replace("_", "-"), str(name)) for code, name in Locale("en").languages.items()]
    yield from ((tag, name) for tag, name in english if tag.partition("-")[0] in _registry())
    yield from own_names().items()


@cache
def _registry() -> dict[str, list[str]]:
    from langcodes.registry_parser import parse_registry

    return {
        each["Subtag"]: each["Description"]
        for each in parse_registry()  # type: ignore[no-untyped-call]  # langcodes leaves it without types
        if each["Type"] == "language"
        and ".." not in each["Subtag"]
        and "Deprecated" not in each
        and each["Subtag"] not in _NOT_LANGUAGES
    }


@cache
def own_names() -> dict[str, str]:
    """What languages call themselves, by tag."""
    lines = files("portal.text").joinpath("own_names.txt").read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


@lru_cache(maxsize=500)
def language_name(tag: str) -> str:
    """The English name of a language, `Burmese`, `Chinese (China)`; the tag itself where no data knows one."""
    english = Locale("en").languages
    subtags = _in_usual_case((canonical(tag) or tag).split("-")[:3])
    if len(subtags) > 1 and len(subtags[1]) == 3 and subtags[1].isalpha():
        subtags = [subtags[1].lower(), *subtags[2:]]  # `sgn-ase`: the second says it more exactly
    for length in range(len(subtags), 0, -1):
        name = english.get("_".join(subtags[:length])) or (length == 1 and _first_registered(subtags[0]))
        if name:
            return _with_details(str(name), subtags[length:])
    return tag


def _first_registered(subtag: str) -> str:
    return _registry().get(subtag, [""])[0].replace("'", "’")


@cache
def languages() -> list[tuple[str, str]]:
    """(tag, its own name and the English one) to suggest: English and the region’s languages first, then large ones."""
    return [(tag, _both_names(tag)) for tag in SUGGESTED]


def _both_names(tag: str) -> str:
    own, english = own_names().get(tag, ""), language_name(tag)
    return english if own in ("", english) else f"{own} – {english}"


def _in_usual_case(subtags: list[str]) -> list[str]:
    language, *rest = subtags
    return [language.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)]


def _with_details(name: str, subtags: list[str]) -> str:
    scripts = Locale("en").scripts
    known = [scripts.get(part) or (is_country(part) and country_name(part)) for part in subtags]
    details = ", ".join(str(detail) for detail in known if detail)
    return f"{name} ({details})" if details else name
