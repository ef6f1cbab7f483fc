"""kill -9 in the middle of the sending: no letter goes twice, and each that may be missing is called uncertain."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from portal.actions.newsletter import building
from portal.actions.portal import Portal
from portal.outlets.mail.senders import sender_from
from portal.storage.tables import DigestDelivery
from tests import builders
from tests.rigs.mail_sink import Sink, add_readers, address, running_sink
from tests.rigs.mailroom import StillClock
from tests.rigs.patience import PATIENCE
from workers import digest_runs
from workers.bench import Bench

DUE = datetime(2026, 3, 23, 22, tzinfo=UTC)
READERS, KILLS = 900, 3
SENDING = """
import sys
from workers.bench import bench_for
from workers.digest_runs import send_whole
from portal.commands import machine_settings
send_whole(bench_for(machine_settings()), "2026-03-24", lambda count, whole: None)
"""


def test_a_killed_sender_leaves_each_letter_sent_once_waiting_or_named_as_uncertain(
    sqlite_database: Any, settings: Any, tmp_path: Any
) -> None:
    here = Portal(sqlite_database, replace(settings, database_url=sqlite_database.url))
    with here.work() as work:
        builders.published_release(work, at=DUE - timedelta(hours=1))
        add_readers(work, READERS, DUE)
        work.commit()
    building.close_due(here, now=DUE)
    sink = Sink()
    with running_sink(sink) as url:
        (tmp_path / "clock").write_text(DUE.isoformat())
        environ = {
            "PATH": "/usr/bin:/bin",
            "PORTAL_ENV": "development",
            "PORTAL_INSTANCE_PATH": str(tmp_path / "instance"),
            "PORTAL_DATABASE_URL": here.settings.database_url,
            "PORTAL_MAIL_URL": url,
            "PORTAL_TEST_CLOCK": str(tmp_path / "clock"),
        }
        for number in range(KILLS):
            _killed_in_the_middle(environ, sink, until=(number + 1) * READERS // (KILLS + 2))
            _let_leases_end(here)
        assert len(sink.taken) < READERS
        there = replace(here, settings=replace(here.settings, mail_url=url))
        digest_runs.send_whole(
            Bench(there, StillClock(DUE), sender_from(there.settings)),
            "2026-03-24",
            lambda _count, _whole: None,
        )

    with here.database.reading() as session:
        rows = list(session.scalars(select(DigestDelivery)))
    states = Counter(row.state for row in rows)
    uncertain = {address(row.subscriber_id) for row in rows if row.state == "uncertain"}
    assert set(states) <= {"sent", "uncertain"}
    assert {who: times for who, times in sink.taken.items() if times != 1} == {}
    assert {address(row.subscriber_id) for row in rows} - set(sink.taken) <= uncertain


def _killed_in_the_middle(environ: dict[str, str], sink: Sink, until: int) -> None:
    process = subprocess.Popen([sys.executable, "-c", SENDING], env=environ)
    patience = time.monotonic() + PATIENCE
    while len(sink.taken) < until and process.poll() is None and time.monotonic() < patience:
        time.sleep(0.002)  # only this test's own waiting for another process
    process.kill()
    process.wait()


def _let_leases_end(here: Portal) -> None:
    with here.work() as work:
        held = update(DigestDelivery).where(DigestDelivery.state == "sending")
        past = building.LONG_AGO
        work.session.execute(held.values(claimed_until=past, next_at=past))
        work.commit()
