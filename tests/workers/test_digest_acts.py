"""A release is killed, taken down, corrected or taken back while its letters leave, at every point of the sending.

Nobody gets the text whose letter was not in the mail server's hands already, and whoever has it is told.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.actions.mailing import notifying, suppressing
from portal.actions.moderating import editing_text, undoing
from portal.actions.newsletter import building
from portal.actions.publishing import correcting, killing, removing
from portal.actions.publishing.correcting import Correction
from portal.actions.publishing.killing import Kill
from portal.outlets.mail.bulk_mail import Answer, Letter, ServerAway
from portal.outlets.mail.senders import sender_from
from portal.rules.mailing.mail_outcomes import SENT, UNCERTAIN
from portal.storage.last_look import LastLook
from portal.storage.tables import Delivery, DigestDelivery, DigestIssue, DigestItem, Subscriber
from tests.rigs.desk import Desk
from tests.rigs.mail_sink import Sink, add_readers, address, running_sink
from tests.rigs.mailroom import StillClock
from workers import digest
from workers.bench import Bench

CANARY = "Canary ferries start a dawn crossing to Sapudi island"
WHY = Kill("It was never true.", ["FACTS"], mail_readers=True)
READERS = 7


@dataclass
class Stepping:
    """A mail server that takes everything, and lets somebody act at the point of this number.

    Points are: a letter is near, it is in DATA, it was taken and nobody has noted it yet.
    """

    at_point: int
    act: Callable[[], None]
    breaks: bool = False
    points: int = 0
    has_acted: bool = False
    # Who got the text whose letter was in DATA when somebody acted, or before; and who got it although it was not.
    got: set[str] = field(default_factory=set)
    too_late: set[str] = field(default_factory=set)
    in_data: int = 0
    after: int = 0
    lock: Any = field(default_factory=threading.RLock)

    def reach(self) -> None:
        with self.lock:
            self.points += 1
            if self.points == self.at_point:
                self.act()
                self.has_acted = True
                self.after = self.in_data

    def line(self, _settings: Any) -> Stepping:
        return self

    def hand_over(
        self, letters: Iterable[Letter], go_on: Callable[[], bool], may_go: Callable[[Letter], bool]
    ) -> Iterator[Answer]:
        for letter in letters:
            self.reach()
            with self.lock:
                if not go_on() or not may_go(letter):
                    return
                self.in_data += 1
                asked_before = not self.has_acted
            self.reach()
            self._take(letter, asked_before)
            self.reach()
            if self.breaks and self.has_acted:
                self.breaks = False
                yield Answer(letter.number, UNCERTAIN, "the connection broke")
                raise ServerAway("gone")
            yield Answer(letter.number, SENT)

    def close(self) -> None:
        """Nothing stays open."""

    def _take(self, letter: Letter, asked_before: bool) -> None:
        with self.lock:
            self.in_data -= 1
            text = letter.content.replace(b"=\r\n", b"")
            if b"Canary ferries" in text:
                (self.got if asked_before else self.too_late).add(letter.recipient)


@dataclass
class Morning:
    """A public release in an issue whose letters are about to leave."""

    desk: Desk
    reference: str
    date: str
    issue_id: int

    @property
    def bench(self) -> Bench:
        portal = self.desk.portal
        return Bench(portal, StillClock(self.desk.now), sender_from(portal.settings))

    def send(self, server: Stepping, *, connections: int = 1) -> None:
        bench = self.bench
        building.queue_deliveries(self.desk.portal, self.issue_id, now=self.desk.now)
        digest.send_issue(bench, self.issue_id, opened=server.line, connections=connections)

    def told_of_kill(self) -> list[str]:
        statement = select(Delivery.recipient).where(Delivery.template == "killed_reader")
        with self.desk.portal.database.reading() as session:
            return sorted(session.scalars(statement))

    def told_by_the_next_issue(self) -> dict[str, str]:
        """Every reader whose next letter tells what became of the release, and what it says."""
        desk = self.desk
        desk.now += timedelta(days=1)
        building.close_due(desk.portal, now=desk.now)
        with desk.portal.database.reading() as session:
            second = session.scalars(select(DigestIssue).order_by(DigestIssue.id.desc())).first()
            assert second is not None
            assert second.id != self.issue_id
        quiet = Stepping(0, lambda: None)
        digest.send_issue(self.bench, second.id, opened=quiet.line, connections=1)
        statement = (
            select(Subscriber.email, DigestItem.as_what)
            .join(DigestDelivery, DigestDelivery.subscriber_id == Subscriber.id)
            .join(DigestItem, DigestItem.delivery_id == DigestDelivery.id)
            .where(DigestDelivery.issue_id == second.id, DigestDelivery.state == "sent")
        )
        with desk.portal.database.reading() as session:
            return dict(session.execute(statement).tuples().all())


def morning(desk: Desk, readers: int = READERS) -> Morning:
    reference = desk.held(headline=CANARY)
    desk.decide(reference)
    with desk.portal.work() as work:
        add_readers(work, readers, desk.now)
        work.commit()
    desk.now += timedelta(minutes=1)
    date = desk.now.astimezone(desk.portal.settings.zone).date().isoformat()
    building.close_issue(desk.portal, date, now=desk.now)
    return Morning(desk, reference, date, building.issue_id_of(desk.portal, date))


def relayed(desk: Desk, fact: str) -> None:
    """The worst case: the mails of the act are made at once, before anything more is known."""
    notifying.relay(desk.portal, desk.told(fact)[-1].id, now=desk.now + timedelta(hours=1), at=desk.now)


def kill(desk: Desk, reference: str) -> None:
    desk.take(killing.kill, reference, desk.people.senior, sent=WHY)
    relayed(desk, "killed")


def take_down(desk: Desk, reference: str) -> None:
    desk.take(removing.take_down, reference, desk.people.senior, message="Asked by a court.")


def take_back(desk: Desk, reference: str) -> None:
    desk.take(undoing.undo, reference, desk.people.editor)


def correct(desk: Desk, reference: str) -> None:
    wrong = Correction("material", "It said dawn; it is noon.", "A slip of ours.")
    desk.take(correcting.open_by_editor, reference, desk.people.editor, correction=wrong)
    values = {"headline": "Ferries start a noon crossing to Sapudi island"}
    desk.take(editing_text.edit, reference, desk.people.editor, posted=values, material=False)
    desk.decide(reference)


ACTS = {"kill": kill, "take down": take_down, "take back": take_back, "correct": correct}
NEXT_ISSUE_SAYS = {"kill": "kill", "take down": "removal", "take back": "removal", "correct": "correction"}


@pytest.fixture(autouse=True)
def _small_handfuls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "HANDFUL", 3)
    monkeypatch.setattr(digest, "WAITS", (0.0,) * 9)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("point", range(1, 3 * READERS + 1))
def test_whoever_got_the_text_is_told_and_nobody_gets_it_afterwards(
    sqlite_desk: Desk, act: str, point: int
) -> None:
    sent = morning(sqlite_desk)
    server = Stepping(point, lambda: ACTS[act](sqlite_desk, sent.reference))

    sent.send(server)

    assert server.has_acted
    assert (server.too_late, server.after <= 1) == (set(), True)
    if act == "kill":
        assert sent.told_of_kill() == sorted(server.got)
    told = sent.told_by_the_next_issue()
    assert {who for who, what in told.items() if what == NEXT_ISSUE_SAYS[act]} >= server.got


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("point", [1, 2, 3, 301, 1499, 1500, 2998, 2999, 3000])
def test_it_is_so_for_a_thousand_readers_and_several_connections(
    sqlite_desk: Desk, act: str, point: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "HANDFUL", 100)
    sent = morning(sqlite_desk, 1_000)
    server = Stepping(point, lambda: ACTS[act](sqlite_desk, sent.reference))

    sent.send(server, connections=digest.CONNECTIONS)

    assert server.has_acted
    assert (server.too_late, server.after <= digest.CONNECTIONS) == (set(), True)
    if act == "kill":
        assert sent.told_of_kill() == sorted(server.got)
    elif point in (2, 1500):
        told = sent.told_by_the_next_issue()
        assert {who for who, what in told.items() if what == NEXT_ISSUE_SAYS[act]} >= server.got


def test_a_letter_that_becomes_uncertain_after_the_kill_is_told_of_then(sqlite_desk: Desk) -> None:
    sent = morning(sqlite_desk)
    server = Stepping(5, lambda: kill(sqlite_desk, sent.reference), breaks=True)

    sent.send(server)

    assert sent.told_of_kill() == sorted(server.got)
    with sqlite_desk.portal.database.reading() as session:
        assert "uncertain" in set(session.scalars(select(DigestDelivery.state)))


def test_a_sender_that_dies_with_letters_in_hand_leaves_nobody_untold(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it had marked as handed over counts as received once its lease has run out."""

    def die() -> None:
        kill(sqlite_desk, sent.reference)
        raise KeyboardInterrupt

    sent = morning(sqlite_desk)
    server = Stepping(8, die)  # the third letter of the handful is in DATA
    monkeypatch.setattr(digest.sending, "record_outcomes", lambda *_rows, **_times: None)
    with pytest.raises(KeyboardInterrupt):
        sent.send(server)
    monkeypatch.undo()
    assert sent.told_of_kill() == []

    later = digest.real_time() + timedelta(minutes=6)
    digest.sending.settle(sqlite_desk.portal, sent.issue_id, now=sqlite_desk.now, at=later)

    assert set(sent.told_of_kill()) >= server.got
    assert len(sent.told_of_kill()) == 3  # the whole handful was marked as handed over


def test_a_kill_of_which_readers_are_not_mailed_is_told_by_the_next_issue_alone(sqlite_desk: Desk) -> None:
    def quietly() -> None:
        quiet = replace(WHY, mail_readers=False)
        sqlite_desk.take(killing.kill, sent.reference, sqlite_desk.people.senior, sent=quiet)
        relayed(sqlite_desk, "killed")

    sent = morning(sqlite_desk)
    server = Stepping(5, quietly)

    sent.send(server)

    assert (server.too_late, sent.told_of_kill()) == (set(), [])
    told = sent.told_by_the_next_issue()
    assert {who for who, what in told.items() if what == "kill"} == server.got


def test_nobody_is_told_twice_and_a_relay_that_is_still_to_come_tells_all(sqlite_desk: Desk) -> None:
    def kill_alone() -> None:
        sqlite_desk.take(killing.kill, sent.reference, sqlite_desk.people.senior, sent=WHY)

    sent = morning(sqlite_desk)
    server = Stepping(9, kill_alone)
    sent.send(server)
    assert sent.told_of_kill() == []

    relayed(sqlite_desk, "killed")
    digest.sending.settle(sqlite_desk.portal, sent.issue_id, now=sqlite_desk.now, at=digest.real_time())

    assert sent.told_of_kill() == sorted(server.got)


def test_a_kill_that_was_taken_back_meanwhile_tells_nobody(sqlite_desk: Desk) -> None:
    def kill_and_revert() -> None:
        kill(sqlite_desk, sent.reference)
        sqlite_desk.take(removing.revert, sent.reference, sqlite_desk.people.senior, message="It was true.")

    sent = morning(sqlite_desk)
    server = Stepping(2, kill_and_revert)

    sent.send(server)

    assert sent.told_of_kill() == []
    with sqlite_desk.portal.database.reading() as session:
        assert set(session.scalars(select(DigestDelivery.state))) == {"sent"}


@pytest.mark.parametrize("how", ["left", "pauses", "suppressed", "kept back"])
def test_a_reader_who_left_while_the_letter_was_near_gets_none(sqlite_desk: Desk, how: str) -> None:
    desk = sqlite_desk

    def change() -> None:
        with desk.portal.work() as work:
            reader = work.session.get_one(Subscriber, 2)
            if how == "left":
                reader.state = "left"
            elif how == "pauses":
                reader.paused_until = desk.now + timedelta(days=2)
            elif how == "suppressed":
                suppressing.suppress(work, reader.email, reason="refused", detail="550", now=desk.now)
            else:
                work.session.get_one(DigestIssue, sent.issue_id).paused_at = desk.now
            work.commit()

    sent = morning(desk)
    server = Stepping(4, change)  # the second reader's letter is near

    sent.send(server)

    with desk.portal.database.reading() as session:
        found = dict(
            session.execute(select(DigestDelivery.subscriber_id, DigestDelivery.state)).tuples().all()
        )
    assert address(2) not in server.got | server.too_late
    if how == "kept back":
        assert [found[number] for number in range(1, READERS + 1)] == ["sent", *["pending"] * (READERS - 1)]
    else:
        assert found == {number: "dropped" if number == 2 else "sent" for number in range(1, READERS + 1)}


@pytest.mark.parametrize("pipelining", [True, False])
def test_the_mail_server_gets_no_text_whose_turn_came_after_the_kill(
    sqlite_desk: Desk, pipelining: bool
) -> None:
    """Over SMTP: the kill comes with the third recipient, before their text is asked for."""
    sent = morning(sqlite_desk)
    sink = Acting(pipelining=pipelining, keep=True)
    sink.act = lambda: kill(sqlite_desk, sent.reference)
    with running_sink(sink) as url:
        portal = replace(sqlite_desk.portal, settings=replace(sqlite_desk.portal.settings, mail_url=url))
        building.queue_deliveries(portal, sent.issue_id, now=sqlite_desk.now)
        bench = Bench(portal, StillClock(sqlite_desk.now), sender_from(portal.settings))
        digest.send_issue(bench, sent.issue_id, connections=1)

    texts = [mail for mail in sink.mails if b"Canary ferries" in mail.replace(b"=\r\n", b"")]
    assert len(texts) == 2
    assert sent.told_of_kill() == [address(1), address(2)]
    with sqlite_desk.portal.database.reading() as session:
        states = list(session.scalars(select(DigestDelivery.state)))
    assert (states.count("sent"), states.count("dropped")) == (2, READERS - 2)


@dataclass
class Acting(Sink):
    """Somebody acts when the third recipient is named."""

    act: Callable[[], None] = lambda: None

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, to: str, _options: Any
    ) -> str:
        if to == address(3):
            self.act()
        envelope.rcpt_tos.append(to)
        return "250 OK"


def test_the_last_look_sees_what_is_committed_and_moves_with_every_fact(desk: Desk) -> None:
    sent = morning(desk)
    building.queue_deliveries(desk.portal, sent.issue_id, now=desk.now)
    with LastLook(desk.portal.database) as look:
        first = look.at(1, desk.now)
        take_down(desk, sent.reference)
        second = look.at(1, desk.now)
        with desk.portal.work() as work:
            work.session.get_one(Subscriber, 1).state = "left"
            suppressing.suppress(work, address(2), reason="refused", detail="550", now=desk.now)
            suppressing.note_soft(work, address(3), detail="452", now=desk.now)
            work.session.get_one(Subscriber, 4).paused_until = desk.now + timedelta(days=1)
            work.commit()
        seen = [look.at(number, desk.now) for number in (1, 2, 3, 4)]
        after = look.at(4, desk.now + timedelta(days=1))

    assert first is not None
    assert second is not None
    assert second > first
    assert seen == [None, None, second, None]
    assert after == second
