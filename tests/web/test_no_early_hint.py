"""Nothing public moves by one byte while a release is written, read, decided for later, moved and taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.actions.moderating import reading, undoing
from portal.actions.publishing import rescheduling
from portal.actions.publishing.correcting import Correction, start
from portal.actions.releases import conversing, spelling
from portal.actions.submitting import drafting, sending
from portal.app import create_app
from portal.storage.unit_of_work import silent
from portal.web.access import access_of
from tests.rigs.people import StandingClock
from tests.rigs.request_forms import ARGUMENT, Asked, ask


@pytest.fixture
def site(desk, settings):
    """The portal over the desk's database, at the desk's instant."""
    app = create_app(
        replace(settings, database_url=desk.portal.database.url),
        clock=StandingClock(desk.now),
        doorbell=silent,
    )
    yield app
    app.extensions["portal"].database.dispose()


def public_addresses(app, house_slug, reference):
    """Every public address that lists or shows releases."""
    for rule in app.url_map.iter_rules():
        if access_of(app, rule.endpoint) == "anyone" and rule.endpoint != "static" and "GET" in rule.methods:
            yield from filled(rule.rule, house_slug, reference)


def filled(address, house_slug, reference):
    argument = ARGUMENT.search(address)
    if argument is None:
        yield address
        return
    converter = argument["converter"] or ""
    known = {
        "which": ("all", "business", f"org-{house_slug}"),
        "slug": (house_slug,),
        "reference": (reference,),
    }
    values = (
        converter[4:-1].split(", ") if converter.startswith("any(") else known.get(argument["name"], ("ADS",))
    )
    for value in values:
        yield from filled(ARGUMENT.sub(value, address, count=1), house_slug, reference)


def still_life(app, addresses):
    """Every byte of every public answer."""
    answers = {}
    for address in addresses:
        answer = ask(app, Asked("GET", address), host="localhost")
        request_id = answer.header("X-Request-Id")
        headers = [pair for pair in answer.headers if pair[0] != "X-Request-Id"]
        answers[address] = (answer.status, headers, answer.body.replace(request_id.encode(), b""))
    return answers


def test_the_life_of_a_hidden_release_moves_nothing_public(desk, site):
    public = desk.decided("approve")
    house = desk.release(public).organisation.slug
    learn(desk)
    lists = ("/releases/?q=ferries", f"/releases/?org={house}", "/releases/?Kind=Event", "/feeds/ALL.rss")
    addresses = [*public_addresses(site, house, public), *lists, *QUESTIONS]
    before = still_life(site, addresses)

    moved = []
    for name, happens in hidden_lives(desk):
        happens()
        learn(desk)
        after = still_life(site, addresses)
        moved += [f"{name}: {address}" for address in addresses if after[address] != before[address]]

    assert moved == []
    assert sum(status == 200 for status, _headers, _body in before.values()) > 12


# Its words, as they are and mistyped, beside words of what is public; and what stands in both.
QUESTIONS = tuple(
    f"/search?q={words}"
    for words in (
        "nobody",
        "nobdy",
        "eithr",
        "ferries+nobody+knows",
        "nobdy+ferris",
        "%22nobody+knows%22",
        "ferris",
    )
)


def learn(desk):
    """What the clock does at each tick."""
    while spelling.learn(desk.portal, now=desk.now):
        pass


def hidden_lives(desk):
    """The steps of releases that stay hidden, by name, each ready to be taken."""
    later = (desk.now + timedelta(hours=3)).astimezone(desk.portal.settings.zone).strftime("%Y-%m-%dT%H:%M")
    much_later = (
        (desk.now + timedelta(days=2)).astimezone(desk.portal.settings.zone).strftime("%Y-%m-%dT%H:%M")
    )
    made = {}

    def draft():
        made["it"] = desk.draft("event", headline="Nobody knows of this yet")

    def it():
        return made["it"]

    editor, member = desk.people.editor, desk.people.member
    yield "started", draft
    yield "saved", lambda: desk.save(it(), "news", {"headline": "Nobody knows of this either"})
    yield "sent", lambda: desk.send(it())
    yield "recalled", lambda: desk.take(sending.recall, it(), member)
    yield "sent again", lambda: desk.send(it())
    yield "examined", lambda: desk.examine(it())
    yield "claimed", lambda: desk.claim(it())
    yield (
        "asked about",
        lambda: conversing.write_to_sender(desk.portal, editor, it(), message="When is it?", now=desk.now),
    )
    yield "sent back", lambda: desk.decide(it(), "request_changes")
    yield "sent a third time", lambda: desk.send(it())
    yield "claimed again", lambda: desk.claim(it())
    yield "approved for later", lambda: desk.decide(it(), publish_at=later)
    yield "rescheduled", lambda: desk.take(rescheduling.reschedule, it(), editor, publish_at=much_later)
    yield "unscheduled", lambda: desk.take(rescheduling.unschedule, it(), editor, message="Not yet.")
    yield "claimed once more", lambda: desk.claim(it())
    yield "rejected", lambda: desk.decide(it(), "reject")
    yield "taken back by the editor", lambda: desk.take(undoing.undo, it(), editor)
    yield "let go", lambda: desk.take(reading.let_go, it(), editor)
    yield "withdrawn", lambda: desk.take(sending.withdraw, it(), member)
    yield "cloned", lambda: desk.take(drafting.clone, it(), member)


def test_a_correction_that_is_written_and_read_moves_nothing_public(desk, site):
    public = desk.decided("approve")
    house = desk.release(public).organisation.slug
    addresses = [*public_addresses(site, house, public), f"/releases/?org={house}"]
    before = still_life(site, addresses)
    correction = Correction("material", "The amount was wrong.", "We mistyped it.")

    moved = []
    for name, happens in (
        ("started", lambda: desk.take(start, public, desk.people.member, correction=correction)),
        ("saved", lambda: desk.save(public, "news", {"headline": "Something else entirely"})),
        ("sent", lambda: desk.send(public)),
        ("examined", lambda: desk.examine(public)),
        ("claimed", lambda: desk.claim(public)),
        ("sent back", lambda: desk.decide(public, "request_changes")),
        ("withdrawn", lambda: desk.take(sending.withdraw, public, desk.people.member)),
    ):
        happens()
        after = still_life(site, addresses)
        moved += [f"{name}: {address}" for address in addresses if after[address] != before[address]]

    assert moved == []
