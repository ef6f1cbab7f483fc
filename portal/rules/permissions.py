"""Who may take which step: one table, answering with a reason and never with an HTTP code.

Views, templates, programs and tests ask the same two functions, `may` and `may_know`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

MEMBER = "member"
EDITOR = "editor"
SENIOR = "senior"
ADMIN = "admin"
ROLES = (MEMBER, EDITOR, SENIOR, ADMIN)
NEWSROOM = (EDITOR, SENIOR, ADMIN)
DECIDERS = (EDITOR, SENIOR)


@dataclass(frozen=True)
class Person:
    """Somebody who acts. `memberships` and `owned` hold organisation ids."""

    id: int
    name: str
    email: str
    role: str = MEMBER
    memberships: frozenset[int] = field(default_factory=frozenset)
    owned: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Matter:
    """What a step is about: whose release it is and who holds or decided it."""

    organisation_id: int
    holder_id: int | None = None
    decider_id: int | None = None
    edited_by_id: int | None = None
    kill_asked_by_id: int | None = None
    asked_back: bool = False
    senior_exists: bool = True
    never_sent: bool = False


@dataclass(frozen=True)
class Verdict:
    """Yes, or no with a sentence. `hidden` says that the person may not even know of the thing."""

    allowed: bool
    reason: str = ""
    hidden: bool = False


YES = Verdict(True)
HIDDEN = Verdict(False, "There is nothing here for you.", hidden=True)
OWN_ORGANISATION = Verdict(
    False, "You belong to this organisation. Another editor has to decide on its releases."
)


def may_know(person: Person | None, matter: Matter) -> bool:
    """Members of its organisation know of a release, the newsroom once it was sent; nobody else before it is public."""
    if person is None:
        return False
    is_the_desks = person.role in NEWSROOM and not matter.never_sent
    return is_the_desks or matter.organisation_id in person.memberships


def may(who: str, person: Person, matter: Matter) -> Verdict:
    """May this person take a step whose row names `who`?

    Raises KeyError for a word that the table does not know: a step without a rule is a mistake in the program.
    """
    return WHO[who](person, matter)


def may_read_newsroom(person: Person | None) -> bool:
    return person is not None and person.role in NEWSROOM


def may_steer_letters(person: Person) -> bool:
    """Who orders, words, keeps back and lets go the daily e-mail: those who decide on releases. Administrators do not."""
    return person.role in DECIDERS


def may_manage_members(person: Person, organisation_id: int) -> bool:
    return organisation_id in person.owned


def _member(person: Person, matter: Matter) -> Verdict:
    return YES if matter.organisation_id in person.memberships else HIDDEN


def _editor(person: Person, matter: Matter) -> Verdict:
    if person.role not in DECIDERS or matter.never_sent:
        return HIDDEN
    return OWN_ORGANISATION if matter.organisation_id in person.memberships else YES


def _holder(person: Person, matter: Matter) -> Verdict:
    verdict = _editor(person, matter)
    if not verdict.allowed or matter.holder_id == person.id:
        return verdict
    if matter.holder_id is None:
        return Verdict(False, "Nobody holds this release. Press “Read and decide” first.")
    return Verdict(False, "Another editor holds this release.")


def _senior(person: Person, matter: Matter) -> Verdict:
    verdict = _editor(person, matter)
    if not verdict.allowed or person.role == SENIOR or not matter.senior_exists:
        return verdict
    return Verdict(False, "Only a senior editor can do this.")


def _second_editor(person: Person, matter: Matter) -> Verdict:
    verdict = _editor(person, matter)
    if verdict.allowed and matter.decider_id == person.id:
        return Verdict(False, "You gave the first yes. Another editor has to answer.")
    if verdict.allowed and matter.edited_by_id == person.id:
        return Verdict(False, "You edited this text. Another editor has to answer.")
    return verdict


def _killer(person: Person, matter: Matter) -> Verdict:
    """Two editors, or a senior alone; where no senior is active, one editor stands in for them."""
    verdict = _editor(person, matter)
    if not verdict.allowed or _senior(person, matter).allowed:
        return verdict
    if matter.kill_asked_by_id is None:
        return Verdict(False, "One editor asks for a kill, and another one confirms it.")
    if matter.kill_asked_by_id == person.id:
        return Verdict(False, "You asked for this kill. Another editor has to confirm it.")
    return YES


def _decider(person: Person, matter: Matter) -> Verdict:
    verdict = _editor(person, matter)
    if verdict.allowed and matter.decider_id != person.id:
        return Verdict(False, "Only the editor who decided can take the decision back.")
    return verdict


def _clock(_person: Person, _matter: Matter) -> Verdict:
    return HIDDEN


WHO: dict[str, Callable[[Person, Matter], Verdict]] = {
    "member": _member,
    "editor": _editor,
    "holder": _holder,
    "senior": _senior,
    "second_editor": _second_editor,
    "killer": _killer,
    "decider": _decider,
    "clock": _clock,
}
