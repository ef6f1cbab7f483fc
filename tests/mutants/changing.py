"""mutmut as this project uses it: `python -m tests.mutants.changing run` is `mutmut run`.

A sentence for people is nothing that a rule decides, so text with a space in it stays as it is; a code or a name is
changed once and not three times over. And pytest is told files instead of a thousand tests by name, those first that
are mostly about what was changed: finding each name takes longer than running it.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterable

import libcst as cst
from mutmut.mutation import mutators
from mutmut.runners.harness import PytestRunner
from mutmut.state import state

AS_THEY_ARE = 20
"""So many tests are named one by one."""


def change_word(node: cst.BaseString) -> Iterable[cst.BaseString]:
    """The first of mutmut's changes of a text, where the text is no sentence."""
    if isinstance(node, cst.SimpleString) and not is_prose(str(node.evaluated_value)):
        yield from list(mutators.operator_string(node))[:1]


def is_prose(text: str) -> bool:
    return " " in text.strip() or text.endswith(".")


def files_of(tests: Iterable[str], all_tests: Iterable[str]) -> list[str]:
    """The files of these tests; first those of which the greater part is among them."""
    whole = Counter(_file(test) for test in all_tests)
    wanted = Counter(_file(test) for test in tests)
    return sorted(wanted, key=lambda file: (-wanted[file] / max(1, whole[file]), file))


def _file(test: str) -> str:
    return test.partition("::")[0]


def _pytest_arguments(runner: PytestRunner, tests: Iterable[str]) -> list[str]:
    named = list(tests)
    if not named:
        return ["-x", "-q", *runner._pytest_add_cli_args_test_selection]
    return ["-x", "-q", *(named if len(named) <= AS_THEY_ARE else files_of(named, state().duration_by_test))]


def main() -> None:
    multiprocessing.set_start_method(
        "fork"
    )  # the processes that make the changes find everything as it is here
    mutators.mutation_operators[:] = [  # type: ignore[index]  # it is a list
        (kind, change_word if change is mutators.operator_string else change)
        for kind, change in mutators.mutation_operators
    ]
    PytestRunner._pytest_args_regular_run = _pytest_arguments  # type: ignore[method-assign]
    from mutmut.__main__ import cli

    cli()


if __name__ == "__main__":
    main()
