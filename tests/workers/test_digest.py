"""Letters leave once: through refusals, drops after the final dot, greylisting, kills in the middle and two senders at once."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from portal.actions.mailing import pacing, suppressing
from portal.actions.newsletter import building, editing
from portal.actions.newsletter import sending as digest_sending
from portal.actions.newsletter.outcomes import Outcome
from portal.actions.portal import Portal
from portal.outlets.mail import bulk_mail
from portal.outlets.mail.senders import Outgoing, SmtpSender, sender_from
from portal.rules.mailing.mail_outcomes import SENT
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.queries import removal
from portal.storage.queries.newsletter import digests
from portal.storage.tables import (
    DigestDelivery,
    DigestIssue,
    DigestItem,
    Edition,
    Release,
    Subscriber,
    Suppression,
)
from tests import builders
from tests.rigs import mail_sink
from tests.rigs.mail_sink import Sink, add_readers, address, running_sink
from tests.rigs.mailroom import StillClock
from workers import clock as clock_process
from workers import digest, digest_runs
from workers.bench import Bench

DUE = datetime(2026, 3, 23, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)
DATE = "2026-03-24"


@pytest.fixture
def here(sqlite_database: Any, settings: Any) -> Portal:
    return Portal(sqlite_database, replace(settings, database_url=sqlite_database.url))


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "WAITS", (0.01,) * 400)


def bench(here: Portal, url: str = "", now: datetime = DUE) -> Bench:
    found = replace(here, settings=replace(here.settings, mail_url=url or here.settings.mail_url))
    return Bench(found, StillClock(now), sender_from(found.settings))


def published(here: Portal, *ats: datetime, **values: str) -> list[int]:
    with here.work() as work:
        ids = [builders.published_release(work, at=at, **values).id for at in ats]
        work.commit()
    return ids


def readers(here: Portal, count: int) -> None:
    with here.work() as work:
        add_readers(work, count, DUE - HOUR)
        work.commit()


def run(there: Bench, on: str = DATE) -> dict[str, Any]:
    return digest_runs.send_whole(there, on, lambda _count, _whole: None)


def states(here: Portal) -> Counter[str]:
    with here.database.reading() as session:
        return Counter(session.scalars(select(DigestDelivery.state)))


def next_try(here: Portal) -> None:
    """As if every back-off had passed."""
    with here.work() as work:
        pending = update(DigestDelivery).where(DigestDelivery.state == "pending")
        work.session.execute(pending.values(next_at=building.LONG_AGO))
        work.commit()


@pytest.mark.parametrize("pipelining", [True, False])
def test_thousands_get_their_letter_once_whatever_the_mail_server_does(
    here: Portal, pipelining: bool
) -> None:
    count = 5_000 if pipelining else 600
    does = {
        7: mail_sink.NO_SUCH,
        31: mail_sink.LATER_AT_DOOR,
        43: mail_sink.LATER_FIRST,
        101: mail_sink.DROPPED,
        137: mail_sink.NOT_WANTED,
    }
    script = {
        address(number): act for every, act in does.items() for number in range(every, count + 1, every * 7)
    }
    published(here, DUE - HOUR, DUE - 2 * HOUR)
    readers(here, count)
    building.close_due(here, now=DUE)
    sink = Sink(script, pipelining=pipelining)

    with running_sink(sink) as url:
        run(bench(here, url))
        next_try(here)
        counts = run(bench(here, url))

    by_act = Counter(script.values())
    lost = by_act[mail_sink.NO_SUCH] + by_act[mail_sink.NOT_WANTED]
    assert {who: times for who, times in sink.taken.items() if times != 1} == {}
    assert len(sink.taken) == count - lost
    assert states(here) == {
        "sent": count - lost - by_act[mail_sink.DROPPED],
        "failed": lost,
        "uncertain": by_act[mail_sink.DROPPED],
    }
    assert (counts["readers"], counts["failed"], counts["uncertain"]) == (
        count,
        lost,
        by_act[mail_sink.DROPPED],
    )
    with here.database.reading() as session:
        listed = digests.troubled(session, ("uncertain",), count)
        assert {row[1] for row in listed} == {who for who, act in script.items() if act == mail_sink.DROPPED}
        refused = set(session.scalars(select(Suppression.email).where(Suppression.holds)))
        named = session.scalar(select(func.count()).select_from(DigestItem))
        issue = session.scalars(select(DigestIssue)).one()
    assert refused == {who for who, act in script.items() if act == mail_sink.NO_SUCH}
    assert named == 2 * count
    assert issue.finished_at == DUE


def test_two_senders_at_once_send_each_letter_once(here: Portal) -> None:
    published(here, DUE - HOUR)
    readers(here, 300)
    building.close_due(here, now=DUE)
    sink = Sink()

    with running_sink(sink) as url:
        runs = [threading.Thread(target=run, args=(bench(here, url),)) for _ in range(3)]
        for each in runs:
            each.start()
        for each in runs:
            each.join()

    assert Counter(sink.taken.values()) == {1: 300}
    assert states(here) == {"sent": 300}


def test_a_sender_that_dies_before_handing_over_loses_nothing_and_in_the_gap_it_is_uncertain(
    here: Portal,
) -> None:
    published(here, DUE - HOUR)
    readers(here, 40)
    building.close_due(here, now=DUE)
    with here.database.reading() as session:
        issue_id = session.scalars(select(DigestIssue.id)).one()
    long_ago = digest.real_time() - HOUR
    taken = digest_sending.next_handful(here, issue_id, [], size=10, now=DUE, at=long_ago)
    with here.work() as work:
        half = [each.delivery_id for each in taken.letters[:5]]
        not_handed = update(DigestDelivery).where(DigestDelivery.id.in_(half)).values(handed_at=None)
        work.session.execute(not_handed)
        work.commit()
    sink = Sink()

    with running_sink(sink) as url:
        counts = run(bench(here, url))

    assert counts == {"date": DATE, "readers": 40, "sent": 35, "failed": 0, "uncertain": 5}
    assert Counter(sink.taken.values()) == {1: 35}


def test_a_late_yes_sets_right_what_was_called_uncertain(here: Portal) -> None:
    published(here, DUE - HOUR)
    readers(here, 1)
    building.close_due(here, now=DUE)
    with here.database.reading() as session:
        issue_id = session.scalars(select(DigestIssue.id)).one()
    at = digest.real_time() - HOUR
    taken = digest_sending.next_handful(here, issue_id, [], size=10, now=DUE, at=at)
    digest_sending.settle(here, issue_id, now=DUE, at=at + HOUR)
    assert states(here) == {"uncertain": 1}

    done = [Outcome(taken.letters[0].delivery_id, SENT)]
    digest_sending.next_handful(here, issue_id, done, size=0, now=DUE, at=at + HOUR)

    assert states(here) == {"sent": 1}


def test_a_handful_is_found_without_reading_the_whole_issue(here: Portal) -> None:
    published(here, DUE - HOUR)
    readers(here, 3)
    building.close_due(here, now=DUE)
    building.queue_deliveries(here, 1, now=DUE)
    sent: list[tuple[str, Any]] = []

    def remember(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        sent.append((statement, values))

    event.listen(here.database.engine, "before_cursor_execute", remember)
    digest_sending.next_handful(here, 1, [], size=2, now=DUE, at=digest.real_time())
    event.remove(here.database.engine, "before_cursor_execute", remember)

    claims = [each for each in sent if each[0].startswith("SELECT digest_deliveries.id")]
    with here.database.engine.connect() as connection:
        steps = [
            row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {claims[0][0]}", claims[0][1])
        ]
    assert steps[0].endswith("USING INDEX ix_digest_deliveries_next (issue_id=? AND next_at<?)")
    assert [step for step in steps if "TEMP B-TREE" in step] == []
    assert len(sent) <= 9


def test_who_leaves_pauses_or_is_suppressed_after_the_letters_were_made_gets_none(here: Portal) -> None:
    published(here, DUE - HOUR)
    readers(here, 6)
    building.close_due(here, now=DUE)
    with here.work() as work:
        rows = {row.id: row for row in work.session.scalars(select(Subscriber))}
        rows[1].state, rows[1].left_at = "left", DUE
        rows[2].paused_until = DUE + HOUR
        suppressing.suppress(work, rows[3].email, reason="complaint", detail="", now=DUE)
        work.session.delete(rows[4])
        work.commit()
    sink = Sink()

    with running_sink(sink) as url:
        counts = run(bench(here, url))

    assert sorted(sink.taken) == [address(5), address(6)]
    assert (counts["sent"], states(here)["dropped"]) == (2, 4)


def test_what_is_killed_before_it_leaves_is_not_named(here: Portal) -> None:
    kept, gone = published(here, DUE - 2 * HOUR, DUE - HOUR, headline="CANARY mill opens")
    readers(here, 2)
    building.close_due(here, now=DUE)
    kill(here, gone, DUE)
    sink = Sink(keep=True)

    with running_sink(sink) as url:
        run(bench(here, url))

    with here.database.reading() as session:
        assert set(session.scalars(select(DigestItem.release_id))) == {kept}
        reference = session.get_one(Release, gone).reference
    assert [reference.encode() in mail for mail in sink.mails] == [False, False]


def kill(here: Portal, number: int, at: datetime) -> None:
    with here.work() as work:
        row = work.session.get_one(Release, number)
        row.publication, row.removed_at, row.removal_reasons = "killed", at, ["FACTS"]
        work.commit()


def correct(here: Portal, number: int, at: datetime) -> None:
    with here.work() as work:
        row = work.session.get_one(Release, number)
        first = work.session.scalars(select(Edition).where(Edition.release_id == number)).one()
        work.session.add(
            Edition(
                release_id=number,
                number=2,
                state="approved",
                draft=first.draft,
                draft_saved_at=at,
                draft_saved_by_id=first.draft_saved_by_id,
                headline=first.headline,
                language="en",
                submission_key=f"correction-{number}",
                flags=[],
                correction_kind="material",
                correction_what="It said 62,000; it is 6,200.",
                correction_why="A slip.",
                published_at=at,
                decided_at=at,
                submitted_at=at,
                promise_at=at,
            )
        )
        row.updated_at = at
        work.commit()


def test_the_next_issue_names_corrections_and_kills_to_those_who_had_the_item_and_the_ledger_knows_them(
    here: Portal,
) -> None:
    corrected, killed = published(here, DUE - 2 * HOUR, DUE - HOUR, headline="CANARY pine seedlings")
    readers(here, 3)
    with here.work() as work:
        work.session.get_one(Subscriber, 3).paused_until = DUE + HOUR
        work.commit()
    building.close_due(here, now=DUE)
    sink = Sink(keep=True)
    with running_sink(sink) as url:
        run(bench(here, url))
        with here.database.reading() as session:
            ledger = [each.address for each in removal.received(session, killed)]
        correct(here, corrected, DUE + HOUR)
        kill(here, killed, DUE + 2 * HOUR)
        (fresh,) = published(here, DUE + 3 * HOUR, headline="Something new")
        building.close_due(here, now=DUE + 24 * HOUR)
        sink.mails.clear()
        run(bench(here, url, DUE + 24 * HOUR), "2026-03-25")

    assert ledger == [address(1), address(2)]
    with here.database.reading() as session:
        statement = (
            select(DigestDelivery.subscriber_id, DigestItem.release_id, DigestItem.as_what)
            .join(DigestItem, DigestItem.delivery_id == DigestDelivery.id)
            .where(DigestDelivery.issue_id == 2)
        )
        named = {tuple(row) for row in session.execute(statement)}
    assert named == {
        *((who, fresh, "news") for who in (1, 2, 3)),
        *((who, corrected, "correction") for who in (1, 2)),
        *((who, killed, "kill") for who in (1, 2)),
    }
    told = [mail for mail in sink.mails if b"Retracted" in mail]
    assert len(told) == 2
    assert all(b"It said 62,000; it is 6,200." in mail.replace(b"=\r\n", b"") for mail in told)


def test_a_pause_stops_what_is_left_and_going_on_sends_it(here: Portal, desk_people: Any) -> None:
    published(here, DUE - HOUR)
    readers(here, 30)
    building.close_due(here, now=DUE)
    editing.keep_back(here, desk_people, DATE, version=None, now=DUE)
    sink = Sink()

    with running_sink(sink) as url:
        run(bench(here, url))
        assert not sink.taken
        editing.let_go(here, desk_people, DATE, version=None, now=DUE)
        run(bench(here, url))

    assert len(sink.taken) == 30


@pytest.fixture
def desk_people(here: Portal) -> Any:
    from portal.storage.queries import people

    with here.work() as work:
        row = builders.user(work, role="editor")
        person = people.person(work.session, row)
        work.commit()
    return person


def test_a_mail_server_that_is_away_costs_no_try(here: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "WAITS", ())
    published(here, DUE - HOUR)
    readers(here, 3)
    building.close_due(here, now=DUE)

    run(bench(here, "smtp://127.0.0.1:9"))

    with here.database.reading() as session:
        rows = list(session.scalars(select(DigestDelivery)))
    assert [(row.state, row.attempts, row.handed_at) for row in rows] == [("pending", 0, None)] * 3


def test_yesterdays_letters_are_given_up(here: Portal) -> None:
    published(here, DUE - HOUR)
    readers(here, 2)
    building.close_due(here, now=DUE)

    counts = run(bench(here, "smtp://127.0.0.1:9", DUE + 21 * HOUR))

    assert (counts["sent"], counts["failed"]) == (0, 2)


def test_a_letter_that_cannot_be_written_holds_up_nobody(here: Portal) -> None:
    published(here, DUE - HOUR)
    readers(here, 3)
    with here.work() as work:
        work.session.get_one(Subscriber, 2).email = "evil\r\nBcc: all@lotus.example"
        work.commit()
    building.close_due(here, now=DUE)
    sink = Sink()

    with running_sink(sink) as url:
        run(bench(here, url))

    assert sorted(sink.taken) == [address(1), address(3)]
    assert states(here) == {"sent": 2, "pending": 1}


def test_the_rate_of_the_setting_holds_for_letters_and_decision_mails_of_all_processes(
    database: Any, settings: Any
) -> None:
    here, there = (Portal(Database(database.url), replace(settings, mail_rate=10)) for _ in range(2))
    begun = 1_774_303_200.0

    def taken(portal: Portal, count: int, at: float) -> float:
        return round(pacing.take_slots(portal, count, real_seconds=begun + at) - begun, 3)

    in_turn = [taken(here, 5, 0), taken(there, 5, 0), taken(here, 5, 0.1), taken(there, 1, 0.2)]
    mail = pacing.wait_of_a_mail(here, real_seconds=begun + 0.2)
    after_it = taken(there, 5, 0.3)
    much_later = taken(here, 5, 100)
    from_a_wrong_clock = [taken(there, 5, 90_000), taken(here, 5, 101)]

    assert in_turn == [0, 0.5, 1.0, 1.5]
    assert mail == 1.0  # 1.4 by its slot
    assert after_it == 1.7
    assert much_later == 100
    assert from_a_wrong_clock == [90_000, 101]
    assert pacing.take_slots(replace(here, settings=settings), 5, real_seconds=begun) == begun
    for each in (here, there):
        each.database.dispose()


@pytest.mark.parametrize(
    ("does", "state", "taken"),
    [
        (mail_sink.SILENT_AT_DOOR, "sent", 1),
        (mail_sink.SILENT_AFTER_DOT, "uncertain", 0),
        (mail_sink.DRIPS_AFTER_DOT, "uncertain", 0),
    ],
)
def test_a_server_that_keeps_us_waiting_is_left_and_holds_up_nobody_else(
    here: Portal, does: str, state: str, taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "HANDFUL", 5)
    published(here, DUE - HOUR)
    readers(here, 20)
    building.close_due(here, now=DUE)
    building.queue_deliveries(here, 1, now=DUE)
    sink, slow = Sink({address(3): does}), address(3)

    def impatient(found: Settings) -> bulk_mail.Line:
        sender = SmtpSender(found.mail_url, "press@post.example", answer_seconds=1.5)
        return bulk_mail.SmtpLine(sender)

    with running_sink(sink) as url:
        there = bench(here, url)
        sending = threading.Thread(
            target=digest.send_issue, args=(there, 1), kwargs={"opened": impatient, "connections": 2}
        )
        sending.start()
        while len(sink.taken) < 15 and sending.is_alive():
            digest.time.sleep(0.005)  # only this test's own waiting for the others' letters
        receipt = there.sender.deliver(Outgoing(1, "member@lotus.example", a_mail()))
        sending.join()

    assert receipt.outcome == "sent"
    with here.database.reading() as session:
        found = {row.subscriber_id: row for row in session.scalars(select(DigestDelivery))}
    assert (found[3].state, sink.taken[slow]) == (state, taken)
    in_turn = [who for who in sink.taken if who.startswith("reader")]
    assert slow not in in_turn[:15]  # the other handfuls were sent before
    assert Counter(row.state for number, row in found.items() if number != 3) == {"sent": 19}
    assert {who: times for who, times in sink.taken.items() if times != 1 and who != slow} == {}


def a_mail() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "press@post.example", "member@lotus.example", "Yes"
    message.set_content("Approved.")
    return message


def test_letters_wait_for_their_slots(here: Portal) -> None:
    published(here, DUE - HOUR)
    readers(here, 20)
    building.close_due(here, now=DUE)
    sink = Sink()

    with running_sink(sink) as url:
        there = bench(replace(here, settings=replace(here.settings, mail_rate=100)), url)
        begun = digest.time.monotonic()
        run(there)

    assert digest.time.monotonic() - begun >= 18 / 100
    assert len(sink.taken) == 20


def test_files_are_letters_too_and_one_reader_can_be_sent_theirs_alone(here: Portal, tmp_path: Path) -> None:
    published(here, DUE - HOUR)
    readers(here, 3)
    building.close_due(here, now=DUE)
    there = bench(here)

    first = digest_runs.send_to(there, DATE, address(2))
    test = digest_runs.send_to(there, DATE, "somebody@else.example")
    counts = run(there)

    folder = here.settings.mail_folder
    assert folder is not None
    to = Counter(
        line
        for file in folder.glob("*.eml")
        for line in file.read_text("utf-8").splitlines()
        if line.startswith("X-Envelope-To")
    )
    assert first == {"date": DATE, "readers": 1, "sent": 1, "failed": 0, "uncertain": 0}
    assert (test["sent"], counts["sent"]) == (1, 3)
    assert to == {f"X-Envelope-To: {who}": 1 for who in [*map(address, (1, 2, 3)), "somebody@else.example"]}


def test_the_clock_closes_the_issue_and_sends_it_where_no_worker_does(
    database: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock_process, "DELIVER_AFTER", 0.0)
    here = Portal(database, replace(settings, database_url=database.url))
    published(here, DUE - HOUR)
    readers(here, 60)
    sink = Sink()

    with running_sink(sink) as url:
        clock = clock_process.ClockProcess(bench(here, url, DUE + timedelta(seconds=2)), "test")
        clock.parts = {name: clock.parts[name] for name in ("issues", "letters")}
        for _ in range(3):
            assert clock.tick_if_mine()
            clock.wait_for_mails()

    assert Counter(sink.taken.values()) == {1: 60}
    assert states(here) == {"sent": 60}
    with database.reading() as session:
        (issue,) = session.scalars(select(DigestIssue))
    assert (issue.date, issue.late, issue.finished_at) == (DATE, False, DUE + timedelta(seconds=2))
