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
    """What somebody sees: the few words in the body of a redirect are shown by no browser."""
    is_redirect = 300 <= answer.status < 400
    return answer.kind.startswith("text/html") and bool(answer.body) and not is_redirect


def is_letter(answer: Answer) -> bool:
    return "/newsletter/letter/" in answer.address


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
    """What html-validate calls an error, in one process for all pages and one for all letters.

    One rule is off, by taste: a button of a form that says no type submits it, which is what HTML means by saying none.
    Letters may have `width` and `cellpadding` on their tables, too: Outlook draws with Word, which knows no other way.
    """
    letters = [name for name, answer in files.items() if is_letter(answer)]
    for rules, names in (("pages", [*files.keys() - {*letters}]), ("letters", letters)):
        for page in _judged(HERE / f"htmlvalidate.{rules}.json", folder, sorted(names)):
            for each in page["messages"]:
                if each["severity"] == 2:
                    name = files[Path(page["filePath"]).name].name
                    yield f"{name}: {each['message']} ({each['ruleId']}, line {each['line']})"


def _judged(rules: Path, folder: Path, names: Sequence[str]) -> Any:
    given = [str(HTML_VALIDATE), "--config", str(rules), "--formatter", "json", *names]
    done = subprocess.run(given, cwd=folder, capture_output=True, text=True, check=False)  # our own arguments
    if not done.stdout.strip().startswith("["):
        raise RuntimeError(f"html-validate did not run: {done.stderr or done.stdout}")
    return json.loads(done.stdout)


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
