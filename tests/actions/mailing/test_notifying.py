"""Who is told of a fact, and that they are told once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.actions.mailing import notifying
from portal.actions.portal import Portal
from portal.storage.tables import Delivery, Edition, Membership, Outbox, SingleUseToken, User
from tests.builders import NOON
from tests.rigs.mailroom import happen, newsroom


@pytest.fixture
def portal(database: Any, settings: Any) -> Portal:
    return Portal(database, settings)


def recipients(portal: Portal, outbox_id: int) -> set[tuple[str, int | None]]:
    with portal.database.reading() as session:
        rows = session.scalars(select(Delivery).where(Delivery.outbox_id == outbox_id))
        return {(row.template, row.user_id) for row in rows}


def change(portal: Portal, table: Any, row_id: int, **values: Any) -> None:
    with portal.work() as work:
        work.session.execute(update(table).where(table.id == row_id).values(**values))
        work.commit()


def test_the_sender_is_told_that_the_release_arrived(portal: Portal) -> None:
    room = newsroom(portal)
    outbox_id = happen(portal, room, "submitted")

    made = notifying.relay(portal, outbox_id, now=NOON)

    assert len(made) == 1
    assert recipients(portal, outbox_id) == {("receipt", room.member)}


def test_relaying_twice_makes_one_set_of_deliveries(portal: Portal) -> None:
    room = newsroom(portal)
    outbox_id = happen(portal, room, "examined")

    first, second = (notifying.relay(portal, outbox_id, now=NOON) for _ in range(2))

    assert (len(first), second) == (2, [])
    assert recipients(portal, outbox_id) == {("desk_new", room.editor), ("desk_new", room.senior)}


def test_two_relays_at_once_make_one_delivery_each(portal: Portal) -> None:
    room = newsroom(portal)
    outbox_id = happen(portal, room, "examined")

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: notifying.relay(portal, outbox_id, now=NOON), range(4)))

    assert sorted(map(len, made)) == [0, 0, 0, 2]


def test_a_fact_whose_time_has_not_come_is_not_relayed(portal: Portal) -> None:
    room = newsroom(portal, state="rejected")
    outbox_id = happen(portal, room, "rejected", not_before=NOON + timedelta(minutes=10))

    assert notifying.due_outbox(portal, now=NOON) == []
    assert notifying.relay(portal, outbox_id, now=NOON) == []
    assert notifying.due_outbox(portal, now=NOON + timedelta(minutes=10)) == [outbox_id]
    assert len(notifying.relay(portal, outbox_id, now=NOON + timedelta(minutes=10))) == 1


def test_owners_are_told_when_the_sender_has_left(portal: Portal) -> None:
    room = newsroom(portal)
    with portal.work() as work:
        membership = work.session.scalars(select(Membership)).one()
        membership.removed_at = NOON
        owner = User(name="New Owner", email="owner@lotus.example", created_at=NOON, confirmed_at=NOON)
        work.session.add(owner)
        work.session.flush()
        work.session.add(
            Membership(
                user_id=owner.id, organisation_id=membership.organisation_id, role="owner", created_at=NOON
            )
        )
        work.commit()
        owner_id = owner.id

    outbox_id = happen(portal, room, "submitted")
    notifying.relay(portal, outbox_id, now=NOON)

    assert recipients(portal, outbox_id) == {("receipt", owner_id)}


def test_editors_of_the_sending_organisation_are_not_told(portal: Portal) -> None:
    room = newsroom(portal)
    with portal.work() as work:
        house = work.session.scalars(select(Membership.organisation_id)).one()
        work.session.add(
            Membership(user_id=room.senior, organisation_id=house, role="member", created_at=NOON)
        )
        work.commit()

    outbox_id = happen(portal, room, "examined")
    notifying.relay(portal, outbox_id, now=NOON)

    assert recipients(portal, outbox_id) == {("desk_new", room.editor)}


def test_the_desk_is_the_holder_then_who_decided_then_the_duty_address(portal: Portal) -> None:
    with_duty = replace(portal, settings=replace(portal.settings, duty_email="Desk <duty@post.example>"))
    told = []
    for state in ("in_review", "rejected", "submitted"):
        room = newsroom(portal, state=state)
        outbox_id = happen(portal, room, "message_sent")
        notifying.relay(with_duty, outbox_id, now=NOON)
        with portal.database.reading() as session:
            row = session.scalars(select(Delivery).where(Delivery.outbox_id == outbox_id)).one()
        told.append("editor" if row.user_id == room.editor else row.recipient)

    assert told == ["editor", "editor", "duty@post.example"]


def test_without_a_duty_address_all_editors_are_on_duty(portal: Portal) -> None:
    room = newsroom(portal)
    outbox_id = happen(portal, room, "promise_near")

    notifying.relay(portal, outbox_id, now=NOON)

    assert recipients(portal, outbox_id) == {("promise_near", room.editor), ("promise_near", room.senior)}


def test_the_editor_who_held_a_withdrawn_release_is_told(portal: Portal) -> None:
    room = newsroom(portal, state="withdrawn")
    outbox_id = happen(portal, room, "withdrawn", user_id=room.editor)

    notifying.relay(portal, outbox_id, now=NOON)

    assert recipients(portal, outbox_id) == {("withdrawn", room.member), ("desk_withdrawn", room.editor)}


def test_administrators_are_told_at_the_last_rung(portal: Portal) -> None:
    room = newsroom(portal)
    outbox_id = happen(portal, room, "administrators_alerted")

    notifying.relay(portal, outbox_id, now=NOON)

    assert recipients(portal, outbox_id) == {("promise_administrators", room.admin)}


def test_an_invitation_goes_to_the_address_in_its_token(portal: Portal) -> None:
    room = newsroom(portal)
    outbox_id = happen(portal, room, "invited", user_id=room.member)
    with portal.work() as work:
        work.session.execute(update(SingleUseToken).values(email="stranger@lotus.example", user_id=None))
        work.commit()

    notifying.relay(portal, outbox_id, now=NOON)

    with portal.database.reading() as session:
        row = session.scalars(select(Delivery)).one()
    assert (row.recipient, row.user_id) == ("stranger@lotus.example", None)


def test_a_blocked_editor_is_told_nothing(portal: Portal) -> None:
    room = newsroom(portal)
    change(portal, User, room.editor, blocked_at=NOON)
    outbox_id = happen(portal, room, "examined")

    notifying.relay(portal, outbox_id, now=NOON)

    assert recipients(portal, outbox_id) == {("desk_new", room.senior)}


def test_a_fact_that_nobody_can_be_told_of_is_relayed_all_the_same(portal: Portal) -> None:
    room = newsroom(portal)
    change(portal, User, room.admin, blocked_at=NOON)
    outbox_id = happen(portal, room, "administrators_alerted")

    assert notifying.relay(portal, outbox_id, now=NOON) == []
    with portal.database.reading() as session:
        assert session.get_one(Outbox, outbox_id).relayed_at == NOON


def test_the_deliveries_are_rung_for_after_the_commit_by_one_bell(portal: Portal) -> None:
    rings: list[Any] = []
    room = newsroom(portal)
    outbox_id = happen(portal, room, "examined")

    made = notifying.relay(replace(portal, doorbell=rings.append), outbox_id, now=NOON)

    assert len(made) > 1
    assert [(ring.queue, ring.job, ring.row_id) for ring in rings] == [("mail", "deliver", made[0])]


def test_the_builder_releases_are_what_the_tests_believe(portal: Portal) -> None:
    room = newsroom(portal, state="in_review")

    with portal.database.reading() as session:
        assert session.get_one(Edition, room.edition).holder_id == room.editor
