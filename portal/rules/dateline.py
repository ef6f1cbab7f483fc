"""The dateline that opens a release: `NAYPYITAW, Myanmar – `. Made from the parts, never typed."""

from portal.rules.letters import capitals, primary

STANDS_ALONE = {"SG": "singapore"}
DASH = " – "
# Scripts with a comma of their own.
COMMAS = {"my": "၊ ", "ar": "، ", "fa": "، ", "ur": "، "}


def dateline(city: str, country_name: str, language: str, country_code: str) -> str:
    """The dateline with its dash and the blank after it; empty where there is neither city nor country.

    `country_name` is in the language of the release where the data has it. Only Singapore stands alone.
    """
    city, country_name = city.strip(), country_name.strip()
    if city and _stands_alone(city, country_name, country_code):
        return capitals(city, language) + DASH
    place = comma(language).join(part for part in (capitals(city, language), country_name) if part)
    return place + DASH if place else ""


def _stands_alone(city: str, country_name: str, country_code: str) -> bool:
    alone = STANDS_ALONE.get(country_code.upper())
    return alone is not None and city.casefold() in (alone, country_name.casefold())


def comma(language: str) -> str:
    """The mark between city and country, with its blank."""
    return COMMAS.get(primary(language), ", ")
