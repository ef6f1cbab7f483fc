"""Mail leaves here: as files on a machine of one's own, by SMTP where mail is real.

A receipt says whether the mail was taken, should be tried again, or was refused for good. It never raises for
what a mail server says or does: one bad mail must not hold up the others.
"""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import parseaddr
from pathlib import Path
from threading import Timer
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from portal.outlets.mail.mail_bytes import SMTP, begun_at_once
from portal.outlets.mail.signature import Signer, signer_from
from portal.rules.mailing.mail_outcomes import LATER, REFUSED, SENT
from portal.settings import Settings
from portal.settings.refusals import is_loopback

ANSWER_SECONDS = 20
"""For connecting and for each answer of the mail server."""
LOOK_SECONDS = 3
"""For a look at the mail server when the portal starts."""
WHOLE_SECONDS = 90
"""For the whole conversation, so that a server that sends a byte a second holds nobody."""


@dataclass(frozen=True)
class Outgoing:
    """One mail to one recipient. `written` is the whole mail where it was not made as a message."""

    delivery_id: int
    recipient: str
    message: EmailMessage
    written: bytes = b""


@dataclass(frozen=True)
class Receipt:
    """What became of it: sent, later (try again) or refused (for good), and what the server said."""

    outcome: str
    detail: str = ""


class LoginInClear(smtplib.SMTPException):
    """The password would go over the network for everybody to read. Nothing was sent."""


class Sender(Protocol):
    """A way for mail to leave."""

    def deliver(self, item: Outgoing) -> Receipt: ...


def sender_from(settings: Settings) -> Sender:
    """The way that PORTAL_MAIL_URL names, signing where there is a key. Raises UnusableKey."""
    folder = settings.mail_folder
    envelope_from = parseaddr(settings.mail_from)[1]
    if folder is not None:
        return FileSender(folder, envelope_from, signer_from(settings))
    return SmtpSender(settings.mail_url, envelope_from, signer_from(settings))


@dataclass(frozen=True)
class FileSender:
    """One RFC 5322 file for each mail, whole or not there."""

    folder: Path
    envelope_from: str
    signer: Signer | None = None

    def deliver(self, item: Outgoing) -> Receipt:
        try:
            self._write(item)
        except OSError as problem:
            return Receipt(LATER, f"the mail folder: {problem.strerror}")
        return Receipt(SENT)

    def _write(self, item: Outgoing) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{item.delivery_id}.eml"
        draft = path.with_suffix(f".{os.getpid()}.tmp")
        with draft.open("xb") as file:
            file.write(self._envelope(item) + as_bytes(item, self.signer))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)

    def _envelope(self, item: Outgoing) -> bytes:
        return f"X-Envelope-From: {self.envelope_from}\r\nX-Envelope-To: {item.recipient}\r\n".encode()


class TimedServer(smtplib.SMTP):
    """A mail server that is given so long and no longer, from its first byte on."""

    limit: Timer | None = None

    def __init__(self, host: str, port: int, *, whole_seconds: float, **more: Any) -> None:
        self.whole_seconds = whole_seconds
        super().__init__(host, port, **more)

    def connect(
        self, host: str = "localhost", port: int = 0, source_address: Any = None
    ) -> tuple[int, bytes]:
        self.limit = Timer(self.whole_seconds, hang_up, [self])
        self.limit.daemon = True
        self.limit.start()
        try:
            return super().connect(host, port, source_address)
        except OSError:
            self.limit.cancel()
            raise

    def unlimited(self) -> None:
        """From here on its user watches the time."""
        if self.limit is not None:
            self.limit.cancel()

    def close(self) -> None:
        self.unlimited()
        super().close()


class TimedSecureServer(TimedServer, smtplib.SMTP_SSL):
    """The same with TLS from the start."""


@dataclass(frozen=True)
class SmtpSender:
    """`smtp://` with STARTTLS where it is offered, `smtps://` with TLS from the start."""

    url: str
    envelope_from: str
    signer: Signer | None = None
    answer_seconds: float = ANSWER_SECONDS
    whole_seconds: float = WHOLE_SECONDS

    def deliver(self, item: Outgoing) -> Receipt:
        try:
            with self._conversation() as server:
                return self._hand_over(server, item)
        except smtplib.SMTPResponseException as answer:
            return Receipt(LATER, said(answer.smtp_code, answer.smtp_error))
        except LoginInClear as refusal:
            return Receipt(LATER, str(refusal))
        except (OSError, smtplib.SMTPException, ValueError) as problem:
            return Receipt(LATER, f"{type(problem).__name__}: {problem}")

    @contextmanager
    def _conversation(self) -> Iterator[smtplib.SMTP]:
        server = self.open()
        try:
            yield server
        finally:
            _say_goodbye(server)

    def open(self, *, for_many: bool = False) -> smtplib.SMTP:
        """A server that knows us and waits for mail. Who has many mails for it watches the time from here on."""
        server = self._connected()
        try:
            self._introduce(server)
        except BaseException:
            server.close()
            raise
        if for_many:
            server.unlimited()
        return server

    def _connected(self) -> TimedServer:
        parts = urlsplit(self.url)
        host, most = parts.hostname or "localhost", self.whole_seconds
        if parts.scheme == "smtps":
            secure = ssl.create_default_context()
            return TimedSecureServer(
                host, parts.port or 465, timeout=self.answer_seconds, context=secure, whole_seconds=most
            )
        return TimedServer(host, parts.port or 25, timeout=self.answer_seconds, whole_seconds=most)

    def look(self) -> None:
        """Connect as for a mail, up to where the password would be said. Raises LoginInClear, OSError, SMTPException."""
        server = self._connected()
        try:
            self._secure(server)
        finally:
            server.close()

    def _introduce(self, server: smtplib.SMTP) -> None:
        self._secure(server)
        parts = urlsplit(self.url)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))

    def _secure(self, server: smtplib.SMTP) -> None:
        """STARTTLS where it is offered; where it is not, no password leaves this machine, whoever took the offer away."""
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        server.ehlo_or_helo_if_needed()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=_trusting_context(host))
            server.ehlo()
        elif parts.scheme == "smtp" and parts.username and not is_loopback(host):
            raise LoginInClear(
                f"{host} offers no STARTTLS, so the password in PORTAL_MAIL_URL would go over the network in clear. "
                "Use smtps:// or a server that offers STARTTLS, or take the user name out of PORTAL_MAIL_URL."
            )

    def _hand_over(self, server: smtplib.SMTP, item: Outgoing) -> Receipt:
        try:
            content = as_bytes(item, self.signer)
            server.sendmail(self.envelope_from, [item.recipient], content, self._options(item))
        except smtplib.SMTPRecipientsRefused as refusal:
            return _answer_to(*next(iter(refusal.recipients.values())))
        except smtplib.SMTPDataError as answer:
            return _answer_to(answer.smtp_code, answer.smtp_error)
        except smtplib.SMTPNotSupportedError:
            return Receipt(REFUSED, "the mail server does not take addresses with these letters")
        return Receipt(SENT)

    def _options(self, item: Outgoing) -> list[str]:
        return [] if item.recipient.isascii() else ["SMTPUTF8"]


def refusal_to_start(settings: Settings) -> str:
    """Why mail must not be sent like this, or nothing: also where the mail server does not answer now, which is no
    reason not to start. Only a user name for another machine is looked at; that takes up to 3 seconds."""
    parts = urlsplit(settings.mail_url)
    if parts.scheme != "smtp" or not parts.username or is_loopback(parts.hostname or ""):
        return ""
    try:
        SmtpSender(settings.mail_url, "", answer_seconds=LOOK_SECONDS, whole_seconds=LOOK_SECONDS).look()
    except LoginInClear as refusal:
        return str(refusal)
    except (OSError, smtplib.SMTPException, ValueError):
        return ""
    return ""


def as_bytes(item: Outgoing, signer: Signer | None = None) -> bytes:
    """The message as it goes over the wire, signed where somebody signs."""
    message = item.written or _serialised(item)
    return signer.signed(message) if signer else message


def _serialised(item: Outgoing) -> bytes:
    whole = item.message.as_bytes(policy=SMTP if item.recipient.isascii() else SMTPUTF8)
    headers, blank, body = whole.partition(b"\r\n\r\n")
    return begun_at_once(headers) + blank + body


def _answer_to(code: int, answer: bytes | str) -> Receipt:
    return Receipt(REFUSED if code >= 500 else LATER, said(code, answer))


def said(code: int, answer: bytes | str) -> str:
    """A mail server's answer on one line."""
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(words.split())}"[:300]


def _trusting_context(host: str) -> ssl.SSLContext:
    """STARTTLS within the machine needs no certificate; anywhere else it has to be a good one."""
    context = ssl.create_default_context()
    if host in ("localhost", "127.0.0.1", "::1"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def hang_up(server: smtplib.SMTP) -> None:
    """Time is up: whoever waits for an answer gets an error instead."""
    if server.sock is not None:
        with suppress(OSError):
            server.sock.shutdown(socket.SHUT_RDWR)


def _say_goodbye(server: smtplib.SMTP) -> None:
    """The mail was taken or not by now; a server that hangs up instead of a goodbye changes nothing."""
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()
