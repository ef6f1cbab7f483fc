"""Every form of the portal, sent as it is meant, sent with names that are none of its own, and sent with nasty text."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterator

import pytest
from werkzeug.datastructures import MultiDict

from portal.storage.tables import Base
from portal.text.characters import without_unwanted
from portal.web.forms.fields import Answer, Mark, Several, Tick
from portal.web.forms.release_page import form_of
from portal.web.forms.taking import form_of_view
from tests.rigs.every_form import EveryForm, Sending, every_form

VALUES = ("1", "approved", "live", "y")
NASTY = "\u200b\u202eTo the harbour\u2066\x00\x0b e\u0301\u202a\r\nand back\u2069\ufeff\x1b\x7f\u0085\u2028\ufffe\u200f"
LONG = "a" * 100_000
NEVER_NASTY = ("password", "current_password")


@pytest.fixture
def forms(sqlite_database, settings, now, tmp_path, monkeypatch) -> Iterator[EveryForm]:
    logging.disable(logging.INFO)
    yield every_form(sqlite_database, settings, now, tmp_path, monkeypatch)
    logging.disable(logging.NOTSET)


def fields_of(forms: EveryForm, form: Sending) -> list[Answer]:
    """The fields of the form that takes this sending, as its factory makes them for the page."""
    taken = form_of_view(forms.app, form.endpoint)
    assert taken is not None
    if form.endpoint == "submitting.save":
        taken = form_of("business", form.path.rpartition("/")[2])
    with forms.app.app_context():
        return list(taken(MultiDict(form.fields)).answers())


def test_every_form_is_sent_and_does_what_it_is_for(forms: EveryForm) -> None:
    unsent = {rule.endpoint for rule in forms.app.url_map.iter_rules() if "POST" in (rule.methods or ())} - {
        form.endpoint for form in forms.sendings
    }
    answers = {str(form): (forms.send(form).status_code, form.status) for form in forms.sendings}

    assert unsent == set()
    assert {name: pair for name, pair in answers.items() if pair[0] != pair[1]} == {}


def test_the_same_form_leaves_the_same_rows(forms: EveryForm) -> None:
    """What the next test stands on: that chance and time are out of it, and that most forms leave something."""
    untouched, moved = _rows(forms, None), 0
    for form in forms.sendings:
        once = _rows(forms, form)
        assert once == _rows(forms, form), form
        moved += once != untouched

    assert moved > 60


def test_no_column_of_the_database_can_be_written_by_its_name(forms: EveryForm) -> None:
    columns = sorted({column.name for table in Base.metadata.sorted_tables for column in table.columns})
    changed = []
    for form in forms.sendings:
        own = {field.name for field in fields_of(forms, form)} | form.fields.keys()
        clean = _rows(forms, form)
        for value in VALUES:
            foreign = [(name, value) for name in columns if name not in own]
            if _rows(forms, form, foreign) != clean:
                changed.append((str(form), value))

    assert len(columns) > 150
    assert changed == []


def test_nothing_that_is_stored_has_control_or_override_characters(forms: EveryForm) -> None:
    """Typed into all text fields of a form at once; what an unreadable one does is the same."""
    unclean: dict[str, set[str]] = {}
    answers: dict[str, int] = {}
    for form in forms.sendings:
        nasty = {field.name: NASTY for field in fields_of(forms, form) if _takes_text(field)}
        for fields in ({**form.fields, **nasty}, *_one_by_one(form, nasty)):
            answer = forms.send(_with(form, fields))
            answers[f"{form} {answer.status_code}"] = answer.status_code
            unclean.setdefault(str(form), set()).update(
                place for place, text in forms.texts() if without_unwanted(text) != text or not _is_nfc(text)
            )

    assert {form: places for form, places in unclean.items() if places} == {}
    assert {name for name, status in answers.items() if status not in (200, 303, 404, 409, 422)} == set()


def test_a_hundred_thousand_characters_in_every_field_are_an_answer_and_no_failure(forms: EveryForm) -> None:
    answers = {}
    for form in forms.sendings:
        long = {field.name: LONG for field in fields_of(forms, form) if _takes_text(field)}
        answers[str(form)] = forms.send(_with(form, {**form.fields, **long})).status_code

    assert {
        name: status for name, status in answers.items() if status not in (200, 303, 404, 409, 413, 422)
    } == {}


def _rows(forms: EveryForm, form: Sending | None, more: list[tuple[str, str]] | None = None) -> dict:
    if form is None:
        forms.put_back()
    else:
        forms.send(form, more or [])
    rows = forms.rows()
    rows.pop("pressed_forms")  # hashes of all that came, with the second in which it came
    return rows


def _with(form: Sending, fields) -> Sending:
    return Sending(form.endpoint, form.path, form.who, fields, form.page, form.status, form.before)


def _one_by_one(form: Sending, nasty: dict[str, str]) -> Iterator[dict]:
    """Alone a field comes further: the others are as they should be."""
    if form.endpoint != "submitting.save":
        yield from ({**form.fields, name: text} for name, text in nasty.items())


def _takes_text(field: Answer) -> bool:
    return not isinstance(field, Mark | Several | Tick) and field.name not in NEVER_NASTY


def _is_nfc(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text)
