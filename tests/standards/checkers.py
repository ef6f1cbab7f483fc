"""The programs that judge pages: the Nu HTML checker, html-validate, and axe-core in Chromium."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.standards.gathering import Answer

HERE = Path(__file__).resolve().parent
NU = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
HTML_VALIDATE = HERE / "node_modules" / ".bin" / "html-validate"


def is_page(answer: Answer) -> bool:
    return answer.kind.startswith("text/html") and bool(answer.body)


def written(answers: Sequence[Answer], folder: Path) -> dict[str, Answer]:
    """Each page as a file, by its name."""
    files = {f"{number:04}.html": answer for number, answer in enumerate(filter(is_page, answers))}
    for name, answer in files.items():
        (folder / name).write_bytes(answer.body)
    return files


def nu(folder: Path, files: dict[str, Answer]) -> Iterator[str]:
    """What the Nu HTML checker calls an error."""
    given = [
        "java",
        "-Xss4m",
        "-jar",
        str(NU),
        "--errors-only",
        "--format",
        "json",
        "--exit-zero-always",
        str(folder),
    ]
    done = subprocess.run(given, capture_output=True, text=True, check=True)  # our own arguments
    for each in json.loads(done.stderr or done.stdout)["messages"]:
        name = Path(each["url"]).name
        place = f"line {each.get('lastLine', '?')}: {each.get('extract', '').strip()[:80]!r}"
        yield f"{files[name].name}: {each['message']} ({place})"


def html_validate(folder: Path, files: dict[str, Answer]) -> Iterator[str]:
    """What html-validate calls an error, by the rules of `htmlvalidate.json`."""
    given = [
        str(HTML_VALIDATE),
        "--config",
        str(HERE / "htmlvalidate.json"),
        "--formatter",
        "json",
        f"{folder}/*.html",
    ]
    done = subprocess.run(given, capture_output=True, text=True, check=False)  # our own arguments
    if not done.stdout.strip().startswith("["):
        raise RuntimeError(f"html-validate did not run: {done.stderr or done.stdout}")
    for page in json.loads(done.stdout):
        for each in page["messages"]:
            if each["severity"] == 2:
                yield f"{files[Path(page['filePath']).name].name}: {each['message']} ({each['ruleId']}, line {each['line']})"


def axe(page: Any, answer: Answer, checker: str) -> Iterator[str]:
    """What axe-core finds on a page as it stands, whatever its weight."""
    page.goto(answer.address)
    page.evaluate(
        "() => document.querySelectorAll('details').forEach(each => { each.removeAttribute('name'); each.open = true })"
    )
    page.evaluate(checker)
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    for each in found:
        yield f"{answer.name}: {each['help']} ({each['id']}, {each['nodes'][0]['target']})"
