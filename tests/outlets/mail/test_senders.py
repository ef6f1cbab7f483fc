"""Mail leaves whole or not at all, and a mail server's answer is understood."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path
from typing import Any

import pytest

from portal.outlets.mail.senders import (
    LATER,
    REFUSED,
    SENT,
    FileSender,
    Outgoing,
    Receipt,
    SmtpSender,
    refusal_to_start,
    sender_from,
)
from portal.settings import Settings, load_settings
from tests.rigs.mailroom import ScriptedSmtp, running_smtp


def a_mail(recipient: str = "dewi@selatbiru.example") -> Outgoing:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = "press@post.example", recipient
    message["Subject"] = "မော်လမြိုင် – received"
    message.set_content("A line.\n.\nAnother after a dot.\n", cte="quoted-printable")
    message.add_alternative("<p>A line.</p>", subtype="html")
    return Outgoing(7, recipient, message)


def test_a_file_holds_the_message_and_its_envelope(tmp_path: Path) -> None:
    receipt = FileSender(tmp_path / "mail", "press@post.example").deliver(a_mail())

    [file] = (tmp_path / "mail").iterdir()
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert receipt == Receipt(SENT)
    assert file.name.endswith("-7.eml")
    assert (message["X-Envelope-From"], message["X-Envelope-To"]) == (
        "press@post.example",
        "dewi@selatbiru.example",
    )
    assert [each.get_content_type() for each in message.iter_parts()] == ["text/plain", "text/html"]  # type: ignore[attr-defined]


def test_a_folder_that_cannot_be_written_puts_the_mail_off(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("no folder")

    assert FileSender(tmp_path / "mail", "press@post.example").deliver(a_mail()).outcome == LATER


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        ({}, SENT),
        ({"recipient": ["550 5.1.1 no such person"]}, REFUSED),
        ({"recipient": ["451 4.7.1 greylisted"]}, LATER),
        ({"data": ["554 5.7.1 not wanted"]}, REFUSED),
        ({"data": ["452 4.2.2 full"]}, LATER),
        ({"data": ["421 4.3.2 closing"]}, LATER),
    ],
)
def test_the_servers_answer_decides(script: dict[str, Any], outcome: str) -> None:
    said = next((answers[0] for answers in script.values()), "")
    with running_smtp(ScriptedSmtp(**{when: list(answers) for when, answers in script.items()})) as url:
        receipt = SmtpSender(url, "press@post.example").deliver(a_mail())

    assert receipt.outcome == outcome
    assert receipt.detail == said


def test_a_mail_put_off_is_taken_the_next_time_byte_for_byte() -> None:
    server = ScriptedSmtp(data=["451 later"])
    with running_smtp(server) as url:
        sender = SmtpSender(url, "press@post.example")
        outcomes = [sender.deliver(a_mail()).outcome for _ in range(2)]

    [taken] = server.taken
    body = message_from_bytes(taken, policy=default).get_body(("plain",))  # type: ignore[attr-defined]
    assert outcomes == [LATER, SENT]
    assert body.get_content() == "A line.\r\n.\r\nAnother after a dot.\r\n"


def test_a_server_that_is_away_puts_the_mail_off() -> None:
    receipt = SmtpSender("smtp://127.0.0.1:1", "press@post.example").deliver(a_mail())

    assert receipt.outcome == LATER
    assert "ConnectionRefusedError" in receipt.detail


def test_the_url_names_the_way(tmp_path: Path) -> None:
    urls = ("file:", "smtp://relay.example:587", "smtps://user:word@relay.example")
    ways = [
        sender_from(load_settings({"PORTAL_ENV": "development", "PORTAL_MAIL_URL": url}, tmp_path))
        for url in urls
    ]

    assert [type(way) for way in ways] == [FileSender, SmtpSender, SmtpSender]


@pytest.fixture
def dripping_server() -> Iterator[str]:
    """A server that sends its greeting one letter at a time and never ends it."""
    ended = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            while not ended.wait(0.05):
                connection.send(b"2")

    threading.Thread(target=drip, daemon=True).start()
    yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"
    ended.set()
    listening.close()


def test_a_server_that_drips_is_left(dripping_server: str) -> None:
    receipt = SmtpSender(dripping_server, "press@post.example", whole_seconds=0.3).deliver(a_mail())

    assert receipt.outcome == LATER
    assert "too long" not in receipt.detail  # as after eight thousand letters for whoever goes on listening


class PlainServer:
    """A mail server without STARTTLS, as a look and a login see it; it remembers what was said to it."""

    def __init__(self, *, offers_starttls: bool) -> None:
        self.offers_starttls, self.heard = offers_starttls, []

    def ehlo_or_helo_if_needed(self) -> None:
        self.heard.append("EHLO")

    def has_extn(self, name: str) -> bool:
        return name == "starttls" and self.offers_starttls

    def starttls(self, **_context: Any) -> None:
        self.heard.append("STARTTLS")

    def ehlo(self) -> None:
        self.heard.append("EHLO")

    def login(self, name: str, password: str) -> None:
        self.heard.append(f"AUTH {name} {password}")

    def close(self) -> None:
        self.heard.append("closed")


def talk(monkeypatch: pytest.MonkeyPatch, url: str, *, offers_starttls: bool) -> tuple[Receipt, list[str]]:
    server = PlainServer(offers_starttls=offers_starttls)
    monkeypatch.setattr(SmtpSender, "_connected", lambda _self: server)
    monkeypatch.setattr(SmtpSender, "_hand_over", lambda _self, _server, _item: Receipt(SENT))
    monkeypatch.setattr("portal.outlets.mail.senders._say_goodbye", lambda _server: None)
    return SmtpSender(url, "press@post.example").deliver(a_mail()), server.heard


AWAY = "mail.example.org"


@pytest.mark.parametrize("host", [AWAY, "192.0.2.4", "[2001:db8::4]", "localhost.example"])
def test_no_password_goes_in_clear_to_another_machine(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    receipt, heard = talk(monkeypatch, f"smtp://press:hunter2@{host}:587", offers_starttls=False)

    assert receipt.outcome == LATER
    assert "offers no STARTTLS" in receipt.detail
    assert "smtps://" in receipt.detail
    assert "hunter2" not in receipt.detail
    assert heard == ["EHLO", "closed"]


@pytest.mark.parametrize(
    ("url", "offers", "said"),
    [
        (f"smtp://press:hunter2@{AWAY}", True, ["EHLO", "STARTTLS", "EHLO", "AUTH press hunter2"]),
        ("smtp://press:hunter2@127.0.0.1", False, ["EHLO", "AUTH press hunter2"]),
        ("smtp://press:hunter2@[::1]", False, ["EHLO", "AUTH press hunter2"]),
        ("smtp://press:hunter2@localhost", False, ["EHLO", "AUTH press hunter2"]),
        (f"smtp://{AWAY}", False, ["EHLO"]),
        (f"smtps://press:hunter2@{AWAY}", False, ["EHLO", "AUTH press hunter2"]),
    ],
)
def test_who_may_log_in(monkeypatch: pytest.MonkeyPatch, url: str, offers: bool, said: list[str]) -> None:
    receipt, heard = talk(monkeypatch, url, offers_starttls=offers)

    assert (receipt, heard) == (Receipt(SENT), said)


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        (f"smtp://press:hunter2@{AWAY}", True),
        (f"smtp://{AWAY}", False),
        ("smtp://press:hunter2@127.0.0.1", False),
        (f"smtps://press:hunter2@{AWAY}", False),
        ("file:", False),
    ],
)
def test_a_start_is_refused_where_a_password_would_go_in_clear(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, url: str, refused: bool
) -> None:
    server = PlainServer(offers_starttls=False)
    monkeypatch.setattr(SmtpSender, "_connected", lambda _self: server)

    refusal = refusal_to_start(replace(settings, mail_url=url))

    assert ("take the user name out of PORTAL_MAIL_URL" in refusal) is refused
    assert server.heard == (["EHLO", "closed"] if refused else [])


def test_a_mail_server_that_is_away_is_no_reason_not_to_start(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    def refuse(_self: SmtpSender) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(SmtpSender, "_connected", refuse)

    assert refusal_to_start(replace(settings, mail_url=f"smtp://press:hunter2@{AWAY}")) == ""
