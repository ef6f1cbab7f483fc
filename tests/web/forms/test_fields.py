"""What our fields do on the way in: clean, keep what cannot be read, and say what the rules say about it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.actions.releases import content as contents
from portal.rules.issues import Issue
from portal.rules.kinds import KINDS, MOST_QUOTES
from portal.rules.kinds import Field as Asked
from portal.rules.refusals import Invalid
from portal.text import body
from portal.text.characters import without_unwanted
from portal.web.forms.fields import BY_TYPE, MISSING_VERSION, Places, Secret, Several, Text, Tick, field_for
from portal.web.forms.moderating import DecideForm, KillForm
from portal.web.forms.protocol import PortalForm, VersionForm
from portal.web.forms.release_page import FORM_PAGES, CheckForm, edit_form_of, form_of
from tests.rules.examples import EXAMPLES

NASTY = {
    "a right-to-left override": ("pay \u202e1000", "pay 1000"),
    "an isolate": ("\u2066Selat\u2069 Biru", "Selat Biru"),
    "a NUL": ("a\x00b", "ab"),
    "a vertical tab": ("a\x0bb", "a b"),
    "an escape": ("\x1b[31mred", "[31mred"),
    "the high half of a pair": ("a\ud83db", "ab"),
    "the low half of a pair": ("a\ude00b", "ab"),
    "a letter in two pieces": ("Cafe\u0301", "Café"),
    "invisible edges": ("\u200b\u2060 Dewi \u200f\ufeff", "Dewi"),
    "an empty text of nothing visible": ("\u200b\u200e\u202c", ""),
}


@pytest.fixture(autouse=True)
def _app() -> Iterator[None]:
    with Flask("forms").app_context():
        yield


def one(asked: Asked, *typed: str):
    """The field that takes this answer, with these values under its name."""
    form = type("OneField", (PortalForm,), {asked.name: field_for(asked)})
    return form(MultiDict([(asked.name, each) for each in typed]))[asked.name]


@pytest.mark.parametrize("kind", sorted(BY_TYPE.keys() - {"tick"}))
@pytest.mark.parametrize("nasty", NASTY)
def test_every_field_takes_clean_text_alone(kind: str, nasty: str) -> None:
    typed, clean = NASTY[nasty]

    if nasty == "a vertical tab" and kind == "text":
        clean = "a\nb"  # Word's line within a paragraph

    assert one(Asked("a", "A", type=kind), typed).data == clean


@pytest.mark.parametrize("kind", sorted(BY_TYPE.keys() - {"tick", "text"}))
def test_a_line_is_one_line(kind: str) -> None:
    assert one(Asked("a", "A", type=kind), " one\r\ntwo\u2028three\x85four ").data == "one two three four"


def test_a_text_has_lines_that_end_in_one_way() -> None:
    assert one(Asked("a", "A", type="text"), "one\r\ntwo\rthree\u2029four").data == "one\ntwo\nthree\nfour"


def test_nothing_typed_is_cut_off() -> None:
    """A page that comes back shows all of it; what is kept has its own limit."""
    assert len(one(Asked("headline", "Headline"), "a" * 100_000).data) == 100_000
    kept = contents.merged(contents.empty(), "business", "news", {"headline": "a" * 100_000})
    assert len(kept["values"]["headline"]) == contents.MOST_CHARACTERS


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("date", "the 1st of May", "A: “the 1st of May” cannot be read as a date. Write it like 2026-04-06."),
        (
            "date_or_immediate",
            "soon",
            "A: “soon” cannot be read as a date. Write it like 2026-04-06, or write immediate.",
        ),
        (
            "datetime",
            "noon",
            "A: “noon” cannot be read as a day and time. Write it like 2026-04-06T21:00.",
        ),
        ("zone", "Mandalay", "A: “Mandalay” is not a time zone. Choose one such as Asia/Yangon."),
        ("country", "XX", "A: “XX” is not a country of the list. Choose again."),
        (
            "language",
            "Burmese!",
            "A: “Burmese!” is not a language that we know. Choose one, or write its name, such as Burmese, or its tag, such as my.",
        ),
        ("email", "dewi", "A: “dewi” is not an e-mail address. Write it like name@example.org."),
        (
            "url",
            "selat",
            "A: “selat” is not a web address. Write all of it, like https://example.org/tickets.",
        ),
    ],
)
def test_what_cannot_be_read_stays_as_typed_and_says_why(kind: str, typed: str, sentence: str) -> None:
    field = one(Asked("a", "A", type=kind), typed)

    assert (field._form.validate(), field.data, field.errors) == (False, typed, [sentence])
    assert [(issue.code, issue.field, issue.severity) for issue in field.issues] == [
        ("FACTS", "a", "blocking")
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("page", FORM_PAGES)
def test_a_page_says_what_the_rules_say_of_it(kind: str, page: str) -> None:
    typed = dict.fromkeys(contents.fields_on(kind, page), "nothing readable")
    form = form_of(kind, page)(MultiDict(typed))
    form.validate()
    kept = contents.merged(contents.empty(), kind, page, form.posted())

    assert form.issues == contents.unreadable_on(kind, page, kept)


@pytest.mark.parametrize("kind", KINDS)
def test_what_comes_through_a_form_is_what_the_action_keeps_without_one(kind: str) -> None:
    for page in FORM_PAGES:
        typed = {
            name: f" {text}\u202e\r\nCafe\u0301\x00"
            for name, text in EXAMPLES[kind].items()
            if name in contents.fields_on(kind, page)
        }
        posted = form_of(kind, page)(MultiDict(typed)).posted()
        through, without = (contents.merged(contents.empty(), kind, page, each) for each in (posted, typed))

        assert through == without
        assert all(_is_clean(text) for text in posted.values())


def _is_clean(text: str) -> bool:
    return without_unwanted(text) == text and unicodedata.is_normalized("NFC", text)


def test_a_field_that_did_not_come_is_none_of_what_was_posted() -> None:
    form = form_of("business", "news")(MultiDict({"headline": "", "city": "Surabaya"}))

    assert form.posted() == {"headline": "", "city": "Surabaya"}


def test_of_several_values_the_last_one_counts() -> None:
    assert one(Asked("city", "City"), "Da Lat", "Surabaya").data == "Surabaya"
    assert [one(Asked("a", "A", type="tick"), *typed).data for typed in (("", "y"), ("y", ""), ("on",))] == [
        "y", "", "",
    ]  # fmt: skip


def test_names_that_are_no_fields_are_nothing_to_a_form() -> None:
    foreign = {f"name_{number}": "1" for number in range(900)} | {"id": "7", "state": "approved"}
    form = form_of("event", "facts")(MultiDict({"event_name": "Fair", **foreign}))

    assert form.posted() == {"event_name": "Fair"}


def test_quotes_keep_their_numbers() -> None:
    """The first was not posted: the third must not take its place."""
    form = form_of("business", "story")(MultiDict({"quotes-2-text": "Third.", "quotes-2-speaker": "Ko Ko"}))

    assert form.posted() == {"quotes-2-text": "Third.", "quotes-2-speaker": "Ko Ko"}
    assert [field.name for field in form.drawn() if field.name.endswith("-text")] == [
        f"quotes-{number}-text" for number in range(4)
    ]


def test_an_empty_quote_is_always_there_to_be_filled() -> None:
    def drawn(values: dict[str, str]) -> list[str]:
        page = form_of("sports", "story")(values=values)
        return [field.name for field in page.drawn() if field.name.startswith("quotes-")]

    assert drawn({}) == ["quotes-0-text", "quotes-0-speaker", "quotes-0-title"]
    assert drawn({"quotes-0-text": "Well played.", "quotes-1-text": " "})[3:] == [
        "quotes-1-text",
        "quotes-1-speaker",
        "quotes-1-title",
    ]


def test_thirty_quotes_come_back_and_as_many_are_kept_as_are_allowed() -> None:
    typed = {f"quotes-{number}-text": f"Word {number}." for number in range(30)}
    form = form_of("business", "story")(MultiDict(typed))
    kept = contents.merged(contents.empty(), "business", "story", form.posted())

    assert form.posted() == typed
    assert len(kept["values"]) == MOST_QUOTES


@pytest.mark.parametrize(
    "name", ["quotes-²-text", "quotes-007-text", "quotes--1-text", "quotes-999999999999-text", "quotes-1-id", "quotes"]
)  # fmt: skip
def test_a_name_that_only_looks_like_a_quote_is_none(name: str) -> None:
    assert form_of("business", "story")(MultiDict({name: "Words"})).posted() == {}


def test_a_story_that_is_too_much_carries_its_sentence() -> None:
    form = form_of("business", "story")(MultiDict({"body": "word " * 12_001}))
    kept = contents.merged(contents.empty(), "business", "story", form.posted())

    assert form.validate() is False
    assert form.issues == contents.unreadable_on("business", "story", kept)


def test_a_story_is_sanitised_once_for_the_form_and_the_action(monkeypatch: pytest.MonkeyPatch) -> None:
    sanitised: list[str] = []
    monkeypatch.setattr(body, "sanitise", lambda html: sanitised.append(html) or html)
    body.read_story.cache_clear()
    form = form_of("business", "story")(
        MultiDict({"body": "Selat Biru sails at night.", "body_format": "markdown"})
    )
    contents.merged(contents.empty(), "business", "story", form.posted())
    body.read_story.cache_clear()

    assert len(sanitised) == 1


def test_a_story_is_read_as_it_was_saved_to_be_written() -> None:
    form = form_of("business", "story")
    posted = MultiDict({"body": "**Selat** Biru"})

    assert form(posted)["body"].read.html == "<p>**Selat** Biru</p>"
    assert (
        form(posted, values={"body_format": "markdown"})["body"].read.html
        == "<p><strong>Selat</strong> Biru</p>"
    )


def test_a_correction_and_an_editor_are_asked_for_no_time() -> None:
    timing = {"timing", "release_at", "release_timezone", "release_fold"}

    assert timing <= {field.name for field in form_of("event", "contact")().answers()}
    assert (
        timing & {field.name for field in form_of("event", "contact", is_correction=True)().answers()}
        == set()
    )
    assert timing & {field.name for field in edit_form_of("event")().answers()} == set()


def test_the_same_form_is_made_once() -> None:
    assert form_of("event", "news") is form_of("event", "news")
    assert form_of("event", "news") is not form_of("event", "news", is_correction=True)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("", None),
        ("x", None),
        ("-1", None),
        ("7", 7),
        ("9999999999", 9_999_999_999),
        ("9" * 5_000, 9_999_999_999),
    ],
)
def test_where_a_version_may_be_missing_a_huge_one_is_stale_and_not_missing(
    typed: str, number: int | None
) -> None:
    assert VersionForm(MultiDict({"version": typed})).version.number_or_none() == number


@pytest.mark.parametrize("typed", ["", "one", "²", "-1", "1.0", "99999999999", " 7"])
def test_a_version_that_cannot_be_read_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(Invalid, match=MISSING_VERSION):
        VersionForm(MultiDict({"version": typed})).words()


def test_a_decision_without_the_mark_of_its_text_is_refused_before_anything_else() -> None:
    with pytest.raises(Invalid) as refused:
        DecideForm(MultiDict({"decision": "approve"})).words()

    assert [issue.field for issue in refused.value.issues] == ["revision_hash"]


def test_a_form_without_its_key_is_refused_in_a_sentence() -> None:
    with pytest.raises(Invalid) as refused:
        CheckForm(MultiDict({"idempotency_key": "\u200b \x00"})).key()

    assert [issue.field for issue in refused.value.issues] == ["idempotency_key"]


@pytest.mark.parametrize(
    ("typed", "told"), [([], None), ([""], False), (["", "y"], True), (["y"], True), (["no"], False)]
)
def test_a_kill_tells_a_tick_that_was_not_asked_from_one_that_was_not_set(
    typed: list[str], told: bool | None
) -> None:
    form = KillForm(MultiDict([("version", "1"), *(("mail_readers", each) for each in typed)]))

    assert form.words()["sent"].mail_readers is told


def test_chosen_codes_come_without_their_empty_companions_and_places_with_the_open_ones() -> None:
    class Choosing(PortalForm):
        codes = Several()
        order = Places()

    form = Choosing(MultiDict([("codes", ""), ("codes", "FA\u202eCTS"), ("order", ""), ("order", "A")]))

    assert (form.codes.data, form.order.data) == (["FACTS"], ["", "A"])


def test_a_password_is_taken_as_it_is() -> None:
    class Entering(PortalForm):
        password = Secret()

    assert Entering(MultiDict({"password": " Cafe\u0301\u202e "})).password.data == " Cafe\u0301\u202e "


def test_what_an_action_refuses_stands_at_its_field_once() -> None:
    class Writing(PortalForm):
        message = Text()
        sure = Tick()

    form = Writing(MultiDict({"message": "Words"}))
    issue = contents.unreadable_on("business", "news", {"values": {"country": "XX"}})[0]
    for _ in range(2):
        form.show([_at(issue, "message"), _at(issue, "elsewhere")])

    assert [each.field for each in form.message.issues] == ["message"]
    assert form.message.errors == [issue.message]
    assert {each.field for each in form.unplaced} == {"elsewhere"}


def _at(issue: Issue, field: str) -> Issue:
    return replace(issue, field=field)
