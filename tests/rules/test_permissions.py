"""Who may do what: every word of the table against every kind of person."""

from itertools import product

import pytest

from portal.rules import permissions
from portal.rules.permissions import (
    WHO,
    Matter,
    Person,
    Verdict,
    may,
    may_know,
    may_manage_members,
    may_read_newsroom,
    may_steer_letters,
)

OURS, THEIRS = 1, 2
HOLDER, DECIDER, REWORDER = 50, 60, 70


def person(role: str = "member", *houses: int, number: int = 1, owned: tuple[int, ...] = ()) -> Person:
    return Person(number, "Somebody", "somebody@post.example", role, frozenset(houses), frozenset(owned))


PEOPLE = {
    "stranger": person("member", THEIRS),
    "nobody's member": person(),
    "member": person("member", OURS),
    "owner": person("member", OURS, owned=(OURS,)),
    "editor": person("editor"),
    "holding editor": person("editor", number=HOLDER),
    "deciding editor": person("editor", number=DECIDER),
    "editing editor": person("editor", number=REWORDER),
    "editor of the house": person("editor", OURS),
    "holding editor of the house": person("editor", OURS, number=HOLDER),
    "senior": person("senior"),
    "senior of the house": person("senior", OURS),
    "holding senior": person("senior", number=HOLDER),
    "admin": person("admin"),
    "admin of the house": person("admin", OURS),
}
MATTER = Matter(organisation_id=OURS, holder_id=HOLDER, decider_id=DECIDER, edited_by_id=REWORDER)
SIDE_OF_THE_HOUSE = {name for name, somebody in PEOPLE.items() if OURS in somebody.memberships}
DESK = {name for name in PEOPLE if ("editor" in name or "senior" in name) and "house" not in name}
ALLOWED = {
    "member": SIDE_OF_THE_HOUSE,
    "editor": DESK,
    "holder": {"holding editor", "holding senior"},
    "senior": {"senior", "holding senior"},
    "second_editor": DESK - {"deciding editor", "editing editor"},
    "killer": {"senior", "holding senior"},
    "decider": {"deciding editor"},
    "clock": set(),
}
NO_EDITORS = frozenset({"stranger", "nobody's member", "member", "owner", "admin", "admin of the house"})
HIDDEN_FROM = {
    "member": set(PEOPLE) - SIDE_OF_THE_HOUSE,
    "clock": set(PEOPLE),
    **dict.fromkeys(("editor", "holder", "senior", "second_editor", "killer", "decider"), NO_EDITORS),
}


@pytest.mark.parametrize(("who", "name"), list(product(ALLOWED, PEOPLE)))
def test_every_word_of_the_table_for_every_person(who, name):
    verdict = may(who, PEOPLE[name], MATTER)

    assert verdict.allowed == (name in ALLOWED[who])
    assert verdict.hidden == (name in HIDDEN_FROM[who])
    assert verdict.allowed or verdict.reason.endswith(".")


def test_the_table_has_these_words_and_no_others():
    assert set(WHO) == set(ALLOWED)
    with pytest.raises(KeyError):
        may("anybody", PEOPLE["admin"], MATTER)


@pytest.mark.parametrize("name", PEOPLE)
def test_one_s_own_side_and_the_newsroom_know_of_a_release(name):
    somebody = PEOPLE[name]

    assert may_know(somebody, MATTER) == (name not in ("stranger", "nobody's member"))
    assert may_read_newsroom(somebody) == (somebody.role in permissions.NEWSROOM)
    assert may_manage_members(somebody, OURS) == (name == "owner")


def test_nobody_who_is_not_logged_in_knows_anything():
    assert may_know(None, MATTER) is False
    assert may_read_newsroom(None) is False


def test_without_any_senior_an_editor_takes_a_senior_s_step():
    alone = Matter(organisation_id=OURS, senior_exists=False)

    assert may("senior", PEOPLE["editor"], alone).allowed
    assert not may("senior", PEOPLE["editor of the house"], alone).allowed
    assert not may("senior", PEOPLE["admin"], alone).allowed


def test_a_kill_takes_two_editors_or_a_senior():
    asked = Matter(organisation_id=OURS, kill_asked_by_id=DECIDER)
    allowed = {name for name, somebody in PEOPLE.items() if may("killer", somebody, asked).allowed}

    assert allowed == DESK - {"deciding editor"}
    assert may("killer", PEOPLE["editor"], Matter(organisation_id=OURS, senior_exists=False)).allowed


def test_what_nobody_holds_has_a_sentence_that_says_what_to_do():
    free = Matter(organisation_id=OURS)

    assert "Read and decide" in may("holder", PEOPLE["editor"], free).reason
    assert "Another editor" in may("holder", PEOPLE["editor"], MATTER).reason


ASKED = Matter(organisation_id=OURS, kill_asked_by_id=DECIDER)
FREE = Matter(organisation_id=OURS)


@pytest.mark.parametrize(("who", "name", "matter", "reason"), [
    ("editor", "editor of the house", MATTER, "You belong to this organisation. Another editor has to decide on its releases."),
    ("holder", "editor", FREE, "Nobody holds this release. Press “Read and decide” first."),
    ("holder", "editor", MATTER, "Another editor holds this release."),
    ("senior", "editor", MATTER, "Only a senior editor can do this."),
    ("second_editor", "deciding editor", MATTER, "You gave the first yes. Another editor has to answer."),
    ("second_editor", "editing editor", MATTER, "You edited this text. Another editor has to answer."),
    ("killer", "editor", FREE, "One editor asks for a kill, and another one confirms it."),
    ("killer", "deciding editor", ASKED, "You asked for this kill. Another editor has to confirm it."),
    ("decider", "editor", MATTER, "Only the editor who decided can take the decision back."),
])  # fmt: skip
def test_a_no_says_why_and_what_helps(who, name, matter, reason):
    assert may(who, PEOPLE[name], matter) == Verdict(False, reason)


def test_a_yes_says_nothing_and_what_is_hidden_says_nothing_of_it():
    assert may("editor", PEOPLE["editor"], MATTER) == Verdict(True)
    assert may("editor", PEOPLE["member"], MATTER) == Verdict(
        False, "There is nothing here for you.", hidden=True
    )


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_of_what_was_never_sent_only_its_own_house_knows(name: str) -> None:
    draft = Matter(organisation_id=OURS, never_sent=True)

    assert may_know(PEOPLE[name], draft) is (name in SIDE_OF_THE_HOUSE)
    for who in ("editor", "holder", "senior", "second_editor", "killer", "decider"):
        assert may(who, PEOPLE[name], draft).hidden


@pytest.mark.parametrize("role", ["member", "editor", "senior", "admin"])
def test_letters_are_steered_by_those_who_decide(role: str) -> None:
    assert may_steer_letters(person(role)) is (role in ("editor", "senior"))
