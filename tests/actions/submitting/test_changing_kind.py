"""Another kind of news for a draft: nothing that was written is lost on the way."""

import pytest

from portal.actions.submitting import changing_kind, sending
from portal.rules.kinds import KINDS, fields_of
from portal.rules.refusals import Conflict, Invalid, NotFound
from tests.rigs.desk import whole


def change(desk, reference, kind, **more):
    desk.take(changing_kind.change_kind, reference, desk.people.member, kind=kind, **more)


def facts_of(kind):
    return {field.name for field in fields_of(kind, "facts")}


@pytest.mark.parametrize("new", list(KINDS))
@pytest.mark.parametrize("old", list(KINDS))
def test_every_answer_stays_or_is_set_aside(sqlite_desk, old, new):
    reference = sqlite_desk.draft(old)
    before = dict(sqlite_desk.values(reference))

    change(sqlite_desk, reference, new)

    edition = sqlite_desk.edition(reference)
    after = edition.draft["values"]
    aside = {each["name"]: each["value"] for each in edition.draft.get("set_aside", [])}
    assert sqlite_desk.release(reference).kind == new
    assert {name: text for name, text in {**after, **aside}.items() if text} == {
        name: text for name, text in before.items() if text
    }
    assert aside.keys() == {name for name in facts_of(old) - facts_of(new) if before.get(name)}
    assert sqlite_desk.facts(reference).count("kind_changed") == int(old != new)


def test_a_fact_that_both_ask_for_stays_and_one_set_aside_comes_back(desk):
    reference = desk.draft("community", minors_named="y", minors_consent="y")
    change(desk, reference, "sports")
    assert desk.values(reference)["date"] == whole("community")["values"]["date"]
    assert "beneficiary" not in desk.values(reference)

    change(desk, reference, "community")
    assert desk.values(reference)["beneficiary"] == whole("community")["values"]["beneficiary"]
    assert "set_aside" not in desk.edition(reference).draft


def test_what_was_set_aside_goes_when_the_page_that_showed_it_is_saved(desk):
    reference = desk.draft("business")
    change(desk, reference, "event")
    desk.save(reference, "facts", {"event_name": "Fair"})
    assert desk.edition(reference).draft["set_aside"]
    desk.save(reference, "news", {"city": "Battambang"})
    assert "set_aside" not in desk.edition(reference).draft


def test_the_same_kind_once_more_changes_nothing_at_any_version(desk):
    reference = desk.draft("business")
    version = desk.version(reference)
    change(desk, reference, "business", version=version - 1)
    assert desk.version(reference) == version


def test_another_tab_is_not_overrun(desk):
    reference = desk.draft("business")
    with pytest.raises(Conflict):
        change(desk, reference, "event", version=desk.version(reference) - 1)
    assert desk.release(reference).kind == "business"


def test_only_the_kinds_there_are(desk):
    reference = desk.draft("business")
    for kind in ("", "opinion", "Business"):
        with pytest.raises(Invalid):
            change(desk, reference, kind)


def test_what_was_sent_keeps_its_kind(desk):
    reference = desk.sent()
    with pytest.raises(Conflict):
        change(desk, reference, "event")
    desk.take(sending.recall, reference, desk.people.member)
    change(desk, reference, "event")
    assert desk.release(reference).kind == "event"


def test_nobody_else_changes_it(desk):
    reference = desk.draft()
    with pytest.raises(NotFound):
        desk.take(changing_kind.change_kind, reference, desk.people.stranger, kind="event")


def test_a_sent_text_goes_without_what_was_set_aside(desk):
    reference = desk.draft("business")
    change(desk, reference, "community")
    values = whole("community")["values"]
    desk.save(reference, "facts", {name: values[name] for name in facts_of("community") if name in values})
    assert desk.edition(reference).draft["set_aside"]  # the page that shows it was never saved
    desk.send(reference)
    assert "set_aside" not in desk.case(reference).edition.revision.content
