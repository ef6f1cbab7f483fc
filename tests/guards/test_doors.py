"""Who may enter an address fits the rooms of the contract, and no GET changes anything."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.app import create_app
from portal.settings import Settings
from portal.storage.unit_of_work import silent
from portal.web.access import access_of

# The longest beginning decides. Contract §1.
WHO_BY_ADDRESS = {
    "/": {"anyone"},
    "/account/": {"visitor", "logged_in"},
    "/submit": {"member", "visitor"},
    "/desk": {"member"},
    "/newsroom": {"newsroom", "admin"},
    "/newsroom/people": {"admin"},
    "/healthz": {"operator", "anyone"},
    "/readyz": {"operator", "anyone"},
    "/metrics": {"operator"},
    "/dev/": {"developer"},
}


@pytest.fixture
def app(settings: Settings) -> Flask:
    return create_app(settings, doorbell=silent)


def test_the_rooms_let_in_whom_the_contract_names(app: Flask) -> None:
    wrong = {
        rule.rule: level
        for rule in app.url_map.iter_rules()
        if (level := access_of(app, rule.endpoint)) not in WHO_BY_ADDRESS[_room_of(rule.rule)]
    }

    assert len(list(app.url_map.iter_rules())) > 30
    assert wrong == {}


def _room_of(address: str) -> str:
    return max((room for room in WHO_BY_ADDRESS if address.startswith(room)), key=len)


def test_no_address_that_changes_something_answers_a_get(app: Flask) -> None:
    """A view takes GET or POST for one address; only forms that show themselves again take both."""
    steps = (
        "recall",
        "ask-back",
        "withdraw",
        "clone",
        "claim",
        "let-go",
        "take-over",
        "hand-back",
        "decide",
        "endorse",
        "flags",
        "undo",
        "note",
    )
    readable = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.endswith(tuple(f"/{step}" for step in steps)) and "GET" in (rule.methods or ())
    ]

    assert readable == []


def test_a_view_that_says_nothing_opens_for_nobody(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    app.config["PROPAGATE_EXCEPTIONS"] = False

    assert app.test_client().get("/forgotten").status_code == 500
