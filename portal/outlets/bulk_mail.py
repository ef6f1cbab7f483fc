"""Many mails over few connections: a connection is kept, and where the mail server offers it commands are pipelined.

What became of each letter is known exactly: taken, refused, to be tried later, untouched; or uncertain, where the
connection went away after the final dot and before the answer. The next envelope leaves together with the text
before it, so that a letter costs one round trip.
"""

from __future__ import annotations

import os
import smtplib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from pathlib import Path
from time import monotonic
from typing import Protocol

from portal.outlets.mail import ANSWER_SECONDS, SmtpSender, hang_up, said
from portal.rules.mail_refusals import CONTENT, RECIPIENT, SENDER
from portal.settings import Settings

HANDFUL_SECONDS = 20.0
"""After so long no further letter of a handful is begun, so that its lease (actions/digest_sending.py) outlives it."""
WHOLE_SECONDS = 150.0
"""For the whole handful, so that a server that sends a byte a second holds nobody longer."""

SENT, LATER, REFUSED, UNCERTAIN, UNTOUCHED = "sent", "later", "refused", "uncertain", "untouched"


@dataclass(frozen=True)
class Letter:
    """One finished message for one recipient, as bytes with CRLF."""

    number: int
    envelope_from: str
    recipient: str
    content: bytes


@dataclass(frozen=True)
class Answer:
    """What became of it; `step` and `code` where the server said no."""

    number: int
    outcome: str
    detail: str = ""
    step: str = ""
    code: int = 0


class ServerAway(Exception):
    """The mail server cannot be reached, or wants nothing more now; no letter is to blame."""


class Line(Protocol):
    """A way for many letters, kept open between them."""

    def hand_over(self, letters: Sequence[Letter], go_on: Callable[[], bool]) -> Iterator[Answer]:
        """An answer for every letter, in order. `go_on` is asked before each; on False the rest is untouched.

        Raises ServerAway after the answers where the connection is no good.
        """
        ...

    def close(self) -> None: ...


def line_from(settings: Settings) -> Line:
    """The way that PORTAL_MAIL_URL names."""
    folder = settings.mail_folder
    if folder is not None:
        return FileLine(folder)
    return SmtpLine(SmtpSender(settings.mail_url, parseaddr(settings.mail_from)[1]))


@dataclass(frozen=True)
class FileLine:
    """One file for each letter, whole or not there."""

    folder: Path

    def hand_over(self, letters: Sequence[Letter], go_on: Callable[[], bool]) -> Iterator[Answer]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        going = True
        for letter in letters:
            going = going and go_on()
            yield self._written(letter) if going else Answer(letter.number, UNTOUCHED)

    def close(self) -> None:
        """Nothing stays open."""

    def _written(self, letter: Letter) -> Answer:
        path = self.folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{letter.number}.eml"
        draft = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}.tmp")
        envelope = (
            f"X-Envelope-From: {letter.envelope_from}\r\nX-Envelope-To: {letter.recipient}\r\n".encode()
        )
        try:
            draft.write_bytes(envelope + letter.content)
            draft.rename(path)
        except OSError as problem:
            return Answer(letter.number, LATER, f"the mail folder: {problem.strerror}")
        return Answer(letter.number, SENT)


class SmtpLine:
    """One connection to the mail server, opened when it is needed and again after it broke."""

    def __init__(self, sender: SmtpSender) -> None:
        self._sender = sender
        self._server: smtplib.SMTP | None = None
        self._pipelines = False
        self._envelope_out = False
        self._reset_first = False

    def hand_over(self, letters: Sequence[Letter], go_on: Callable[[], bool]) -> Iterator[Answer]:
        server = self._connected()
        until = monotonic() + HANDFUL_SECONDS
        limit = threading.Timer(WHOLE_SECONDS, hang_up, [server])
        limit.daemon = True
        limit.start()
        try:
            yield from self._each(server, letters, lambda: monotonic() < until and go_on())
        finally:
            limit.cancel()

    def close(self) -> None:
        """Say goodbye where somebody listens."""
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _connected(self) -> smtplib.SMTP:
        if self._server is not None:
            return self._server
        try:
            self._server = self._sender.open(timed=False)
        except (OSError, smtplib.SMTPException) as problem:
            raise ServerAway(f"{type(problem).__name__}: {problem}") from None
        self._pipelines = self._server.has_extn("pipelining")
        self._envelope_out = self._reset_first = False
        return self._server

    def _each(
        self, server: smtplib.SMTP, letters: Sequence[Letter], go_on: Callable[[], bool]
    ) -> Iterator[Answer]:
        for place, letter in enumerate(letters):
            if not self._envelope_out and not go_on():
                yield from _untouched(letters[place:])
                return
            following = letters[place + 1] if place + 1 < len(letters) else None
            try:
                answer = self._one(server, letter, following, go_on)
            except _Broken as broken:
                self._drop()
                yield Answer(letter.number, broken.outcome, broken.detail)
                yield from _untouched(letters[place + 1 :])
                raise ServerAway(broken.detail) from None
            yield answer

    def _one(
        self, server: smtplib.SMTP, letter: Letter, following: Letter | None, go_on: Callable[[], bool]
    ) -> Answer:
        if not _fits_on_a_line(letter):
            return Answer(letter.number, REFUSED, "the address cannot be written in a command")
        refused = self._offer(server, letter)
        if refused is not None:
            return refused
        goes_along = b""
        if self._pipelines and following is not None and _fits_on_a_line(following) and go_on():
            goes_along = _envelope(following)
        _write(server, _dotted(letter.content) + goes_along, after_dot=True)
        self._envelope_out = bool(goes_along)
        code, words = _read(server, after_dot=True)
        if code == 250:
            return Answer(letter.number, SENT)
        return Answer(letter.number, REFUSED if code >= 500 else LATER, words, CONTENT, code)

    def _offer(self, server: smtplib.SMTP, letter: Letter) -> Answer | None:
        """Until the server waits for the text; an answer where it does not want it."""
        commands = (f"MAIL FROM:<{letter.envelope_from}>", f"RCPT TO:<{letter.recipient}>", "DATA")
        if self._pipelines:
            return self._offer_at_once(server, letter)
        if self._reset_first:
            _write(server, b"RSET\r\n")
            _read(server)
            self._reset_first = False
        for step, command in zip((SENDER, RECIPIENT, CONTENT), commands, strict=True):
            _write(server, f"{command}\r\n".encode())
            code, words = _read(server)
            if code not in (250, 251, 354):
                self._reset_first = True
                return _refusal(letter, step, code, words)
        return None

    def _offer_at_once(self, server: smtplib.SMTP, letter: Letter) -> Answer | None:
        if not self._envelope_out:
            reset = b"RSET\r\n" if self._reset_first else b""
            _write(server, reset + _envelope(letter))
            if self._reset_first:
                _read(server)
        self._envelope_out = self._reset_first = False
        answers = [(step, *_read(server)) for step in (SENDER, RECIPIENT, CONTENT)]
        wrong = next(((step, code, words) for step, code, words in answers[:2] if code // 100 != 2), None)
        if wrong is None and answers[2][1] == 354:
            return None
        if answers[2][1] == 354:  # it waits for a text that is for nobody
            _write(server, b".\r\n")
            _read(server)
        self._reset_first = True
        return _refusal(letter, *(wrong or answers[2]))

    def _drop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()


class _Broken(Exception):
    """The connection is no good any more; what that means for the letter under way."""

    def __init__(self, outcome: str, detail: str) -> None:
        super().__init__(detail)
        self.outcome, self.detail = outcome, detail


def _refusal(letter: Letter, step: str, code: int, words: str) -> Answer:
    """421 and a no to us as sender end the connection: no letter is to blame."""
    if code == 421 or step == SENDER:
        raise _Broken(UNTOUCHED, words)
    return Answer(letter.number, REFUSED if code >= 500 else LATER, words, step, code)


def _write(server: smtplib.SMTP, content: bytes, *, after_dot: bool = False) -> None:
    try:
        assert server.sock is not None  # connected by the caller
        server.sock.sendall(content)
    except OSError as problem:
        raise _Broken(
            UNCERTAIN if after_dot else UNTOUCHED, f"the connection broke: {type(problem).__name__}"
        ) from None


def _read(server: smtplib.SMTP, *, after_dot: bool = False) -> tuple[int, str]:
    try:
        code, words = server.getreply()
    except (OSError, smtplib.SMTPException) as problem:
        told = f"the connection broke: {type(problem).__name__}"
        raise _Broken(UNCERTAIN if after_dot else UNTOUCHED, told) from None
    return code, said(code, words)


def _envelope(letter: Letter) -> bytes:
    return f"MAIL FROM:<{letter.envelope_from}>\r\nRCPT TO:<{letter.recipient}>\r\nDATA\r\n".encode()


def _dotted(content: bytes) -> bytes:
    """As it goes over the wire: no line of the text can be taken for its end."""
    stuffed = content.replace(b"\r\n.", b"\r\n..")
    return stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n")


def _fits_on_a_line(letter: Letter) -> bool:
    """Nothing of an address may end the command or its brackets."""
    return all(
        address.isascii() and address.isprintable() and not set(address) & set("<> ")
        for address in (letter.envelope_from, letter.recipient)
    )


def _untouched(letters: Sequence[Letter]) -> Iterator[Answer]:
    return (Answer(letter.number, UNTOUCHED) for letter in letters)


__all__ = ["ANSWER_SECONDS", "Answer", "Letter", "Line", "ServerAway", "line_from"]
