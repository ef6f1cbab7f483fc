"""Lists that have to name everything of their kind: what is forgotten in one of them would go wrong without a word."""

from __future__ import annotations

import ast
from importlib import import_module
from pkgutil import iter_modules
from types import FunctionType

from portal.rules import requirements
from portal.rules.facts import FACTS
from portal.rules.kinds import KINDS
from portal.rules.release_states import PUBLICATION, REVIEW
from portal.rules.requirements import CHECKS
from portal.rules.requirements.case import Case
from portal.storage.tables import Release
from tests import builders
from tests.rigs.sources import PROJECT, program_files, tree
from tests.rules.examples import EXAMPLES, ORGANISATIONS
from tests.rules.test_kinds import CONTRACT
from tests.rules.test_limits import ADVISED_WORDS, HARD_WORDS

FACTS_FILE = PROJECT / "portal/rules/facts.py"


def test_every_kind_has_its_fields_examples_lengths_and_demo_releases():
    demo = {file.stem for file in (PROJECT / "portal/demo/releases").glob("*.json")}
    lists = {
        "tests/rules/examples.py EXAMPLES": set(EXAMPLES),
        "tests/rules/examples.py ORGANISATIONS": set(ORGANISATIONS),
        "tests/rules/test_kinds.py CONTRACT": set(CONTRACT),
        "tests/rules/test_limits.py HARD_WORDS": set(HARD_WORDS),
        "tests/rules/test_limits.py ADVISED_WORDS": set(ADVISED_WORDS),
        "tests/builders.py FACTS": set(builders.FACTS),
        "portal/demo/releases": demo,
    }

    assert {where: named ^ set(KINDS) for where, named in lists.items() if named != set(KINDS)} == {}


def test_the_name_of_a_kind_fits_into_its_column():
    assert [name for name in KINDS if len(name) > Release.__table__.c.kind.type.length] == []


def test_every_check_that_is_written_is_asked():
    """A function of the requirements that takes a case and yields issues."""
    modules = [
        import_module(f"{requirements.__name__}.{each.name}") for each in iter_modules(requirements.__path__)
    ]
    written = {
        one
        for module in modules
        for name, one in vars(module).items()
        if isinstance(one, FunctionType) and one.__module__ == module.__name__ and not name.startswith("_")
        if "Issue" in str(one.__annotations__.get("return"))
        and list(one.__annotations__.values())[:1] in ([Case], ["Case"])
    }

    assert len(CHECKS) == len(set(CHECKS))
    assert {one.__name__ for one in written ^ set(CHECKS)} == set()


def test_every_fact_is_recorded_by_somebody():
    of_the_steps = {row.fact for row in (*REVIEW, *PUBLICATION)}
    written = {
        node.value
        for file in program_files()
        if file != FACTS_FILE
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    assert FACTS.keys() - of_the_steps - written == set()
