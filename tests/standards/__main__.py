"""`make standards`: the checkers over everything that the demo answers. Ends with 1 where one of them finds an error."""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from portal.web.static_files import FOLDER
from tests.rigs import furnished, furnished_daily
from tests.rigs.chromium import HOW_TO_GET_IT, chromium_program, running_chromium
from tests.rigs.people import NOW
from tests.rigs.running_portal import running_portal
from tests.rigs.sqlite import migrated_file
from tests.standards import checkers, feed_rules, gathering
from tests.standards.gathering import Answer

SHOWN = 15


def main() -> int:
    missing = list(_missing())
    if missing:
        print("The checkers cannot run.", *missing, sep="\n")
        return 1
    logging.disable(logging.INFO)  # a line for each request would drown what is found
    wrong = 0
    with tempfile.TemporaryDirectory() as folder, running_chromium(str(chromium_program())) as chromium:
        template = migrated_file(Path(folder) / "template.sqlite3")
        with running_portal(Path(folder), template) as site:
            found = furnished.furnish(site)
            furnished_daily.furnish_daily(found)
            answers = list(gathering.pages(found))
            wrong += _report(
                "Feeds and calendars", sum(map(feed_rules.is_judged, answers)), _feed_faults(answers)
            )
            wrong += _report("Links that lead nowhere", len(answers), _dead_links(answers))
            wrong += _pages([*answers, *gathering.refused_forms(NOW)])
            looked_at = list(_two_of_a_kind(answers))
            wrong += _report("axe-core", len(looked_at), _seen_by_axe(chromium, found, looked_at))
    print("0 errors." if not wrong else f"{wrong} errors.")
    return 1 if wrong else 0


def _missing() -> Iterable[str]:
    if shutil.which("java") is None:
        yield "There is no Java (Debian and Ubuntu: sudo apt install default-jre-headless)."
    if not checkers.NU.is_file() or not checkers.HTML_VALIDATE.exists():
        yield "The checkers are not there: npm is missing, or could not fetch them. Run make standards again."
    if chromium_program() is None:
        yield f"{HOW_TO_GET_IT}."


def _pages(answers: list[Answer]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        files = checkers.written(answers, Path(folder))
        wrong = _report("Nu HTML checker", len(files), checkers.nu(Path(folder), files))
        return wrong + _report("html-validate", len(files), checkers.html_validate(Path(folder), files))


def _two_of_a_kind(answers: list[Answer]) -> Iterable[Answer]:
    """Pages that a browser looks at: it takes seconds for each, and pages of a kind differ in their words alone."""
    kinds: Counter[str] = Counter()
    for answer in answers:
        kind = gathering.kind_of(answer.name)
        kinds[kind] += 1
        is_shown = checkers.is_page(answer) and answer.status == 200 and "/letter/" not in answer.address
        if is_shown and kinds[kind] <= 2:
            yield answer


def _seen_by_axe(chromium: object, found: furnished.Furnished, answers: list[Answer]) -> Iterable[str]:
    script = (Path(FOLDER) / "vendor" / "axe.min.js").read_text(encoding="utf-8")
    for role in gathering.ROLES:
        page = chromium.new_context(bypass_csp=True).new_page()  # type: ignore[attr-defined]
        if role != "visitor":
            furnished.log_in(page, found, role)
        for answer in answers:
            if answer.name.startswith(f"{role} "):
                yield from checkers.axe(page, answer, script)
        page.context.close()


def _feed_faults(answers: list[Answer]) -> Iterable[str]:
    return (f"{answer.name}: {fault}" for answer in answers for fault in feed_rules.faults(answer))


def _dead_links(answers: list[Answer]) -> Iterable[str]:
    """Of each kind of person, where a page of theirs leads to an error of theirs."""
    missing = {answer.name: answer.status for answer in answers if answer.status >= 400}
    for answer in answers:
        role = answer.name.partition(" ")[0]
        for link in gathering.links(answer):
            status = missing.pop(f"{role} {link}", None)
            if status:
                yield f"{role} {link} answers {status}, linked from {answer.name}"


def _report(checker: str, judged: int, faults: Iterable[str]) -> int:
    found = list(faults)
    print(f"{checker}: {judged} judged, {len(found)} errors", *found[:SHOWN], sep="\n  ", flush=True)
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
