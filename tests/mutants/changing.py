"""mutmut as this project uses it: `python -m tests.mutants.changing run` is `mutmut run`.

A sentence for people is nothing that a rule decides, so text with a space in it stays as it is; a code or a name is
changed once and not three times over. And pytest is told files instead of a thousand tests by name, those first that
are mostly about what was changed: finding each name takes longer than running it.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterable, Sequence

import libcst as cst
from mutmut.mutation import mutators
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.utils.file_utils import change_cwd

AS_THEY_ARE = 20
"""So many tests are named one by one."""
AT_FIRST = 3
"""So many files are tried before all others."""
NO_TESTS = 5


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


def _arguments(runner: PytestRunner, tests: Iterable[str]) -> list[str]:
    return ["-x", "-q", *(tests or runner._pytest_add_cli_args_test_selection)]


def _run_tests(runner: PytestRunner, *, mutant_name: str | None, tests: Iterable[str]) -> int:
    """The exit code of the first part in which something failed, else that of the last."""
    code = 0
    with change_cwd("mutants"):
        for part in parts_of(list(tests), state().duration_by_test):
            code = int(runner.execute_pytest(_arguments(runner, part)))
            if code not in (0, NO_TESTS):
                return code
    return code


def parts_of(tests: Sequence[str], all_tests: Iterable[str]) -> list[list[str]]:
    """What to run one after the other, each only where the one before noticed nothing."""
    if len(tests) <= AS_THEY_ARE:
        return [list(tests)]
    files = files_of(tests, all_tests)
    return [part for part in (files[:AT_FIRST], files[AT_FIRST:]) if part]


def main() -> None:
    multiprocessing.set_start_method(
        "fork"
    )  # the processes that make the changes find everything as it is here
    mutators.mutation_operators[:] = [  # type: ignore[index]  # it is a list
        (kind, change_word if change is mutators.operator_string else change)
        for kind, change in mutators.mutation_operators
    ]
    PytestRunner._pytest_args_regular_run = _arguments  # type: ignore[method-assign]
    PytestRunner.run_tests = _run_tests  # type: ignore[method-assign]
    from mutmut.__main__ import cli

    cli()


if __name__ == "__main__":
    main()
