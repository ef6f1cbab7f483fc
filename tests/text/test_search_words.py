"""A text and a question about it are read alike, in every script."""

import json

import pytest

from portal.rules.search_terms import ENGLISH, HEADLINE, PAIR
from portal.text.search_words import LONGEST_QUESTION, MOST_ASKED, asked_terms, words_of
from tests.rigs.sources import CORPUS


def finds(question: str, text: str, *, english: bool = False) -> bool:
    kept, asked = set(words_of("", text, english=english)), asked_terms(question)
    return bool(asked) and all(any(holds(kept, way) for way in term.ways) for term in asked)


def holds(kept: set[str], way: tuple[tuple[str, ...], ...]) -> bool:
    return all(any(word in kept for word in words) for words in way)


def every_word(question: str) -> list[str]:
    return [word for term in asked_terms(question) for way in term.ways for words in way for word in words]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("RICE mill", "Farmers open a rice mill"),
        ("farmer", "The farmer’s rice"),
        ("da nang", "Đà Nẵng"),
        ("Đà Nẵng", "da nang"),
        ("strasse", "Straße"),
        ("елка", "Ёлка"),
        ("كتب", "كُتُب"),
        ("ไทย", "ธนาคารแห่งประเทศไทย"),
        ("ธนาคาร", "ธนาคารแห่งประเทศไทย"),
        ("ພາສາ", "ປະເທດລາວພາສາລາວ"),
        ("ភ្នំពេញ", "រាជធានីភ្នំពេញថ្មី"),
        ("နေပြည်တော်", "မြန်မာနိုင်ငံနေပြည်တော်။"),
        ("နိုင်ငံ", "မြန်မာနိုင်ငံ"),
        ("東京", "東京タワー"),
        ("新", "在新加坡"),
        ("タワー", "東京タワー"),
        ("２０２６", "in 2026"),
        ("SEAP-2026-K7Q4M", "reference seap 2026 k7q4m"),
        ("தமிழ்", "தமிழ் செய்தி"),
        ("ไท\u200bย", "ประเทศไทย"),
    ],
)
def test_case_accents_and_missing_spaces_do_not_matter(question, text):
    assert finds(question, text)
    assert finds(question, text, english=True)


BOTH_WAYS = (
    # English plurals
    "sky/skies grandchild/grandchildren housewife/housewives person/people salesperson/salespeople index/indices olive/olives wharf/wharves "
    "ferry/ferries cycle/cycles box/boxes child/children bus/buses gas/gases house/houses class/classes city/cities "
    "tomato/tomatoes photo/photos hero/heroes shoe/shoes campus/campuses virus/viruses match/matches prize/prizes "
    "woman/women fisherman/fishermen movie/movies day/days area/areas use/uses life/lives crisis/crises quiz/quizzes "
    "case/cases fee/fees menu/menus mango/mangoes mango/mangos canvas/canvases knife/knives key/keys company/companies "
    "status/statuses process/processes address/addresses mouse/mice foot/feet criterion/criteria axe/axes size/sizes "
    # apostrophes and hyphens
    "obrien/O'Brien obrien/O’Brien O'Brien/O‘Brien O’Brien/OʼBrien O`Brien/O´Brien farmers/farmer’s leau/l’eau "
    "startup/start-up start-up/start‑up start‐up/start–up start-up/start­up email/e-mail ATT/AT&T US/U.S. "
    "seap2026k7q4m/SEAP-2026-K7Q4M anakanak/anak-anak "
    # figures
    "4800/4,800 4800/4.800 4800/4’800 4800/4'800 4800/4 800 4800/4 800 4,800/4.800 1234567/1,234,567 "
    "1234567/12,34,567 1234567/1.234.567 RM4800/RM4,800 RM4,800/RM 4800 5km/5 km ４８００/4800 4,800/４，８００ "
    "၄၈၀၀/4800 ๔๘๐๐/4,800 ٤٨٠٠/4800 m²/m2 CO₂/co2 3½/3 1/2 ½/1/2 10⁶/10 6"
)


@pytest.mark.parametrize("pair", BOTH_WAYS.split(" "))
def test_one_finds_the_other(pair):
    one, _, other = pair.partition("/")

    assert finds(one, f"The {other} news", english=True)
    assert finds(other, f"The {one} news", english=True)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("4 800", "4,800 homes"),
        ("4,800", "4 800 homes"),
        ("4 800", "4800"),
        ("1 234 567", "1,234,567"),
        ("o brien", "Mr O’Brien"),
        ("brien", "Mr O’Brien"),
        ("4800", "RM4,800"),
        ("start up", "a start-up"),
        ("3½", "3½ km"),
        ("3 1/2", "3½ km"),
        ("J.R.R. Tolkien", "JRR Tolkien"),
        ("ping river cycle", "Ping River Cycles"),
        ("AT&T", "AT & T"),
    ],
)
def test_parts_are_found_as_well(question, text):
    assert finds(question, text, english=True)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ('"yard repair"', "the yard repair began"),
        ("“Yard Repair”", "the YARD REPAIR began"),
        ("«yard repair»", "yard-repair"),
        ("„yard repair“", "yard’s yard repair"),
        ('"start-up firm"', "a startup firm"),
        ('"start up firm"', "a start-up firm"),
        ('"4,800 homes"', "4800 homes"),
        ('"Đà Nẵng port"', "the Da Nang Port"),
        ('"ประเทศไทย"', "ธนาคารแห่งประเทศไทย"),
        ('"tea fair" taunggyi', "Taunggyi has a tea fair"),
        ('"ferries"', "two ferries"),
        ('"yard repair', "repair of a yard"),
    ],
)
def test_words_in_marks_follow_each_other(question, text):
    assert finds(question, text, english=True)


@pytest.mark.parametrize(
    "text", ["repair the yard", "yard of repair", "yard\nrepair", "yards repair", "yardrepair"]
)
def test_words_in_marks_are_not_found_apart(text):
    assert not finds('"yard repair"', text.replace("\\n", "\n"), english=True)


def test_plurals_of_english_join_no_words_of_other_languages():
    """`batas` is a border and `bata` a brick in Indonesian."""
    assert not finds("batas", "bata merah")
    assert not finds("bata", "batas kota")
    assert finds("bata", "batas", english=True)
    assert finds("ferries", "ferries")


def test_words_of_the_headline_are_marked_as_well():
    kept = words_of("Ferry runs", "A boat", english=True)

    assert {HEADLINE + ENGLISH + "ferry", ENGLISH + "ferry", ENGLISH + "boat"} <= set(kept)
    assert HEADLINE + ENGLISH + "boat" not in kept


def test_what_was_asked_is_named_as_it_was_typed():
    asked = asked_terms('Taunggyi "tea fair" 4 800 O’Brien 3½ a\0b')

    assert [term.typed for term in asked] == ["Taunggyi", "“tea fair”", "4 800", "O’Brien", "3½", "a", "b"]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("rice", "price"),
        ("4,800", "4 teams and 800 guests"),
        ("48", "4,800"),
        ("new", "news"),
        ("general", "generous"),
        ("3½", "31 2"),
        ("rice wheat", "rice"),
        ("ลาว", "ประเทศไทย"),
        ("京東", "東京"),
        ("နေပြည်တော်", "မြန်မာနိုင်ငံ"),
    ],
)
def test_other_words_are_not_found(question, text):
    assert not finds(question, text)


@pytest.mark.parametrize("nothing", ["", " ", '"', "* - : ( ) ' \\ % _ & | !", "🙂", "\u200b", "\x00"])
def test_what_holds_no_word_asks_nothing(nothing):
    assert asked_terms(nothing) == []


@pytest.mark.parametrize(
    "signs", ['"rice"', "rice*", "-rice", "rice:", "(rice", "'rice'", "rice\\", "NOT^rice" + "!"]
)
def test_signs_of_a_query_language_are_only_signs(signs):
    assert set(every_word(signs)) - {"not", ENGLISH + "not"} == {"rice", ENGLISH + "rice"}


def test_words_hold_letters_marks_and_digits_only():
    """After one mark of ours, which is no letter."""
    naughty = CORPUS / "naughty" / "blns.json"
    if not naughty.exists():
        pytest.skip("the shared corpus is not here")
    for text in json.loads(naughty.read_text("utf-8")):
        for kept in (*every_word(text), *words_of("", text, english=True)):
            word = kept.lstrip(ENGLISH + PAIR)
            assert word.isprintable()
            assert not set(word) & set(" \"'\\:*()&|!<>-%_\t\n\ue000\ue001")


def test_a_long_question_is_cut():
    assert len(asked_terms("word " * 10_000)) == 1
    assert len(every_word("ก" * 10_000)) == 1
    assert max(map(len, every_word("a" * 10_000))) <= 64 + 1
    assert len(every_word("".join(map(chr, range(0x4E00, 0x4E00 + LONGEST_QUESTION))))) == MOST_ASKED
    assert len(asked_terms(" ".join(f"w{n}" for n in range(1_000)))) <= MOST_ASKED


def test_a_text_without_end_keeps_a_bounded_number_of_words():
    kept = words_of("", "".join(map(chr, range(0x4E00, 0x9F00))) * 20, english=False)

    assert sum(len(word.encode()) + 1 for word in kept) <= 400_000
    assert kept[0] == chr(0x4E00)
