"""The five kinds of release and their pages: which fields there are, on which page, under which label."""

from dataclasses import dataclass

from portal.rules import speaker
from portal.rules.kinds.appointment import APPOINTMENT
from portal.rules.kinds.business import BUSINESS
from portal.rules.kinds.community import COMMUNITY
from portal.rules.kinds.contact_page import CONTACT, TIMING, TIMING_NAMES
from portal.rules.kinds.event import EVENT
from portal.rules.kinds.fields import Field, Values, answered, asked, choice_label, ticked, typed
from portal.rules.kinds.kind import FactLine, Kind, Say, Words, as_it_is
from portal.rules.kinds.shared_pages import (
    BODY,
    DECLARATIONS,
    MOST_QUOTES,
    NEWS,
    NOTES,
    quote_fields,
    quote_numbers,
)
from portal.rules.kinds.sports import SPORTS

__all__ = [
    "DECLARATIONS", "KINDS", "MOST_QUOTES", "PAGES", "PAGE_TITLES", "TIMING_NAMES", "FactLine", "Field", "Kind", "Quote",
    "Say", "Values", "Words", "answered", "asked", "choice_label", "every_field", "facts_box", "field_of", "fields_of",
    "label_of", "quote_fields", "quote_numbers", "quotes_of", "suggested_headline", "ticked", "typed",
]  # fmt: skip

KINDS: dict[str, Kind] = {kind.name: kind for kind in (BUSINESS, COMMUNITY, SPORTS, APPOINTMENT, EVENT)}

PAGES = ("news", "facts", "story", "contact", "check")
PAGE_TITLES = {"news": "News", "facts": "Facts", "story": "Story", "contact": "Contact", "check": "Check"}


@dataclass(frozen=True)
class Quote:
    """What somebody said, as the public page shows it."""

    text: str
    speaker: str = ""
    title: str = ""


def fields_of(
    kind_name: str, page: str, quote_count: int = 1, *, is_correction: bool = False
) -> tuple[Field, ...]:
    """The fields of one page in their order. A correction has no timing: it goes out when it is approved."""
    return _fields(kind_name, page, range(quote_count), is_correction)


def every_field(kind_name: str, values: Values, *, is_correction: bool = False) -> tuple[Field, ...]:
    """The fields of all pages before the check page, with as many quotes as were typed."""
    numbers = quote_numbers(values)
    return tuple(field for page in PAGES[:-1] for field in _fields(kind_name, page, numbers, is_correction))


def _fields(kind_name: str, page: str, quotes: range | list[int], is_correction: bool) -> tuple[Field, ...]:
    if page == "story":
        return (*BODY, *(field for number in quotes for field in quote_fields(number)), *NOTES)
    if page == "contact":
        return CONTACT if is_correction else CONTACT + TIMING
    return {"news": NEWS, "facts": KINDS[kind_name].fields, "check": DECLARATIONS}[page]


def field_of(kind_name: str, name: str) -> Field | None:
    """The field of that name, quotes and declarations included; None for a name that this kind does not have."""
    number = name.split("-")[1] if name.startswith("quotes-") and name.count("-") == 2 else ""
    quotes = quote_fields(int(number)) if number.isascii() and number.isdigit() else ()
    known = (*every_field(kind_name, {}), *DECLARATIONS, *quotes)
    return next((field for field in known if field.name == name), None)


def label_of(kind_name: str, name: str) -> str:
    field = field_of(kind_name, name)
    return field.label if field else name.replace("_", " ").capitalize()


def facts_box(kind_name: str, values: Values, say: Say = as_it_is) -> list[FactLine]:
    """The public facts of a release; nothing from a field that only the newsroom may see."""
    return KINDS[kind_name].facts_box(values, say)


def quotes_of(kind_name: str, values: Values) -> list[Quote]:
    """Every quote of a release in the order of its fields: the superior's or the coach's first."""
    return [quote for quote in (*_kind_quotes(kind_name, values), *_story_quotes(values)) if quote.text]


def _kind_quotes(kind_name: str, values: Values) -> list[Quote]:
    if kind_name == "appointment":
        return [Quote(*(typed(values, f"superior_{part}") for part in ("quote", "name", "title")))]
    return [Quote(*speaker.split(typed(values, "coach_quote")))] if kind_name == "sports" else []


def _story_quotes(values: Values) -> list[Quote]:
    return [Quote(*(typed(values, field.name) for field in quote_fields(n))) for n in quote_numbers(values)]


def suggested_headline(kind_name: str, values: Values, organisation_name: str) -> str:
    """A plain headline from the facts, for the sender to better; empty while a part of it is missing."""
    parts = {name: value.strip() for name, value in values.items()} | {"organisation": organisation_name}
    try:
        headline = KINDS[kind_name].headline_pattern.format_map({k: v for k, v in parts.items() if v})
    except KeyError:
        return ""
    return headline
