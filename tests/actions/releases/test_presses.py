"""One press, one effect: whatever a form does is done once, also by two threads at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from portal.actions.moderating import reading
from portal.actions.operating import purging
from portal.actions.portal import Portal
from portal.actions.publishing import correcting, removing
from portal.actions.publishing.correcting import Correction
from portal.actions.releases import conversing
from portal.actions.submitting import drafting, sending
from portal.rules.presses import KEPT_FOR, Press, hashed
from portal.rules.refusals import Conflict, Repeated
from portal.storage.tables import Edition, Message, Note, PressedForm, Release
from tests.rigs.desk import Desk, at_once

CORRECTION = Correction("material", "The release gave 120 jobs. It is 12.", "The list was misread.")


def pressing(
    desk: Desk,
    who: Any,
    *,
    words: str = "the words",
    key: str = "one",
    version: int | None = None,
    drawn: float = 100.0,
    pressed: float = 200.0,
) -> Portal:
    """The portal as a form of this person's has it."""
    said = hashed(str(who.id), words)
    press = Press(who.id, said, hashed(said, key), version, drawn, pressed, desk.now)
    return desk.portal.for_press(press)


def once_or_again(step: Callable[[], Any]) -> str:
    try:
        step()
    except Repeated:
        return "again"
    return "done"


Ready = Callable[[Desk], tuple[Callable[[Portal], Any], Any, Callable[[], int]]]


def message(desk: Desk):
    reference, who = desk.sent(), desk.people.member
    step = partial(conversing.write_to_desk, actor=who, reference=reference, message="When?", now=desk.now)
    return step, who, lambda: desk.count(Message)


def answer(desk: Desk):
    reference, who = desk.held(), desk.people.editor
    step = partial(conversing.write_to_sender, actor=who, reference=reference, message="Who?", now=desk.now)
    return step, who, lambda: desk.count(Message)


def note(desk: Desk):
    reference, who = desk.held(), desk.people.editor
    step = partial(reading.add_note, actor=who, reference=reference, note="Called.", now=desk.now)
    return step, who, lambda: desk.count(Note)


def start(desk: Desk):
    who = desk.people.member
    return partial(drafting.start, actor=who, kind="event", now=desk.now), who, lambda: desk.count(Release)


def of_version(make: Callable[[Desk], str], step: Any, who: str, fact: str, **more: Any) -> Ready:
    def ready(desk: Desk):
        reference, person = make(desk), getattr(desk.people, who)
        version = desk.version(reference)
        take = partial(step, actor=person, reference=reference, version=version, now=desk.now, **more)
        return take, person, lambda: desk.facts(reference).count(fact)

    return ready


STEPS: dict[str, Ready] = {
    "message": message,
    "answer": answer,
    "note": note,
    "start": start,
    "recall": of_version(lambda desk: desk.sent(), sending.recall, "member", "recalled", message="A slip."),
    "withdraw": of_version(lambda desk: desk.sent(), sending.withdraw, "member", "withdrawn"),
    "let go": of_version(lambda desk: desk.held(), reading.let_go, "editor", "let_go", message="Yours."),
    "correct": of_version(
        lambda desk: desk.decided("approve"),
        correcting.start,
        "member",
        "correction_started",
        correction=CORRECTION,
    ),
    "notice": of_version(
        lambda desk: desk.decided("approve"),
        removing.set_notice,
        "editor",
        "notice_set",
        kind="postponed",
        text="",
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_press_that_comes_again_has_no_second_effect(desk, name):
    step, who, effects = STEPS[name](desk)
    before = effects()

    answers = [once_or_again(lambda: step(pressing(desk, who))) for _ in range(3)]

    assert answers == ["done", "again", "again"]
    assert effects() == before + 1


@pytest.mark.parametrize("name", STEPS)
def test_of_one_press_that_comes_twice_at_once_one_has_the_effect(desk, name):
    step, who, effects = STEPS[name](desk)
    before = effects()

    answers = at_once([partial(once_or_again, lambda: step(pressing(desk, who)))] * 2)

    assert sorted(answers) == ["again", "done"]
    assert effects() == before + 1


@pytest.mark.parametrize("name", ["message", "answer", "note"])
def test_the_same_words_through_a_form_that_was_opened_afterwards_are_two(desk, name):
    step, who, effects = STEPS[name](desk)
    before = effects()
    step(pressing(desk, who, key="one", drawn=100.0, pressed=200.0))

    step(pressing(desk, who, key="two", drawn=300.0, pressed=400.0))

    assert effects() == before + 2


@pytest.mark.parametrize("name", ["message", "answer", "note"])
def test_other_words_through_the_same_form_are_two(desk, name):
    """Somebody went back, wrote on and sent again."""
    step, who, effects = STEPS[name](desk)
    before = effects()
    step(pressing(desk, who))

    step(pressing(desk, who, words="other words"))

    assert effects() == before + 2


@pytest.mark.parametrize("name", ["message", "answer", "note", "start"])
def test_two_tabs_that_stood_open_together_send_the_same_words_once(desk, name):
    step, who, effects = STEPS[name](desk)
    before = effects()
    step(pressing(desk, who, key="left", drawn=100.0, pressed=200.0))

    with pytest.raises(Repeated):
        step(pressing(desk, who, key="right", drawn=101.0, pressed=210.0))

    assert effects() == before + 1


def test_two_tabs_of_a_step_that_moves_the_release_take_it_once(desk):
    reference, who = desk.sent(), desk.people.member
    version = desk.version(reference)

    def recall(key: str) -> None:
        portal = pressing(desk, who, key=key, version=version)
        sending.recall(portal, who, reference, version=version, message="", now=desk.now)

    recall("left")
    with pytest.raises(Repeated):
        recall("right")

    assert desk.facts(reference).count("recalled") == 1


def test_a_second_tab_comes_too_late_once_something_else_has_happened(desk):
    reference, who = desk.sent(), desk.people.member
    version = desk.version(reference)
    sending.recall(pressing(desk, who, version=version), who, reference, version=version, now=desk.now)
    desk.send(reference)

    late = pressing(desk, who, key="right", version=version)
    with pytest.raises(Conflict):
        sending.recall(late, who, reference, version=version, now=desk.now)

    assert desk.state(reference) == "submitted"


def test_a_refused_press_may_come_again(desk):
    reference, who = desk.held(), desk.people.editor
    portal = pressing(desk, who, version=1)
    with pytest.raises(Conflict):
        reading.let_go(portal, who, reference, version=1, now=desk.now)

    reading.let_go(portal, who, reference, version=desk.version(reference), now=desk.now)

    assert desk.state(reference) == "submitted"


def test_nobodys_press_is_anybody_elses(desk):
    reference = desk.held()
    for who in (desk.people.editor, desk.people.other_editor):
        conversing.write_to_sender(pressing(desk, who), who, reference, message="Who?", now=desk.now)

    assert desk.count(Message) == 2


def test_the_second_start_leads_to_the_first_draft_until_something_is_written_there(desk):
    who = desk.people.member
    first = drafting.start(pressing(desk, who), who, "event", now=desk.now)

    with pytest.raises(Repeated) as again:
        drafting.start(pressing(desk, who), who, "event", now=desk.now)

    assert again.value.result == first
    assert desk.count(Edition) == 1
    desk.save(first, "news", {"headline": "Boat day in Johor"})
    second = drafting.start(pressing(desk, who, key="other tab", drawn=99.0), who, "event", now=desk.now)
    assert second != first


def test_presses_are_forgotten_when_they_cannot_come_again(desk):
    reference, who = desk.held(), desk.people.editor
    reading.add_note(pressing(desk, who), who, reference, note="Called.", now=desk.now)

    purging.purge(desk.portal, now=desk.now + KEPT_FOR)
    assert desk.count(PressedForm) == 1
    purging.purge(desk.portal, now=desk.now + KEPT_FOR * 1.01)
    assert desk.count(PressedForm) == 0


def test_the_same_words_once_more_are_no_conflict_when_a_page_is_saved(desk):
    reference = desk.draft()
    version = desk.version(reference)
    words = {"headline": "Twelve jobs at the quay in Surabaya"}

    def save(**typed: str) -> Any:
        return drafting.save(
            desk.portal,
            desk.people.member,
            reference,
            page="news",
            posted=typed,
            version=version,
            now=desk.now,
        )

    first, second = save(**words), save(**words)

    assert first.version == second.version == version + 1
    with pytest.raises(Conflict):
        save(headline="Other words")
