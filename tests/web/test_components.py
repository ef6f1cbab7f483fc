"""The form controls that every form is made of: label, hint, error, advice and the typed value, always."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from portal.clock import SystemClock
from portal.rules.issues import Issue, advice, blocking
from portal.rules.kinds.fields import Field
from portal.settings import Settings
from portal.web import presentation
from portal.web.forms.fields import field_for
from portal.web.forms.protocol import PortalForm

TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = Flask("portal", template_folder=str(TEMPLATES))
    app.extensions["portal"] = SimpleNamespace(settings=settings)
    app.extensions["clock"] = SystemClock()
    presentation.install(app)
    with app.app_context():
        yield app


def drawn(app: Flask, field: Field, value: str = "", *issues: Issue) -> str:
    """A form with this one field, as a page draws it."""
    return " ".join(_as_it_is(app, field, value, *issues).split())


def _as_it_is(app: Flask, field: Field, value: str, *issues: Issue) -> str:
    form = type("OneField", (PortalForm,), {field.name: field_for(field)})(data={field.name: value})
    form.show(issues)
    template = app.jinja_env.get_template("components/fields.html")
    return str(template.module.field(form[field.name]))


def test_a_line_has_its_label_hint_and_value(app: Flask) -> None:
    html = drawn(
        app, Field("city", "City", "Where the news comes from.", required=True, autocomplete="off"), "Da Lat"
    )

    assert '<label for="city">City</label>' in html
    assert '<p class="hint" id="city-hint">Where the news comes from.</p>' in html
    assert (
        '<input id="city" name="city" aria-describedby="city-hint" aria-required="true" autocomplete="off"'
        in html
    )
    assert 'value="Da Lat"' in html


def test_what_is_optional_says_so(app: Flask) -> None:
    assert '<span class="opt">(optional)</span>' in drawn(app, Field("region", "Region"))
    assert "(optional)" not in drawn(app, Field("region", "Region", required=True))
    assert "(optional)" not in drawn(app, Field("away", "Away side", needed_when="home"))


def test_an_error_stands_at_the_field_with_its_code(app: Flask) -> None:
    html = drawn(
        app, Field("body", "Story", type="text"), "x", blocking("LINKS", "body", "The story has 9 links.")
    )

    assert '<div class="field wrong">' in html
    assert 'id="body-error"><span data-code="LINKS" data-field="body" data-severity="blocking">' in html
    assert 'aria-describedby="body-error" aria-invalid="true"' in html


def test_advice_marks_nothing_as_wrong(app: Flask) -> None:
    html = drawn(app, Field("body", "Story", type="text"), "x", advice("HYPE", "body", "That is praise."))

    assert "wrong" not in html
    assert "aria-invalid" not in html
    assert '<p class="advice" data-code="HYPE" data-field="body" data-severity="advice">' in html
    assert 'href="/help/reasons/HYPE"' in html


def test_an_issue_of_another_field_stays_away(app: Flask) -> None:
    assert "LINKS" not in drawn(app, Field("city", "City"), "", blocking("LINKS", "body", "Too many."))


def test_a_readable_date_gets_the_browsers_own_control(app: Flask) -> None:
    assert 'type="date" value="2026-05-01"' in drawn(app, Field("date", "Date", type="date"), "2026-05-01")
    assert 'type="datetime-local"' in drawn(app, Field("starts_at", "Starts", type="datetime"))


def test_an_unreadable_date_stays_in_sight(app: Flask) -> None:
    html = drawn(app, Field("date", "Date", type="date"), "1st of May")

    assert 'type="text" value="1st of May" placeholder="YYYY-MM-DD"' in html


def test_an_unknown_choice_stays_chosen(app: Flask) -> None:
    many = tuple((letter, letter.upper()) for letter in "abcd")

    html = drawn(app, Field("news_kind", "Kind", type="choice", choices=many), "gossip")

    assert '<option value="gossip" selected>gossip</option>' in html


def test_few_choices_are_radios_and_the_start_is_chosen(app: Flask) -> None:
    two = (("text", "Plain text"), ("html", "Pasted"))

    html = drawn(app, Field("body_format", "Format", type="choice", choices=two, start="text"))

    assert '<input type="radio" name="body_format" value="text" checked>' in html
    assert '<input type="radio" name="body_format" value="html">' in html


def test_every_country_can_be_chosen_once(app: Flask) -> None:
    html = drawn(app, Field("country", "Country", type="country"), "MM")

    assert html.count("selected") == 1
    assert '<option value="MM" selected>Myanmar</option>' in html
    assert '<option value="AQ">Antarctica</option>' in html


def test_a_language_that_is_unknown_stays_as_typed_beside_those_to_choose(app: Flask) -> None:
    html = drawn(app, Field("language", "Language", type="language"), "x-klingon")

    assert 'value="x-klingon" list="language-list"' in html
    assert '<option value="my">မြန်မာ – Burmese</option>' in html
    assert "x-klingon is" not in html


def test_a_tag_is_read_back_by_its_name(app: Flask) -> None:
    assert "shn is Shan." in drawn(app, Field("language", "Language", type="language"), "shn")
    assert "en-XX is" not in drawn(app, Field("language", "Language", type="language"), "en-XX")


def test_a_tick_sends_y(app: Flask) -> None:
    field = Field("minors_named", "Children are named", type="tick")

    assert 'value="y" checked' in drawn(app, field, "y")
    assert "checked" not in drawn(app, field, "")


def test_a_tick_can_be_taken_off_again(app: Flask) -> None:
    """Its empty companion comes first: of the two values the last one counts."""
    html = drawn(app, Field("minors_named", "Children are named", type="tick"), "y")

    assert html.index('<input type="hidden" name="minors_named" value="">') < html.index('type="checkbox"')
    assert "hidden" not in drawn(app, Field("declare_facts", "I have checked", type="tick", page="check"))


def test_a_text_keeps_its_first_empty_line(app: Flask) -> None:
    html = _as_it_is(app, Field("body", "Story", type="text"), "\nSecond line")

    assert ">\n\nSecond line</textarea>" in html


def test_what_was_typed_never_becomes_markup(app: Flask) -> None:
    attack = '"><script>alert(1)</script>'

    for kind in ("line", "text", "date", "country", "language", "amount"):
        assert "<script" not in drawn(
            app, Field("a", "A", type=kind), attack, blocking("FORMAT", "a", attack)
        )


def test_the_box_links_to_the_answers_and_leaves_advice_out(app: Flask) -> None:
    template = app.jinja_env.get_template("components/errors.html")
    issues = (blocking("LINKS", "body", "The story has 9 links."), advice("HYPE", "body", "That is praise."))

    html = str(template.module.summary(issues))

    assert 'role="alert"' in html
    assert (
        '<a href="#body" data-code="LINKS" data-field="body" data-severity="blocking">The story has 9 links.</a>'
        in html
    )
    assert "HYPE" not in html


def test_a_timeline_tells_programs_what_it_tells_people(app: Flask) -> None:
    template = app.jinja_env.get_template("components/timeline.html")
    at = datetime(2026, 3, 24, 3, 20, tzinfo=UTC)
    mail = SimpleNamespace(to="dewi@selatbiru.example", at=at, note="")
    entry = SimpleNamespace(fact="submitted", at=at, words="Dewi sent it.", said="", codes=[], mails=[mail])

    html = str(template.module.timeline([entry]))

    assert "data-timeline" in html
    assert '<li data-fact="submitted" data-at="2026-03-24T03:20:00Z">' in html
    assert 'data-mailed-to="dewi@selatbiru.example"' in html
    assert "24 Mar 2026, 11:20 GMT+8" in html
