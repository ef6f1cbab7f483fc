"""Who orders the daily e-mail: those who decide, and nobody the place of what their own organisation sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.actions.newsletter import editing
from portal.actions.portal import Portal
from portal.rules.permissions import Person
from portal.rules.refusals import Invalid, NotFound
from portal.storage.queries.newsletter import digests
from tests import builders

ON = "2026-03-25"
EDITOR = Person(1, "An Phan", "an@post.example", role="editor")
STEPS = {
    "save": lambda portal, person, now: editing.save(
        portal, person, ON, intro="Good morning.", order=[], version=None, now=now
    ),
    "keep back": lambda portal, person, now: editing.keep_back(portal, person, ON, version=None, now=now),
    "let go": lambda portal, person, now: editing.let_go(portal, person, ON, version=None, now=now),
}


@pytest.fixture
def portal(database, settings) -> Portal:
    made = Portal(database, settings)
    with made.work() as work:
        assert builders.user(work, role="editor").id == EDITOR.id
        work.commit()
    return made


@pytest.fixture
def news(portal, now) -> list[tuple[str, int]]:
    """Three public releases of three organisations: reference and organisation."""
    with portal.work() as work:
        rows = [builders.published_release(work, at=now - timedelta(hours=hour)) for hour in (3, 2, 1)]
        work.commit()
        return [(row.reference, row.organisation_id) for row in rows]


def order(portal, references, person, now) -> None:
    editing.save(portal, person, ON, intro="", order=references, version=None, now=now)


def kept(portal) -> list[str]:
    with portal.database.reading() as session:
        issue = digests.by_date(session, ON)
        return list(issue.chosen_order) if issue else []


def member_of(organisation: int) -> Person:
    return replace(EDITOR, memberships=frozenset({organisation}))


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", ["admin", "member"])
def test_who_decides_nothing_steers_nothing(portal, now, step, role):
    with pytest.raises(NotFound):
        STEPS[step](portal, replace(EDITOR, role=role), now)
    assert kept(portal) == []


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", ["editor", "senior"])
def test_who_decides_steers(portal, now, step, role):
    STEPS[step](portal, replace(EDITOR, role=role), now)


def test_nobody_places_what_their_own_organisation_sent(portal, news, now):
    (first, house), (second, _), (third, _) = news
    for chosen in ([first], [second, first], [first, second, third]):
        with pytest.raises(Invalid, match="Another editor"):
            order(portal, chosen, member_of(house), now)
    order(portal, [third, second], member_of(house), now)

    assert kept(portal) == [third, second]


def test_nor_moves_it_once_another_editor_has_placed_it(portal, news, now):
    (first, house), (second, _), (third, _) = news
    order(portal, [second, first], EDITOR, now)
    for chosen in ([first, second], [second], [], [second, third, first]):
        with pytest.raises(Invalid, match="Another editor"):
            order(portal, chosen, member_of(house), now)
    order(portal, [third, first, second], member_of(house), now)

    assert kept(portal) == [third, first, second]


def test_an_order_names_public_releases_only(portal, news, now):
    with portal.work() as work:
        hidden = builders.submitted_release(work).reference
        work.commit()
    for unknown in ("SEAP-2026-ZZZZZ", "x" * 5000, hidden):
        with pytest.raises(Invalid, match="no release"):
            order(portal, [news[0][0], unknown], EDITOR, now)

    assert kept(portal) == []
