"""Every form is a form: one room reads the body of a request, and every address that takes a POST names its form."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.rules.kinds import KINDS
from portal.settings import Settings
from portal.storage.unit_of_work import silent
from portal.web.forms import accounts, moderating, newsletter, operating, organisation, submitting  # noqa: F401
from portal.web.forms.fields import BY_TYPE, Answer
from portal.web.forms.protocol import PortalForm
from portal.web.forms.release_page import FORM_PAGES, CheckForm, edit_form_of, form_of
from portal.web.forms.taking import form_of_view
from tests.rigs.sources import PROJECT, imports, name_of, program_files, tree

ROOM = "portal/web/forms/"
BODY = {
    "form", "values", "files", "data", "json", "stream", "input_stream", "environ",
    "get_json", "get_data", "is_json", "on_json_loading_failed", "wsgi_input", "want_form_data_parsed",
}  # fmt: skip


@pytest.fixture
def app(settings: Settings) -> Flask:
    return create_app(settings, doorbell=silent)


def readings(file: Path) -> Iterator[str]:
    """Where a file reads the body of Flask’s request, under whichever name it has it."""
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("flask")
        for alias in node.names
        if alias.name in ("request", "request_ctx", "globals")
    }
    asked = {*names, *(f"{name}.request" for name in names), "flask.request"}
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Attribute) and (
            (node.attr in BODY and ast.unparse(node.value) in asked) or ast.unparse(node) == "raw.body"
        ):
            yield f"{name_of(file)}:{node.lineno} {ast.unparse(node)}"
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "vars"):
            yield from (
                f"{name_of(file)}:{node.lineno} {ast.unparse(node)}"
                for argument in node.args[:1]
                if ast.unparse(argument) in asked
            )


# The server and the page tell each other there what may be kept; no word of a stranger is in it.
OF_THE_SERVER = "portal/web/at_hand.py"


def test_nothing_outside_the_forms_room_reads_the_body_of_a_request() -> None:
    outside = [
        found
        for file in program_files()
        if not name_of(file).startswith(ROOM)
        for found in readings(file)
        if not (name_of(file) == OF_THE_SERVER and found.endswith(" request.environ"))
    ]
    inside = [found for file in program_files() if name_of(file).startswith(ROOM) for found in readings(file)]

    assert outside == []
    assert {found.partition(":")[0] for found in inside} == {f"{ROOM}raw.py", f"{ROOM}protocol.py"}


def test_forms_are_made_in_the_forms_room_alone() -> None:
    """Flask-WTF itself is needed once more, for the token at the door."""
    makers = {
        (name_of(file), name)
        for file in program_files()
        if not name_of(file).startswith(ROOM)
        for name in imports(file)
        if name.partition(".")[0] in ("flask_wtf", "wtforms")
    }

    assert makers == {
        ("portal/web/errors.py", "flask_wtf.csrf"),
        ("portal/web/errors.py", "flask_wtf.csrf.CSRFError"),
        ("portal/web/protection.py", "flask_wtf.csrf"),
        ("portal/web/protection.py", "flask_wtf.csrf.CSRFProtect"),
        ("portal/web/tokens_in_forms.py", "flask_wtf.csrf"),
        ("portal/web/tokens_in_forms.py", "flask_wtf.csrf.CSRFError"),
        ("portal/web/tokens_in_forms.py", "flask_wtf.csrf.CSRFProtect"),
    }


def posts_of(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}


def test_every_address_that_takes_a_post_names_its_form(app: Flask) -> None:
    silent_ones = {endpoint for endpoint in posts_of(app) if form_of_view(app, endpoint) is None}

    assert len(posts_of(app)) > 50
    assert silent_ones == set()


def test_every_step_of_a_release_has_its_button(app: Flask) -> None:
    """An address that no template sends a form to would be a step that nobody can take."""
    written = "\n".join(file.read_text("utf-8") for file in (PROJECT / "templates").rglob("*.html"))
    steps = {
        rule.rule.rpartition("/")[2]
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and "/<reference>/" in rule.rule and not rule.rule.endswith(">")
    }

    assert len(steps) > 20
    assert {step for step in steps if f'/{step}"' not in written} == set()


def test_every_form_is_taken_by_some_address(app: Flask) -> None:
    """Or is what several forms have in common, or one of the classes that a factory makes of it."""
    taken = {form_of_view(app, endpoint) for endpoint in posts_of(app)} - {None}
    idle = {
        form.__name__
        for form in every_class(PortalForm)
        if not any(issubclass(form, one) or issubclass(one, form) for one in taken)  # type: ignore[arg-type]
    }

    assert idle == set()


def every_class(base: type[PortalForm]) -> Iterator[type[PortalForm]]:
    for form in base.__subclasses__():
        yield form
        yield from every_class(form)


def test_no_name_of_a_field_hides_what_a_form_can_do(app: Flask) -> None:
    with app.app_context():
        forms = [form() for form in every_class(PortalForm) if not hasattr(form, "values")]
        hidden = {
            (type(form).__name__, name)
            for form in forms
            for name in form._fields
            if hasattr(PortalForm, name)
        }

    assert len(forms) > 20
    assert hidden == set()


def test_every_type_of_answer_has_its_field() -> None:
    asked = {field.type for kind in KINDS.values() for field in kind.fields}

    assert asked - BY_TYPE.keys() == set()
    assert {"language", "country", "email", "phone", "url", "zone"} - BY_TYPE.keys() == set()


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_form_is_ours(app: Flask, kind: str) -> None:
    with app.app_context():
        forms = [*(form_of(kind, page)() for page in FORM_PAGES), edit_form_of(kind)(), CheckForm()]
        strange = {field.name for form in forms for field in form.answers() if not isinstance(field, Answer)}

    assert strange == set()
