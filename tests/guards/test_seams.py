"""The doors that everything passes: one commits, one sanitises, one moves states; and what every file owes its readers."""

from __future__ import annotations

import ast
import re

import pytest

from portal.rules.release_states import REVIEW_STATES
from tests.rigs.sources import PROJECT, calls_of_method, imports, name_of, program_files, shipped_files, tree

files = pytest.mark.parametrize("file", program_files(), ids=name_of)
# Where work of the unit of work is ended; `.commit()` of a connection or session stands in storage alone.
COMMITTERS = ("portal/storage/unit_of_work.py", "portal/storage/database.py", "portal/storage/migrate.py")
SANITISERS = ("portal/text/safe_html.py", "portal/text/markup_output.py")
# Moving brings states; drafting makes the first one.
STATE_WRITERS = {"portal/actions/moving.py", "portal/actions/drafting.py"}
DEMO = "portal/demo/"


@files
def test_only_the_unit_of_work_commits(file):
    if name_of(file) in COMMITTERS:
        return
    lines = file.read_text("utf-8").splitlines()
    # An action ends its own unit of work by name; nobody else's session is committed.
    strange = [
        lines[number - 1].strip()
        for number in calls_of_method(file, "commit")
        if lines[number - 1].strip() != "work.commit()"
    ]

    assert strange == []


@files
def test_no_page_and_no_worker_ends_a_unit_of_work(file):
    if name_of(file).startswith(
        ("portal/web/", "workers/", "portal/outlets/", "portal/rules/", "portal/text/")
    ):
        assert calls_of_method(file, "commit") == []


@files
def test_only_safe_html_imports_a_sanitiser_or_marks_text_as_safe(file):
    sanitisers = [name for name in imports(file) if name.partition(".")[0] in ("bleach", "nh3")]
    marks = [name for name in imports(file) if name.rpartition(".")[2] == "Markup"]

    if name_of(file) not in SANITISERS:
        assert sanitisers == marks == []


def test_no_template_marks_text_as_safe():
    templates = sorted((PROJECT / "templates").rglob("*.*"))
    marked = [
        name_of(file)
        for file in templates
        if re.search(r"\|\s*safe\b|\bautoescape\s+false|\bMarkup\b", file.read_text("utf-8"))
    ]

    assert len(templates) > 80
    assert marked == []


def test_stored_html_is_used_for_stored_html_alone():
    shown = {
        found
        for file in (PROJECT / "templates").rglob("*.html")
        for found in re.findall(r"{{-?\s*([^{}|]+?)\s*\|\s*stored_html", file.read_text("utf-8"))
    }

    assert shown != set()
    assert {
        name
        for name in shown
        if not re.fullmatch(r"[\w.]*(body_html|about_html)(\[.*\])?|[\w.]+\.html", name)
    } == set()


@files
def test_only_moving_writes_the_state_of_an_edition(file):
    """Looks for `….state = …`, `state=…` in `.values(…)` of an edition, and `Edition(state=…)`."""
    written = [
        node.lineno
        for node in ast.walk(tree(file))
        if (isinstance(node, ast.Assign) and any(_is_state_of_edition(target) for target in node.targets))
        or (isinstance(node, ast.Call) and _makes_edition_with_state(node))
    ]

    if name_of(file) not in STATE_WRITERS and not name_of(file).startswith(DEMO):
        assert written == []


def _is_state_of_edition(target: ast.expr) -> bool:
    return (
        isinstance(target, ast.Attribute)
        and target.attr == "state"
        and "edition" in ast.unparse(target.value)
    )


def _makes_edition_with_state(call: ast.Call) -> bool:
    if not any(keyword.arg == "state" for keyword in call.keywords):
        return False
    called = ast.unparse(call.func)
    return called.endswith("Edition") or (called.endswith(".values") and "update(Edition)" in called)


def test_no_state_is_named_beside_the_table():
    """A state written as a bare word somewhere else is a second list that will differ one day."""
    compound = {state for state in REVIEW_STATES if "_" in state}
    found = {
        (name_of(file), node.value)
        for file in program_files()
        if name_of(file).startswith(("portal/actions/", "workers/"))
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in compound
    }
    # The words of decisions and facts are spelled like the states that they lead to.
    assert {value for _, value in found} <= {"changes_requested"}


@files
def test_every_module_says_why_it_is_there(file):
    text = file.read_text("utf-8").strip()

    assert not text or ast.get_docstring(tree(file))


@files
def test_the_time_is_asked_at_the_edge_only(file):
    if name_of(file).startswith(
        ("portal/rules/", "portal/storage/", "portal/text/", "portal/actions/", "portal/web/")
    ):
        asked = [
            ast.unparse(node.func)
            for node in ast.walk(tree(file))
            if isinstance(node, ast.Call) and ast.unparse(node.func) in _CLOCKS
        ]
        assert asked == []


_CLOCKS = {"datetime.now", "datetime.utcnow", "date.today", "time.time", "datetime.datetime.now"}


def test_no_shipped_file_names_a_registry_or_a_workplace():
    # Put together here, so that this file itself is clean.
    workplace = "|".join(["/" + "work/", "/" + "tmp/brief", r"\.\./" + "shared"])
    registry = "|".join(
        ["files.pythonhosted", "pypi" + r"\.org", "registry" + r"\.npmjs", r"index-url\s*=?\s*http"]
    )
    wrong = [
        f"{name_of(file)}: {found.group()}"
        for file in shipped_files()
        if not name_of(file).startswith("tests/")
        for found in re.finditer(f"{workplace}|{registry}", file.read_text("utf-8", errors="replace"))
    ]

    assert len(shipped_files()) > 200
    assert wrong == []
