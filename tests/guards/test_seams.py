"""The doors that everything passes: one commits, one sanitises, one moves states; and what every file owes its readers."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from portal.rules.release_states import REVIEW_STATES
from tests.rigs.sources import PROJECT, calls_of_method, imports, name_of, program_files, shipped_files, tree

# Where work of the unit of work is ended; `.commit()` of a connection or session stands in storage alone.
COMMITTERS = ("portal/storage/unit_of_work.py", "portal/storage/database.py", "portal/storage/migrate.py")
# nh3 reads all markup first and has the last word on it; the first reading makes nothing safe and marks nothing so.
SANITISERS = {
    "bleach": {"portal/text/safe_html.py"},
    "nh3": {"portal/text/safe_html.py", "portal/text/markup/reading.py"},
    "Markup": {"portal/text/safe_html.py"},
}
# Moving brings states; drafting makes the first one.
STATE_WRITERS = {"portal/actions/releases/moving.py", "portal/actions/submitting/drafting.py"}
# Where the publication of a release stands, and since when.
OF_THE_PUBLICATION = {"publication", "live_from", "went_live_at", "live_edition_id", "live_revision_id"}
DEMO = "portal/demo/"
LONGEST = 45


def in_rooms(*rooms: str) -> list[Path]:
    return [file for file in program_files() if name_of(file).startswith(rooms)]


def test_only_the_unit_of_work_commits():
    """An action ends its own unit of work by name, `work.commit()`; no session or connection is committed elsewhere."""
    strange = {
        (name_of(file), line)
        for file in program_files()
        if name_of(file) not in COMMITTERS
        for number in calls_of_method(file, "commit")
        if (line := file.read_text("utf-8").splitlines()[number - 1].strip()) != "work.commit()"
    }

    assert strange == set()


def test_no_page_worker_outlet_or_rule_ends_a_unit_of_work():
    files = in_rooms("portal/web/", "workers/", "portal/outlets/", "portal/rules/", "portal/text/")

    assert len(files) > 60
    assert [name_of(file) for file in files if calls_of_method(file, "commit")] == []


def test_only_safe_html_imports_a_sanitiser_or_marks_text_as_safe_and_nh3_reads_first():
    found = {
        (tool, name_of(file))
        for file in program_files()
        for name in imports(file)
        for tool in SANITISERS
        if tool in (name.partition(".")[0], name.rpartition(".")[2])
    }

    assert found == {(tool, file) for tool, files in SANITISERS.items() for file in files}


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
    """Columns that the text layer filled, or such a column without its first tag."""
    shown = {
        (name_of(file), found)
        for file in (PROJECT / "templates").rglob("*.html")
        for found in re.findall(r"([\w.\[\]'\"]+)\s*\|\s*stored_html", file.read_text("utf-8"))
    }
    strange = {
        (name, found)
        for name, found in shown
        if not found.endswith(("body_html", "about_html"))
        and not re.search(rf"set {found} = [\w.]+body_html\|after_opening_paragraph_tag", _text(name))
    }

    assert len(shown) >= 4
    assert strange == set()


def _text(name: str) -> str:
    return (PROJECT / name).read_text("utf-8")


def test_only_moving_writes_the_state_of_an_edition():
    """Looks for `edition.state = …`, `update(Edition)….values(state=…)` and `Edition(state=…)`."""
    written = {
        (name_of(file), node.lineno)
        for file in program_files()
        if name_of(file) not in STATE_WRITERS and not name_of(file).startswith(DEMO)
        for node in ast.walk(tree(file))
        if (isinstance(node, ast.Assign) and any(_is_state_of_edition(target) for target in node.targets))
        or (isinstance(node, ast.Call) and _makes_edition_with_state(node))
    }

    assert written == set()


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


def test_only_moving_writes_where_the_publication_of_a_release_stands():
    """Looks for `release.publication = …`, `update(Release)….values(live_from=…)`, `Release(publication=…)`, `setattr`."""
    written = {
        (name_of(file), node.lineno)
        for file in in_rooms("portal/", "workers/")
        if name_of(file) not in STATE_WRITERS and not name_of(file).startswith(DEMO)
        for node in ast.walk(tree(file))
        if _assigns(node, OF_THE_PUBLICATION)
        or (isinstance(node, ast.Call) and _makes_release_with(node, OF_THE_PUBLICATION))
        or (isinstance(node, ast.Call) and ast.unparse(node.func) == "setattr" and "actions" in name_of(file))
    }

    assert written == set()


def _assigns(node: ast.AST, columns: set[str]) -> bool:
    targets = (
        node.targets
        if isinstance(node, ast.Assign)
        else [node.target]
        if isinstance(node, ast.AugAssign)
        else []
    )
    each = [
        part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])
    ]
    return any(isinstance(target, ast.Attribute) and target.attr in columns for target in each)


def _makes_release_with(call: ast.Call, columns: set[str]) -> bool:
    called = ast.unparse(call.func)
    makes = called == "Release" or (called.endswith(".values") and "update(Release)" in called)
    return makes and any(keyword.arg in columns for keyword in call.keywords)


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


def test_every_module_says_why_it_is_there():
    silent = [
        name_of(file)
        for file in program_files()
        if file.read_text("utf-8").strip() and not ast.get_docstring(tree(file))
    ]

    assert silent == []


def test_the_time_is_asked_at_the_edge_only():
    asked = {
        (name_of(file), node.lineno)
        for file in in_rooms(
            "portal/rules/", "portal/storage/", "portal/text/", "portal/actions/", "portal/web/"
        )
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in _CLOCKS
    }

    assert asked == set()


def test_functions_stay_short_enough_to_be_read_as_steps():
    long = {
        f"{name_of(file)}: {node.name}"
        for file in program_files()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno >= LONGEST
    }

    assert long == set()


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
