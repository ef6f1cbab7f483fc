"""`make mutants`: changes the rules, the states, what is public, the outbox and the door bit by bit.

Each change is one that a test should notice. Prints by module how many it made, how many were noticed, and each
that was not; exits with 1 where fewer than nine of ten are. It works in a copy, and says how far it is.
`--only rules,door` takes a part; `--keep FOLDER` keeps the copy, and a second run there tries what was left by the first.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.rooms import ROOMS, Room
from tests.mutants.telling import Told, tell, told

PROJECT = Path(__file__).parents[2]
COPIED = ("portal", "workers", "templates", "tests", "scripts", "docs", "pyproject.toml", "package.json")
LEAST = 0.9
LOOK_EVERY = 20.0


@dataclass(frozen=True)
class Asked:
    rooms: list[str]
    keep: Path | None
    jobs: int


def main() -> int:
    asked = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that mutmut ends, too
    with ExitStack() as stack:
        root = asked.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mutants-")))
        found = [
            each for name in asked.rooms for each in _changed(name, ROOMS[name], root / name, asked.jobs)
        ]
    return 0 if tell(found) >= LEAST else 1


def _arguments() -> Asked:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", default=",".join(ROOMS), help=f"some of {', '.join(ROOMS)}")
    parser.add_argument("--keep", type=Path, help="a folder for the copies")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    given = parser.parse_args()
    return Asked(given.only.split(","), given.keep, given.jobs)


def _changed(name: str, room: Room, folder: Path, jobs: int) -> list[Told]:
    """One room, changed and tested in a folder of its own; what an earlier run left there is tried once more."""
    left = [each for module in told(folder) for each in module.left]
    _copy(room, folder)
    print(f"{name}: {', '.join(room.tests)}", flush=True)
    for chosen in ([], left) if left else ([],):
        _run(name, folder, "--max-children", str(jobs), *chosen)
    return told(folder)


def _run(name: str, folder: Path, *arguments: str) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PORTAL_")}
    command = [sys.executable, "-m", "tests.mutants.changing", "run", *arguments]
    log = folder / "mutmut.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=out)
        try:
            while process.poll() is None:
                _wait(process, name, folder)
        finally:
            process.terminate()
            process.wait()
    if process.returncode != 0:
        print(log.read_text(errors="replace")[-3000:])
        raise SystemExit(f"{name}: mutmut ended with {process.returncode}")


def _copy(room: Room, folder: Path) -> None:
    """What mutmut changes: it makes a further copy of it, which carries all changes at once."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)  # which test touches what: asked anew
    _forget_what_is_gone(folder)
    for name in COPIED:
        source = PROJECT / name
        if source.is_dir():
            rubbish = shutil.ignore_patterns("__pycache__", "node_modules")
            shutil.copytree(source, folder / name, dirs_exist_ok=True, ignore=rubbish)
        else:
            shutil.copy2(source, folder / name)
    with (folder / "pyproject.toml").open("a") as project:
        project.write(_settings(room))


def _forget_what_is_gone(folder: Path) -> None:
    """In a folder of an earlier run: files that have been moved or removed since."""
    for kept in (folder, folder / "mutants"):
        for path in [path for name in COPIED for path in (kept / name).rglob("*.py*")]:
            source = PROJECT / path.relative_to(kept)
            if path.is_file() and not source.with_name(source.name.partition(".py")[0] + ".py").exists():
                path.unlink()


def _settings(room: Room) -> str:
    also = [name for name in COPIED if name not in ("portal", "tests", "pyproject.toml")]
    return f"""
[tool.mutmut]
source_paths = ["portal"]
only_mutate = {list(room.changed)}
do_not_mutate = {list(room.spared)}
also_copy = {also}
pytest_add_cli_args_test_selection = {[test for test in room.tests if (PROJECT / test).exists()]}
pytest_add_cli_args = ["-k", "not postgresql", "-p", "no:cacheprovider"]
timeout_constant = 5.0
timeout_multiplier = 4.0
use_git_change_detection = false
"""


def _wait(process: subprocess.Popen[bytes], name: str, folder: Path) -> None:
    try:
        process.wait(LOOK_EVERY)
    except subprocess.TimeoutExpired:
        done = told(folder)
        tried, whole = sum(each.tried for each in done), sum(each.whole for each in done)
        print(f"{time.strftime('%H:%M:%S')} {name}: {tried} of {whole}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
