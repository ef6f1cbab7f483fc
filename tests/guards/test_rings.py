"""Every bell that anybody rings has a queue with a worker and a job that is known; and mails know no notes."""

from __future__ import annotations

import re
from pathlib import Path

from workers.jobs import JOBS
from workers.limits import QUEUES

ROOT = Path(__file__).resolve().parents[2]
RING = re.compile(r"""(?:\.ring|Ring)\(\s*["']?(\w+)["']?,\s*["'](\w+)["']""")
MAIL_CODE = (
    *sorted((ROOT / "portal" / "outlets").rglob("*.py")),
    *sorted((ROOT / "portal" / "actions" / "mailing").glob("*.py")),
    *sorted((ROOT / "portal" / "actions" / "newsletter").glob("*.py")),
    ROOT / "portal" / "storage" / "queries" / "mailing.py",
    *sorted((ROOT / "workers").glob("*.py")),
)


def rings() -> set[tuple[str, str]]:
    sources = [*(ROOT / "portal").rglob("*.py"), *(ROOT / "workers").glob("*.py")]
    found = {match.groups() for path in sources for match in RING.finditer(path.read_text(encoding="utf-8"))}
    return {(queue.lower(), job) for queue, job in found}


def test_every_ring_names_a_queue_with_a_worker_and_a_known_job() -> None:
    assert rings() >= {("moderation", "examine"), ("mail", "relay"), ("mail", "deliver")}
    assert [ring for ring in rings() if ring[0] not in QUEUES or ring[1] not in JOBS] == []


def test_mail_code_does_not_know_the_newsrooms_notes() -> None:
    knowing = [path.name for path in MAIL_CODE if re.search(r"\bNote\b", path.read_text(encoding="utf-8"))]

    assert len(MAIL_CODE) > 40
    assert knowing == []
