"""Every action from every state by every person: allowed exactly when the tables say so, else refused without a trace.

An action is rehearsed: it runs on a real database up to its commit, which is noted and undone. So the whole product
is tried on rows that never change. A sample is then done for real on both databases.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.actions.moderating import editing_text, reading, second_pair, undoing
from portal.actions.moderating.second_pair import Answer
from portal.actions.portal import Portal
from portal.actions.publishing import rescheduling
from portal.actions.releases import asking, conversing
from portal.actions.submitting import appealing, drafting, sending, signing_off
from portal.rules import permissions
from portal.rules.permissions import Matter, Person
from portal.rules.refusals import Conflict, NotFound, Refused
from portal.rules.release_states import REVIEW, REVIEW_STATES, review_step, who_takes
from portal.storage.queries import releases
from portal.storage.tables import ClockHold, Decision, Edition, Release
from portal.storage.unit_of_work import UnitOfWork
from tests import builders
from tests.rigs.desk import DECLARED, RECORDED, Desk, whole

ALLOWED, UNKNOWN, REFUSED = "allowed", "not found", "conflict"


class WouldCommit(Exception):  # what happened
    """The action came to its commit."""


class Rehearsal(UnitOfWork):
    def commit(self) -> None:
        self.session.flush()
        raise WouldCommit


@dataclass(frozen=True)
class RehearsingPortal(Portal):
    def work(self) -> UnitOfWork:
        return Rehearsal(self.database, self.doorbell, self.request_id)


def step(action: Callable[..., Any], **more: Any) -> Callable[..., Any]:
    return lambda portal, actor, desk, ref: action(portal, actor, ref, version=1, now=desk.now, **more)


def save(portal: Portal, actor: Person, desk: Desk, reference: str) -> Any:
    posted = {"headline": "Typed just now"}
    return drafting.save(portal, actor, reference, page="news", posted=posted, version=1, now=desk.now)


def submit(portal: Portal, actor: Person, desk: Desk, reference: str) -> Any:
    key = "a key of this round"
    return sending.submit(portal, actor, reference, posted=DECLARED, version=1, key=key, now=desk.now)


def decide(decision: str, **records: str) -> Callable[..., Any]:
    def taken(portal: Portal, actor: Person, desk: Desk, reference: str) -> Any:
        verdict = desk.verdict(reference, decision, **records)
        return reading.decide(portal, actor, reference, verdict, version=1, now=desk.now)

    return taken


def endorse(answer: str) -> Callable[..., Any]:
    def taken(portal: Portal, actor: Person, desk: Desk, reference: str) -> Any:
        revision = desk.edition(reference).revision
        given = Answer(answer, revision.hash if revision else "none", "Read it again.")
        return second_pair.endorse(portal, actor, reference, given, version=1, now=desk.now)

    return taken


REWORDED = {"headline": "Selat Biru Ferries adds twelve jobs at its Batam quay"}
STEPS: dict[str, Callable[..., Any]] = {
    "save": save,
    "submit": submit,
    "recall": step(sending.recall),
    "ask_back": step(sending.ask_back),
    "withdraw": step(sending.withdraw),
    "clone": step(drafting.clone),
    "claim": step(reading.claim),
    "let_go": step(reading.let_go),
    "take_over": step(reading.take_over, message="Lim is ill today."),
    "hand_back": step(reading.hand_back),
    "approve": decide("approve"),
    "request_changes": decide("request_changes"),
    "reject": decide("reject"),
    "approve_first": decide("approve", **dict.fromkeys(RECORDED, "")),
    "confirm": endorse("confirm"),
    "dissent": endorse("dissent"),
    "undo": step(undoing.undo),
    "unschedule": step(rescheduling.unschedule, message="The date is wrong."),
    "edit_text": step(editing_text.edit, posted=REWORDED, material=False),
    "edit_materially": step(editing_text.edit, posted=REWORDED, material=True),
    "sign_off": step(signing_off.answer, answer="accept"),
    "object": step(signing_off.answer, answer="object"),
    "appeal": step(appealing.appeal, message="It is news."),
    "reopen": step(appealing.reopen, message="It is news."),
}
BESIDE_THE_STATES: dict[str, tuple[str, Callable[..., Any]]] = {
    "write_to_desk": (
        "member",
        lambda portal, actor, desk, ref: conversing.write_to_desk(
            portal, actor, ref, message="Hello", now=desk.now
        ),
    ),
    "write_to_sender": (
        "editor",
        lambda portal, actor, desk, ref: conversing.write_to_sender(
            portal, actor, ref, message="Hello", now=desk.now
        ),
    ),
    "add_note": (
        "editor",
        lambda portal, actor, desk, ref: reading.add_note(portal, actor, ref, note="Hm", now=desk.now),
    ),
}


# States that the tables allow only with more columns than a builder sets, and such as follow from a decision.
BY_THE_TABLE = ("in_review", "awaiting_signoff")
BY_A_DECISION = {"changes_requested": "request_changes", "rejected": "reject", "approved": "approve"}
LATER = {"timing": "schedule", "release_at": "2026-03-25T09:00", "release_timezone": "Asia/Singapore"}


def columns_of(desk: Desk, state: str) -> dict[str, Any]:
    soon = desk.now + timedelta(minutes=9)
    held = {
        "holder_id": desk.people.editor.id,
        "claim_expires_at": soon,
        "asked_back_at": desk.now,
        "flags": ["legal"],
        "examined_at": desk.now,
    }
    more = {"in_review": held, "awaiting_signoff": {"signoff_due_at": soon}}
    return {**more[state], "state": state} if state in more else {}


def stand_in(desk: Desk, state: str) -> str:
    """A whole release that stands in a state; where it is read, its sender asked for it back and it is flagged."""
    if state in BY_A_DECISION or state == "awaiting_second":
        return decided_as(desk, state)
    with desk.portal.work() as work:
        sender = work.session.get_one(builders.User, desk.people.member.id)
        house = work.session.get_one(builders.Organisation, min(desk.people.member.memberships))
        content = whole("business")
        row = builders.release(
            work,
            state="submitted" if state in BY_THE_TABLE else state,
            house=house,
            sender=sender,
            body_html=content["body_html"],
            **content["values"],
        )
        edition = row.editions[0]
        for column, value in columns_of(desk, state).items():
            setattr(edition, column, value)
        edition.sender_revision_id = edition.revision_id
        work.session.flush()
        work.commit()
        return row.reference


def decided_as(desk: Desk, state: str) -> str:
    """By the editor's decision a moment ago, whose mail is still held. An approved one waits for its time."""
    reference = desk.held("business", **LATER)
    records = dict.fromkeys(RECORDED, "") if state == "awaiting_second" else {}
    desk.decide(reference, BY_A_DECISION.get(state, "approve"), **records)
    with desk.portal.work() as work:
        work.session.execute(update(Release).where(Release.reference == reference).values(version=1))
        work.commit()
    return reference


def expected(name: str, state: str, actor: Person, desk: Desk) -> str:
    """What the two tables say, with what an action asks besides: a claim that stands is nobody else's."""
    own = min(desk.people.member.memberships)
    editor = desk.people.editor.id
    decided = state in BY_A_DECISION or state == "awaiting_second"
    matter = Matter(
        own,
        holder_id=editor if state == "in_review" else None,
        decider_id=editor if decided else None,
        senior_exists=True,
        never_sent=state == "draft",
    )
    if not permissions.may_know(actor, matter):
        return UNKNOWN
    if name in BESIDE_THE_STATES:
        row, who = True, BESIDE_THE_STATES[name][0]
    else:
        found = review_step(name, state)
        row, who = found is not None and found.offered, who_takes(name)
    verdict = permissions.may(who, actor, matter)
    if verdict.hidden:
        return UNKNOWN
    if name == "write_to_desk" and state == "draft":
        row = False  # the desk could not read what it is about
    taken = name == "claim" and state == "in_review" and actor.id != matter.holder_id
    return ALLOWED if row and verdict.allowed and not taken else REFUSED


def outcome(action: Callable[..., Any], portal: Portal, actor: Person, desk: Desk, reference: str) -> str:
    try:
        action(portal, actor, desk, reference)
    except WouldCommit:
        return ALLOWED
    except NotFound:
        return UNKNOWN
    except Conflict:
        return REFUSED
    except Refused as other:
        return f"{type(other).__name__}: {other}"
    return ALLOWED


def every_action() -> dict[str, Callable[..., Any]]:
    return STEPS | {name: action for name, (_, action) in BESIDE_THE_STATES.items()}


@pytest.mark.parametrize("state", REVIEW_STATES)
def test_an_action_is_allowed_exactly_when_the_tables_say_so(sqlite_desk, state):
    desk = sqlite_desk
    reference = stand_in(desk, state)
    rehearsing = RehearsingPortal(desk.portal.database, desk.portal.settings)
    before = desk.rows()

    told, wanted = {}, {}
    for (name, action), (who, actor) in product(every_action().items(), desk.people.all().items()):
        told[f"{name} by {who}"] = outcome(action, rehearsing, actor, desk, reference)
        wanted[f"{name} by {who}"] = expected(name, state, actor, desk)

    assert told == wanted
    assert len(told) == len(every_action()) * 8
    assert desk.rows() == before


def stand_after_approval(desk: Desk, how: str) -> str:
    """Approved for a time that has come since: public, or not while publishing is stopped; or taken down after that."""
    reference = decided_as(desk, "approved")
    desk.now += timedelta(days=2)
    with desk.portal.work() as work:
        release = work.session.scalars(select(Release).where(Release.reference == reference)).one()
        if how == "stopped":
            work.session.add(ClockHold(id=1, since=desk.now, why="The clock jumped."))
        if how == "taken_down":
            release.publication, release.removed_at = "taken_down", desk.now
        work.commit()
    return reference


@pytest.mark.parametrize("stands", [*REVIEW_STATES, "public", "stopped", "taken_down"])
def test_what_is_offered_is_what_an_action_allows(sqlite_desk, stands):
    """A claim that stands, and the hold of a decision mail, are asked by the actions beside the tables."""
    desk = sqlite_desk
    reference = stand_in(desk, stands) if stands in REVIEW_STATES else stand_after_approval(desk, stands)
    rehearsing = RehearsingPortal(desk.portal.database, desk.portal.settings)
    asked_besides = {"claim"} if stands == "in_review" else {"undo"} if stands not in REVIEW_STATES else set()

    offered, allowed = {}, {}
    for who, actor in desk.people.all().items():
        with desk.portal.database.reading() as session:
            case = releases.find(session, reference)
            offered[who] = (
                asking.offers(session, case, actor, desk.now).steps() & STEPS.keys() - asked_besides
            )
        allowed[who] = {
            name
            for name, action in STEPS.items()
            if name not in asked_besides and outcome(action, rehearsing, actor, desk, reference) == ALLOWED
        }

    assert offered == allowed


def test_the_tables_leave_something_to_do_and_something_to_refuse(sqlite_desk):
    cells = [
        expected(name, state, actor, sqlite_desk)
        for name, state in product(every_action(), REVIEW_STATES)
        for actor in sqlite_desk.people.all().values()
    ]

    assert min(cells.count(kind) for kind in (ALLOWED, UNKNOWN, REFUSED)) > 50


def test_a_sample_done_for_real_leaves_no_trace_where_it_is_refused(desk):
    chosen = random.Random("steps")
    references = {state: stand_in(desk, state) for state in REVIEW_STATES}
    wants: dict[bool, list[tuple[str, str, Person, str]]] = {True: [], False: []}
    for name, state, actor in product(every_action(), REVIEW_STATES, desk.people.all().values()):
        wanted = expected(name, state, actor, desk)
        wants[wanted == ALLOWED].append((name, state, actor, wanted))

    for name, state, actor, _ in chosen.sample(wants[True], 5):
        assert outcome(every_action()[name], desk.portal, actor, desk, stand_in(desk, state)) == ALLOWED
    for name, state, actor, wanted in chosen.sample(wants[False], 35):
        before = desk.rows()
        assert outcome(every_action()[name], desk.portal, actor, desk, references[state]) == wanted
        assert desk.rows() == before


# Taken by nobody in particular, or with conditions of their own beside the tables: tried in tests of their own.
OF_THE_CLOCK = {"lapse_claim", "lapse_changes", "lapse_signoff", "close"}
TRIED_ELSEWHERE = {
    "start",
    "start_correction",
    "open_correction",
}


def test_every_step_of_the_review_table_is_tried_here_or_known_to_be_tried_elsewhere():
    steps = {row.step for row in REVIEW}

    assert steps == {*STEPS, *OF_THE_CLOCK, *TRIED_ELSEWHERE}
    assert {row.step for row in REVIEW if row.who == "clock"} == OF_THE_CLOCK


@pytest.mark.parametrize("name", STEPS)
def test_an_older_page_changes_nothing(sqlite_desk, name):
    desk = sqlite_desk
    state = next(state for state in REVIEW_STATES if (row := review_step(name, state)) and row.offered)
    reference = stand_in(desk, state)
    with desk.portal.work() as work:
        work.session.execute(update(Release).where(Release.reference == reference).values(version=2))
        work.commit()
    actor = {
        "member": desk.people.member,
        "editor": desk.people.editor,
        "holder": desk.people.editor,
        "senior": desk.people.senior,
        "second_editor": desk.people.other_editor,
        "decider": desk.people.editor,
    }[who_takes(name)]
    before = desk.rows()

    assert outcome(STEPS[name], desk.portal, actor, desk, reference) == REFUSED
    assert desk.rows() == before


def test_the_tables_themselves_keep_decided_and_held_honest(desk):
    from sqlalchemy.exc import IntegrityError

    reference = stand_in(desk, "in_review")
    wrong = (
        update(Edition).values(holder_id=None),
        update(Edition).values(state="published"),
        update(Edition).values(state="submitted"),
        update(Release).values(publication="live"),
    )
    for statement in wrong:
        with pytest.raises(IntegrityError), desk.portal.work() as work:
            work.session.execute(statement)
    assert desk.state(reference) == "in_review"
    assert desk.count(Decision) == 0
