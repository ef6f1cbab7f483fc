"""Every form of the portal, pressed twice: one effect, and the second press is answered as the first."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.rigs.every_form import NOBODY, EveryForm, Sending, every_form

KEY = "1.the key of one drawing"
BY_NATURE = {
    "submitting.save": "the same words once more are no change",
    "submitting.change_kind": "the kind that it has already is no change",
    "submitting.leave_check": "it changes nothing, and leads back",
    "submitting.submit": "its key is its own (idempotency_keys): the second answer is the same receipt, which says so",
    "moderating.claim": "a claim is judged by its effect: whoever holds it goes on holding it",
    "organisation.change": "the same words once more are no change",
    "accounts.logout": "who is out is out",
    "newsletter.confirm": "a reader who is confirmed stays so",
    "newsletter.leave": "a reader who has left stays so",
    "newsletter.prefer": "the same choices once more are the same choices; an erased reader’s link is gone",
}
"""What asks for no key, since a second press finds everything as it is to be. Held to it: nothing is written by it."""
MAILED_LINKS = {
    "accounts.send_confirmation": "the link says “Confirmed already. Log in.”",
    "accounts.send_reset": "the link is used up, and its page says so",
    "accounts.send_invitation": "the link is used up, and its page says so",
}
"""Behind a link that works once. Held to it: nothing is written by the second press."""
ENDS_THE_LOGIN = {
    "accounts.send_password": "every login has ended, this one too: the token of the form is nobody’s",
    "accounts.logout_everywhere": "every login has ended: the token of the form is nobody’s",
}
"""Held to it: nothing is written by the second press, and it is told that the login is over."""
OF_STRANGERS = {
    "accounts.send_registration": "each try has a link of its own that confirms its own password",
    "accounts.send_again": "answered alike whatever the address; mailboxes have their limit",
    "accounts.send_login": "each login is a row of its own, and the second cookie replaces the first",
    "accounts.send_reset_request": "answered alike whatever the address; mailboxes have their limit",
    "newsletter.ask": "answered alike whatever the address; mailboxes have their limit",
    "newsletter.ask_for_link": "answered alike whatever the address; mailboxes have their limit",
}
"""Nobody is known whose press it could be. Held to it: the second answer is the first."""
WITHOUT_KEY = BY_NATURE | MAILED_LINKS | ENDS_THE_LOGIN | OF_STRANGERS


@pytest.fixture
def forms(sqlite_database, settings, now, tmp_path, monkeypatch) -> Iterator[EveryForm]:
    logging.disable(logging.CRITICAL)
    yield every_form(sqlite_database, settings, now, tmp_path, monkeypatch)
    logging.disable(logging.NOTSET)


class Twice:
    """A form pressed twice as a double click does it: the second one leaves before the first is answered."""

    def __init__(self, forms: EveryForm, form: Sending) -> None:
        more = [] if "idempotency_key" in form.fields else [("idempotency_key", KEY)]
        press = forms.presses(form, more)
        before = len(forms.rows()["pressed_forms"])
        self.first = press()
        once = forms.rows()
        self.second = press()
        self.writes_again = forms.rows() != once
        self.asks_for_the_key = len(once["pressed_forms"]) == before + 1

    @property
    def is_answered_alike(self) -> bool:
        places = [(answer.location or "").removesuffix("?already=1") for answer in (self.first, self.second)]
        return self.first.status_code == self.second.status_code and places[0] == places[1]


def test_every_form_asks_for_its_key_or_is_listed_with_the_reason(forms: EveryForm) -> None:
    """A new form stands in none of the lists, so it must ask: `portal_for(form)` in the view, `begin_press` in the act."""
    pressed = [(form, Twice(forms, form)) for form in forms.sendings]
    asking = {form.endpoint for form, twice in pressed if twice.asks_for_the_key}
    posts = {rule.endpoint for rule in forms.app.url_map.iter_rules() if "POST" in (rule.methods or ())}

    assert posts - asking - WITHOUT_KEY.keys() == set()
    assert asking & WITHOUT_KEY.keys() == set()
    assert WITHOUT_KEY.keys() - posts == set()
    assert [
        str(form) for form, twice in pressed if twice.writes_again and form.endpoint not in OF_STRANGERS
    ] == []
    assert [
        (str(form), twice.first.location, twice.second.location)
        for form, twice in pressed
        if not twice.is_answered_alike and not _is_over(form)
    ] == []


def _is_over(form: Sending) -> bool:
    """Does the first press end the link or the login that the second one comes by?"""
    return form.endpoint in MAILED_LINKS | ENDS_THE_LOGIN or form.fields.get("go") == "delete"


def test_what_strangers_send_needs_no_login(forms: EveryForm) -> None:
    who = {form.endpoint: form.who for form in forms.sendings}

    assert {endpoint for endpoint in OF_STRANGERS | MAILED_LINKS if who[endpoint] != NOBODY} == set()
