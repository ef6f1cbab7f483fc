"""Take-down, put-back, notice and end date: each its own step, its own fact and its own mail."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.actions.publishing import killing, removing
from portal.actions.publishing.killing import Kill
from portal.rules.expiry import corrected_expiry, expiry_of
from portal.rules.refusals import Conflict, Invalid

EVENT = {"starts_at": "2026-04-11T09:00", "ends_at": "2026-04-11T17:00", "timezone": "Asia/Vientiane"}


@pytest.fixture
def public(desk):
    reference = desk.held()
    desk.decide(reference)
    return reference


def test_only_a_senior_takes_down_and_puts_back_and_says_why(desk, public):
    with pytest.raises(Conflict, match="Only a senior editor"):
        desk.take(removing.take_down, public, desk.people.editor, message="Why")
    with pytest.raises(Invalid):
        desk.take(removing.take_down, public, desk.people.senior, message=" ")

    desk.take(removing.take_down, public, desk.people.senior, message="Under query.")
    assert desk.release(public).publication == "taken_down"
    desk.now += timedelta(hours=1)
    desk.take(removing.put_back, public, desk.people.senior, message="Answered.")

    release = desk.release(public)
    assert (release.publication, release.removed_at, release.updated_at) == ("live", None, desk.now)
    assert desk.facts(public)[-2:] == ["taken_down", "put_back"]
    assert len(desk.told("taken_down")) == len(desk.told("put_back")) == 1


def test_what_is_taken_down_can_be_killed_and_neither_step_fits_the_other(desk, public):
    desk.take(removing.take_down, public, desk.people.senior, message="Under query.")
    with pytest.raises(Conflict):
        desk.take(removing.revert, public, desk.people.senior, message="No.")
    desk.take(killing.kill, public, desk.people.senior, sent=Kill("False."))

    for step in (removing.put_back, removing.take_down):
        with pytest.raises(Conflict):
            desk.take(step, public, desk.people.senior, message="No.")
    assert desk.release(public).publication == "killed"


def test_a_notice_has_a_known_kind_and_a_sentence(desk, public):
    for kind in ("", "closed"):
        with pytest.raises(Invalid):
            desk.take(removing.set_notice, public, desk.people.editor, kind=kind, text="")

    desk.take(removing.set_notice, public, desk.people.editor, kind="postponed", text="")
    release = desk.release(public)
    assert release.notice_text == "What this release announces will take place later."
    assert (release.notice_kind, release.notice_at) == ("postponed", desk.now)

    desk.take(removing.set_notice, public, desk.people.editor, kind="none", text="")
    assert (desk.release(public).notice_kind, desk.release(public).notice_at) == ("", None)
    assert desk.facts(public)[-2:] == ["notice_set", "notice_set"]


def test_today_archives_at_once_a_later_day_at_its_beginning_and_empty_never(desk, public):
    desk.take(removing.expire_on, public, desk.people.editor, expires_at="2026-03-26")
    assert desk.release(public).expires_at == datetime(2026, 3, 25, 16, tzinfo=UTC)  # midnight in Singapore
    assert removing.expire_due(desk.portal, now=desk.now) == 0
    desk.take(removing.expire_on, public, desk.people.editor, expires_at="")
    assert desk.release(public).expires_at is None

    desk.take(removing.expire_on, public, desk.people.editor, expires_at="2026-03-24")
    assert desk.release(public).expires_at == desk.release(public).archived_at == desk.now
    assert desk.facts(public)[-1] == "archived"
    assert desk.is_public(public, desk.now)
    with pytest.raises(Conflict):
        desk.take(removing.set_notice, public, desk.people.editor, kind="outdated", text="")


@pytest.mark.parametrize("day", ["2026-03-23", "soon", "2026-02-30"])
def test_a_day_that_is_over_or_cannot_be_read_is_refused(desk, public, day):
    with pytest.raises(Invalid) as refused:
        desk.take(removing.expire_on, public, desk.people.editor, expires_at=day)

    assert [issue.field for issue in refused.value.issues] == ["expires_at"]
    assert desk.release(public).expires_at is None


def test_an_event_is_archived_the_day_after_it_ends_and_recorded_once(desk):
    reference = desk.held("event", **EVENT)
    desk.decide(reference)
    over = datetime(2026, 4, 11, 17, tzinfo=UTC)

    assert desk.release(reference).expires_at == over
    assert removing.expire_due(desk.portal, now=over - timedelta(seconds=1)) == 0
    assert removing.expire_due(desk.portal, now=over) == 1
    assert removing.expire_due(desk.portal, now=over + timedelta(days=1)) == 0
    assert desk.facts(reference).count("archived") == 1
    assert desk.release(reference).publication == "live"


def test_only_events_end_by_themselves_and_only_those_that_were_not_over():
    before, after = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 4, 12, tzinfo=UTC)

    assert expiry_of("event", EVENT, before) == datetime(2026, 4, 11, 17, tzinfo=UTC)
    assert expiry_of("event", EVENT, after) is None
    assert expiry_of("business", EVENT, before) is None
    assert expiry_of("event", {"ends_at": "soon"}, before) is None


def test_a_corrected_end_moves_the_expiry_unless_an_editor_had_set_one():
    live_from, later = datetime(2026, 4, 1, tzinfo=UTC), {**EVENT, "ends_at": "2026-04-13T17:00"}
    first, by_hand = expiry_of("event", EVENT, live_from), datetime(2026, 4, 20, tzinfo=UTC)

    def after(expires_at):
        return corrected_expiry("event", EVENT, later, expires_at=expires_at, live_from=live_from)

    assert after(first) == datetime(2026, 4, 13, 17, tzinfo=UTC)
    assert after(by_hand) == by_hand


def test_an_older_page_changes_nothing(desk, public):
    steps = {
        removing.take_down: {"message": "Why"},
        removing.set_notice: {"kind": "outdated", "text": ""},
        removing.expire_on: {"expires_at": "2026-03-24"},
        killing.kill: {"sent": Kill("Why")},
    }
    before = desk.rows()
    for step, more in steps.items():
        with pytest.raises(Conflict):
            desk.take(step, public, desk.people.senior, version=1, **more)
    assert desk.rows() == before
