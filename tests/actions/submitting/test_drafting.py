"""Writing a release: nothing typed is lost, and whoever comes second is told who was first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.actions.submitting import drafting
from portal.rules.refusals import Conflict, Invalid, NotFound, Winner
from tests.rigs.desk import PAGES, at_once, whole
from tests.rules.examples import EXAMPLES


def test_a_start_gives_a_reference_at_once(desk):
    reference = drafting.start(desk.portal, desk.people.member, "event", now=desk.now)

    release = desk.release(reference)
    assert (release.kind, release.publication, release.version) == ("event", "hidden", 1)
    assert reference.startswith("SEAP-2026-")
    assert (desk.state(reference), desk.facts(reference)) == ("draft", ["draft_started"])


def test_a_start_asks_for_a_known_kind_and_an_own_organisation(desk):
    theirs = next(iter(desk.people.stranger.memberships))
    with pytest.raises(Invalid):
        drafting.start(desk.portal, desk.people.member, "advertisement", now=desk.now)
    with pytest.raises(NotFound):
        drafting.start(desk.portal, desk.people.member, "event", now=desk.now, organisation_id=theirs)
    with pytest.raises(NotFound):
        drafting.start(desk.portal, desk.people.admin, "event", now=desk.now)

    assert desk.rows()["releases"] == []


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_field_of_every_page_is_kept_as_typed(sqlite_desk, kind):
    reference = drafting.start(sqlite_desk.portal, sqlite_desk.people.member, kind, now=sqlite_desk.now)
    for page in PAGES:
        sqlite_desk.save(reference, page, EXAMPLES[kind])

    assert {**EXAMPLES[kind], **sqlite_desk.values(reference)} == sqlite_desk.values(reference)
    assert {name: sqlite_desk.values(reference)[name] for name in EXAMPLES[kind]} == EXAMPLES[kind]
    assert sqlite_desk.edition(reference).draft == whole(kind)


def test_a_field_that_is_not_posted_keeps_its_value(desk):
    reference = desk.draft()
    before = desk.values(reference)

    desk.save(reference, "news", {"headline": "Another headline for the night ferry"})

    assert desk.values(reference) == {**before, "headline": "Another headline for the night ferry"}
    assert desk.edition(reference).headline == "Another headline for the night ferry"


def test_a_page_writes_none_but_its_own_fields(desk):
    reference = desk.draft()
    before = desk.values(reference)

    desk.save(
        reference,
        "news",
        {"body": "Smuggled", "contact_name": "Smuggled", "state": "approved", "declare_facts": "y", "x": "1"},
    )

    assert desk.values(reference) == before


def test_an_emptied_field_is_empty(desk):
    reference = desk.draft()

    desk.save(reference, "news", {"subheadline": ""})

    assert desk.values(reference)["subheadline"] == ""


def test_an_emptied_quote_is_empty_whichever_it_was(desk):
    reference = desk.draft()
    desk.save(reference, "story", {"quotes-0-text": "First.", "quotes-1-text": "Second."})

    desk.save(reference, "story", {"quotes-0-text": "First.", "quotes-1-text": "", "quotes-2-text": ""})

    kept = desk.values(reference)
    assert (kept["quotes-0-text"], kept["quotes-1-text"]) == ("First.", "")


def test_what_cannot_be_read_is_saved_as_typed_and_named(desk):
    reference = desk.draft()

    saved = desk.save(reference, "facts", {"effective_date": "the first of May", "amount": "a lot"})

    assert "effective_date" in {issue.field for issue in saved.issues}
    assert desk.values(reference)["effective_date"] == "the first of May"
    assert desk.values(reference)["amount"] == "a lot"


def test_a_story_beyond_the_limits_is_kept_and_refused_with_a_sentence(desk):
    reference, monster = desk.draft(), "<b>" * 3_000

    saved = desk.save(reference, "story", {"body": monster, "body_format": "html"})

    assert [issue.field for issue in saved.issues] == ["body"]
    assert desk.values(reference)["body"] == monster
    assert desk.edition(reference).draft["body_html"] == ""


def test_a_paste_becomes_markdown_and_is_kept_as_it_came(desk):
    reference, paste = desk.draft(), "<p>Eleven <strong>villages</strong><script>alert(1)</script></p>"

    desk.save(reference, "story", {"body": paste, "body_format": "html"})

    draft = desk.edition(reference).draft
    assert draft["typed"] == {"body": paste, "body_format": "html"}
    assert draft["values"]["body_format"] == "markdown"
    assert "<script" not in draft["body_html"]


def test_of_a_paste_with_deletions_nothing_is_kept_but_how_many(desk):
    reference, paste = desk.draft(), "<p>Eleven <del>secret</del> villages</p>"

    saved = desk.save(reference, "story", {"body": paste, "body_format": "html"})

    draft = desk.edition(reference).draft
    assert saved.left_something_out is True
    assert "secret" not in str(draft)
    assert draft["left_out"] == {"deleted": 1, "hidden": 0, "comments": 0}

    saved = desk.save(reference, "story", {"body": "Eleven villages", "body_format": "text"})
    assert (saved.left_something_out, "left_out" in desk.edition(reference).draft) == (False, False)


def test_a_save_from_an_older_page_names_who_saved_what_when(desk):
    reference = desk.draft()
    old = desk.version(reference)
    desk.now += timedelta(minutes=3)
    desk.save(reference, "news", {"headline": "The owner was here first"}, by=desk.people.owner)
    before = desk.rows()

    with pytest.raises(Conflict) as refused:
        drafting.save(
            desk.portal,
            desk.people.member,
            reference,
            page="news",
            posted={"headline": "The member comes second"},
            version=old,
            now=desk.now,
        )

    assert refused.value.winner == Winner("owner Hartanto", "saved", desk.now)
    assert desk.rows() == before


def test_the_same_page_saved_again_does_not_move_the_version(desk):
    reference = desk.draft()
    version = desk.version(reference)

    saved = desk.save(reference, "news", EXAMPLES["business"])

    assert saved.version == desk.version(reference) == version


def test_two_pages_saved_at_once_lose_nothing(desk):
    reference = desk.draft()
    version = desk.version(reference)

    def save(actor, headline):
        return lambda: drafting.save(
            desk.portal,
            actor,
            reference,
            page="news",
            posted={"headline": headline},
            version=version,
            now=desk.now,
        )

    headlines = ["The owner’s headline", "The member’s headline"]
    answers = at_once([save(desk.people.owner, headlines[0]), save(desk.people.member, headlines[1])])

    refused = [isinstance(answer, Conflict) for answer in answers]
    assert sorted(refused) == [False, True]
    assert desk.values(reference)["headline"] == headlines[refused.index(False)]


def test_a_sent_release_takes_no_more_saves(desk):
    reference = desk.sent()
    before = desk.rows()

    with pytest.raises(Conflict):
        desk.save(reference, "news", {"headline": "Too late"})

    assert desk.rows() == before


def test_after_changes_were_asked_it_can_be_saved_again(desk):
    reference = desk.decided("request_changes")

    desk.save(reference, "news", {"headline": "What is new stands first"})

    assert desk.values(reference)["headline"] == "What is new stands first"
    assert desk.state(reference) == "changes_requested"


def test_a_clone_is_a_new_draft_without_the_old_time_and_declarations(desk):
    old = desk.sent(timing="schedule", release_at="2026-03-25T09:00", release_timezone="Asia/Jakarta")
    desk.claim(old)
    desk.decide(old, "reject")
    values = desk.values(old)

    new = desk.take(drafting.clone, old, desk.people.member)

    left_out = {"timing", "release_at", "release_timezone", "release_fold"}
    kept = {
        name: value
        for name, value in values.items()
        if name not in left_out and not name.startswith("declare_")
    }
    assert desk.values(new) == kept
    assert desk.release(new).ancestor_id == desk.release(old).id
    assert (desk.state(new), desk.state(old)) == ("draft", "rejected")
    assert (desk.facts(new), desk.facts(old)[-1]) == (["draft_started"], "cloned")
    assert desk.edition(new).submission_key != desk.edition(old).submission_key


def test_a_reference_is_of_the_sites_own_year(desk, settings):
    last_minute = desk.now.replace(month=12, day=31, hour=23)

    reference = drafting.start(
        replace(desk.portal, settings=settings), desk.people.member, "event", now=last_minute
    )

    assert reference.startswith("SEAP-2027-")
