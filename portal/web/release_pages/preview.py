"""How a release will look: the same words that the public page makes of its fields."""

from dataclasses import dataclass

from portal.actions.releases.content import Content, excerpt
from portal.rules.dateline import dateline
from portal.rules.kinds import FactLine, Quote, facts_box, fields_of, quotes_of
from portal.storage.tables import Release
from portal.text import places, plain
from portal.text.measure import grapheme_count


@dataclass(frozen=True)
class Preview:
    """A release as text and facts; `body_html` is the stored, sanitised story.

    The headlines are cut where their fields end; `cut` says so, for what is too long cannot be sent like that.
    """

    organisation: str
    headline: str
    subheadline: str
    language: str
    dateline: str
    body_html: str
    excerpt: str
    facts: list[FactLine]
    quotes: list[Quote]
    about_html: str
    contact: dict[str, str]
    cut: bool = False


def preview_of(release: Release, content: Content, *, kind: str = "") -> Preview:
    """From a draft or from a revision. `kind`: what it was then, where that is another than now."""
    kind = kind or release.kind
    values = content.get("values", {})
    language = values.get("language", "") or "en"
    typed = {name: values.get(name, "") for name in ("headline", "subheadline")}
    shown = {name: _cut(name, words, kind) for name, words in typed.items()}
    return Preview(
        organisation=release.organisation.name,
        **shown,
        cut=shown != typed,
        language=language,
        dateline=_dateline(values, language),
        body_html=content.get("body_html", ""),
        excerpt=excerpt(content) if content.get("values") else "",
        facts=facts_box(kind, values),
        quotes=quotes_of(kind, values),
        about_html=release.organisation.about_html,
        contact={
            name: values.get(f"contact_{name}", "") for name in ("name", "role", "email", "phone", "site")
        },
    )


def _cut(name: str, words: str, kind: str) -> str:
    most = next((item.most for item in fields_of(kind, "news") if item.name == name), None)
    return plain.excerpt(words, most) if most and grapheme_count(words) > most else words


def _dateline(values: dict[str, str], language: str) -> str:
    country = values.get("country", "")
    name = places.country_name(country, language) if places.is_country(country) else country
    city = places.shown_city(values.get("city", ""), country, language)
    return dateline(city, name, language, country)
