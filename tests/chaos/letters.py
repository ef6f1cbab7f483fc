"""The daily e-mail goes to thousands of readers while workers and clock are killed in the middle of it.

Each letter arrives once, or is named as uncertain: a sender that dies between the mail server's yes and its own
record cannot know, and a second letter would be worse than a question.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from portal.storage.tables import DigestDelivery, DigestIssue
from tests import builders
from tests.chaos.nemesis import Nemesis
from tests.chaos.stage import UNTIL_READY, Kind, Stage, wait_until
from tests.rigs.mail_sink import add_readers, address

READERS = 5_000
KILLS, SECONDS = 30, 120.0
RATE = 60
"""Letters a second: slow enough that thirty kills find a sending under way."""
LONGEST = 300.0
PREFERRED = ("worker", "horse", "worker and horse", "clock")


def send_under_kills(luck: random.Random, *, readers: int = READERS, engine: str = "sqlite") -> bool:
    """Print what became of the letters; True where none is missing and none arrived twice."""
    due = datetime.now(UTC) - timedelta(minutes=5)
    stage = Stage(Kind(engine, "smtp"), PORTAL_MAIL_RATE=str(RATE))
    try:
        stage.environ["PORTAL_DIGEST_AT"] = f"{due.astimezone(stage.settings.zone):%H:%M}"
        with stage.portal.work() as work:
            builders.published_release(work, at=due - timedelta(hours=1))
            add_readers(work, readers, due)
            work.commit()
        stage.start()
        if not wait_until(lambda: bool(stage.sink.taken), UNTIL_READY):
            raise SystemExit(f"No letter left; the portal's words are in {stage.folder}/portal.log")
        nemesis = Nemesis(stage, luck, PREFERRED)
        began = time.monotonic()
        nemesis.rage(kills=KILLS, seconds=SECONDS, over=lambda: _is_over(stage))
        raged = time.monotonic()
        wait_until(lambda: _is_over(stage), LONGEST)
        seconds = time.monotonic() - began, time.monotonic() - raged
        stage.stop()
        return _judged(stage, readers, nemesis, seconds)
    finally:
        stage.close()
        stage.remove()


def _is_over(stage: Stage) -> bool:
    with stage.portal.database.reading() as session:
        return session.scalar(select(func.max(DigestIssue.finished_at))) is not None


def _judged(stage: Stage, readers: int, nemesis: Nemesis, seconds: tuple[float, float]) -> bool:
    with stage.portal.database.reading() as session:
        rows = session.execute(select(DigestDelivery.subscriber_id, DigestDelivery.state)).all()
    states = {address(reader): state for reader, state in rows}
    taken = stage.sink.taken
    known = {who for who, state in states.items() if state == "uncertain"}
    everybody = {address(number) for number in range(1, readers + 1)}
    missing = everybody - set(taken) - known
    double = [who for who, times in taken.items() if times > 1]
    print(f"\nthe daily e-mail to {readers:,} readers, {stage.kind.engine}, {seconds[0]:.0f} s")
    print(f"  {dict(Counter(states.values()))}; {len(known & set(taken))} of the uncertain arrived")
    print(f"  {seconds[1]:.1f} s from the last kill to its end")
    print(
        f"kills {nemesis.kills.total()}, missing {len(missing)}, double {len(double)}, uncertain {len(known)}",
        flush=True,
    )
    return not missing and not double and nemesis.kills.total() > 0
