"""Reads the public site as a stranger does, and looks for what is not public yet.

Addresses come from the application's own map, so that an outlet made tomorrow is asked as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import product
from urllib.parse import quote

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from werkzeug.routing import BuildError, Rule

from portal.clock import clock_from
from portal.rules.kinds import KINDS
from portal.rules.release_states import HIDDEN, LIVE
from portal.storage.queries import public_releases
from portal.storage.tables import Edition, Organisation, Release
from portal.text.slugs import slugify
from portal.web.access import access_of

SHORTEST_HEADLINE = 15
"""Shorter ones stand on pages by chance."""
NOBODYS = "22222"
"""The end of a reference that does not exist."""
FEED_WORDS = ("all", "events")


@dataclass(frozen=True)
class Secret:
    """A release that is not public yet, as it could be recognised."""

    reference: str
    headline: str
    organisation: str
    places: tuple[str, ...]

    def shows_in(self, text: str, *, asked_for: str = "") -> bool:
        """Is it in an answer? What was asked for may be said back."""
        words = [self.reference] if asked_for else [self.reference, *self._ways_to_write_headline()]
        return any(word in text for word in words if word != asked_for)

    def _ways_to_write_headline(self) -> list[str]:
        if len(self.headline) < SHORTEST_HEADLINE:
            return []
        return [self.headline, escape(self.headline), json.dumps(self.headline)[1:-1], quote(self.headline)]


@dataclass(frozen=True)
class Leak:
    reference: str
    address: str


@dataclass
class Audit:
    """How many releases are not public yet, how many addresses were read, and what showed where."""

    checked: int
    addresses: int = 0
    leaks: list[Leak] = field(default_factory=list)


def audit(app: Flask) -> Audit:
    """Ask every public address of the application. Changes nothing."""
    portal = app.extensions["portal"]
    with portal.database.reading() as session:
        secrets = _secrets(session, app)
    found, stranger = Audit(len(secrets)), app.test_client()
    base = portal.settings.base_url
    for address in _shared_addresses(app, secrets):
        text = _read(stranger, address, base, found)
        found.leaks += [Leak(each.reference, address) for each in secrets if each.shows_in(text)]
    for secret in secrets:
        _look_for(app, stranger, secret, base, found)
    return found


def _look_for(app: Flask, stranger: FlaskClient, secret: Secret, base: str, found: Audit) -> None:
    """Its own addresses must answer like those of a release that never existed, and a search must not find it."""
    for address in _own_addresses(app, secret):
        other = address.replace(secret.reference, secret.reference[:-5] + NOBODYS)
        answer, nobody = stranger.get(address, base_url=base), stranger.get(other, base_url=base)
        found.addresses += 1
        if answer.status_code != nobody.status_code or secret.shows_in(
            answer.text, asked_for=secret.reference
        ):
            found.leaks.append(Leak(secret.reference, address))
    for address in ("/search", "/releases/"):
        asked = f"{address}?q={quote(secret.headline)}"
        if secret.shows_in(_read(stranger, asked, base, found), asked_for=secret.headline):
            found.leaks.append(Leak(secret.reference, asked))


def _read(stranger: FlaskClient, address: str, base: str, found: Audit) -> str:
    found.addresses += 1
    body: bytes = stranger.get(address, base_url=base).data
    return body.decode("utf-8", "replace")


def _secrets(session: Session, app: Flask) -> list[Secret]:
    """Everything hidden or scheduled; a headline that is public elsewhere, too, gives nothing away."""
    now = clock_from(app.extensions["portal"].settings).now()
    public = set(session.scalars(select(Release.id).where(public_releases.visible(now))))
    shown = set(session.scalars(_headlines().where(public_releases.visible(now))))
    rows = session.execute(
        select(
            Release.id,
            Release.reference,
            Edition.headline,
            Organisation.slug,
            Release.country_slug,
            Release.city_slug,
        )
        .join(Edition, Edition.release_id == Release.id)
        .join(Organisation, Organisation.id == Release.organisation_id)
        .where(Edition.number == 1, Release.publication.in_((HIDDEN, LIVE)))
        .order_by(Release.id)
    )
    return [
        Secret(
            reference, "" if headline in shown else headline, slug, tuple(place for place in places if place)
        )
        for row_id, reference, headline, slug, *places in rows
        if row_id not in public
    ]


def _headlines() -> Select[str]:
    return select(Edition.headline).join(Release, Release.id == Edition.release_id)


def _shared_addresses(app: Flask, secrets: list[Secret]) -> Iterator[str]:
    """Every public address that is not one release's own: lists, feeds, calendars, organisations, places."""
    houses = dict.fromkeys(secret.organisation for secret in secrets)
    places = dict.fromkeys(place for secret in secrets for place in secret.places)
    which = [
        *FEED_WORDS,
        *KINDS,
        *(f"place-{place}" for place in places),
        *(f"org-{house}" for house in houses),
    ]
    values = {"which": which, "slug": list(houses), "form": ["rss", "atom", "json"]}
    for rule in _public_rules(app):
        if "reference" not in rule.arguments:
            yield from _built(app, rule, values)
    for name, choices in (("kind", list(KINDS)), ("place", list(places)), ("org", list(houses))):
        yield from (f"/releases/?{name}={choice}" for choice in choices)


def _own_addresses(app: Flask, secret: Secret) -> Iterator[str]:
    values = {"reference": [secret.reference], "slug": [slugify(secret.headline), "release"]}
    for rule in _public_rules(app):
        if "reference" in rule.arguments:
            yield from _built(app, rule, values)


def _public_rules(app: Flask) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if access_of(app, rule.endpoint) == "anyone"
        and "GET" in (rule.methods or ())
        and rule.endpoint != "static"
    ]


def _built(app: Flask, rule: Rule, values: dict[str, list[str]]) -> Iterator[str]:
    """The addresses of a rule with every value that is known for its parts; a part without one leaves it out."""
    names = sorted(rule.arguments)
    if any(name not in values for name in names):
        return
    adapter = app.url_map.bind("")
    for chosen in product(*(values[name] for name in names)):
        try:
            yield adapter.build(rule.endpoint, dict(zip(names, chosen, strict=True)))
        except BuildError:
            continue
