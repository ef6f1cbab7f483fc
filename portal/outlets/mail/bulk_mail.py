"""Many mails over few connections: a connection is kept, and where the mail server offers it commands are pipelined.

What became of each letter is known exactly: taken, refused, to be tried later, untouched; or uncertain, where the
connection went away after the final dot and before the answer. The next envelope leaves together with the text
before it, so that a letter costs one round trip; and the letter after that is written meanwhile, so that neither
side waits for the other.
"""

from __future__ import annotations

import os
import re
import smtplib
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from pathlib import Path
from time import monotonic
from typing import Protocol

from portal.outlets.mail.senders import ANSWER_SECONDS, SmtpSender, said
from portal.rules.mailing.mail_outcomes import LATER, REFUSED, SENT, UNCERTAIN, UNTOUCHED
from portal.rules.mailing.mail_refusals import CONTENT, RECIPIENT, SENDER
from portal.settings import Settings

HANDFUL_SECONDS = 20.0
"""After so long no further letter of a handful is begun. The last one takes six steps of ANSWER_SECONDS at the most,
so that the lease of the handful (actions/newsletter/sending.py) outlives it."""
LONGEST_REPLY = 65_536
YES = (250, 354)
_ADDRESS = re.compile(r"[!-;=?-~]+")


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


MayGo = Callable[[Letter], bool]
"""Is what the letter says still so? Asked once for each, in the last moment before its text is given away."""


def _always(_letter: Letter) -> bool:
    """Nothing that could change is said."""
    return True


class Line(Protocol):
    """A way for many letters, kept open between them."""

    def hand_over(
        self, letters: Iterable[Letter], go_on: Callable[[], bool], may_go: MayGo = _always
    ) -> Iterator[Answer]:
        """An answer for every letter that was touched, in order; the others were not.

        Each is taken from `letters` when its turn is near. `go_on` is asked before each and ends it with False;
        so does `may_go`, and the letter it was asked about counts as untouched.
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

    def hand_over(
        self, letters: Iterable[Letter], go_on: Callable[[], bool], may_go: MayGo = _always
    ) -> Iterator[Answer]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for letter in letters:
            if not (go_on() and may_go(letter)):
                return
            yield self._written(letter)

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

    def __init__(self, sender: SmtpSender, handful_seconds: float = HANDFUL_SECONDS) -> None:
        self._sender = sender
        self._handful_seconds = handful_seconds
        self._server: _Server | None = None
        self._pipelines = False
        self._envelope_out = False
        self._reset_first = False
        self._may_go: MayGo = _always

    def hand_over(
        self, letters: Iterable[Letter], go_on: Callable[[], bool], may_go: MayGo = _always
    ) -> Iterator[Answer]:
        server = self._connected()
        until = monotonic() + self._handful_seconds
        self._may_go = may_go
        yield from self._each(server, letters, lambda: monotonic() < until and go_on())

    def close(self) -> None:
        """Say goodbye where somebody listens."""
        server, self._server = self._server, None
        if server is not None:
            server.leave()

    def _connected(self) -> _Server:
        if self._server is not None:
            return self._server
        try:
            introduced = self._sender.open(for_many=True)
        except (OSError, smtplib.SMTPException) as problem:
            raise ServerAway(f"{type(problem).__name__}: {problem}") from None
        self._server = _Server(introduced, self._sender.answer_seconds)
        self._pipelines = introduced.has_extn("pipelining")
        self._envelope_out = self._reset_first = False
        return self._server

    def _each(
        self, server: _Server, letters: Iterable[Letter], go_on: Callable[[], bool]
    ) -> Iterator[Answer]:
        coming = _Coming(letters)
        while (letter := coming.take()) is not None:
            if not self._envelope_out and not go_on():
                return
            try:
                answer = self._one(server, letter, coming, go_on)
            except _Withheld:
                return
            except _Broken as broken:
                self._drop()
                yield Answer(letter.number, broken.outcome, broken.detail)
                raise ServerAway(broken.detail) from None
            yield answer

    def _one(self, server: _Server, letter: Letter, coming: _Coming, go_on: Callable[[], bool]) -> Answer:
        if not _fits_on_a_line(letter):
            return Answer(letter.number, REFUSED, "the address cannot be written in a command")
        refused = self._offer(server, letter)
        if refused is not None:
            return refused
        if self._pipelines:
            self._ask_in_the_last_moment(letter)
        following = coming.next() if self._pipelines else None
        goes_along = b""
        if following is not None and _fits_on_a_line(following) and go_on():
            goes_along = _envelope(following)
        server.write(_dotted(letter.content) + goes_along, after_dot=True)
        self._envelope_out = bool(goes_along)
        coming.get_ready()
        code, words = server.read(after_dot=True)
        if code == 250:
            return Answer(letter.number, SENT)
        return Answer(letter.number, REFUSED if code >= 500 else LATER, words, CONTENT, code)

    def _offer(self, server: _Server, letter: Letter) -> Answer | None:
        """Until the server waits for the text; an answer where it does not want it."""
        commands = (f"MAIL FROM:<{letter.envelope_from}>", f"RCPT TO:<{letter.recipient}>", "DATA")
        if self._pipelines:
            return self._offer_at_once(server, letter)
        if self._reset_first:
            server.write(b"RSET\r\n")
            server.read()
            self._reset_first = False
        for step, command in zip((SENDER, RECIPIENT, CONTENT), commands, strict=True):
            if step == CONTENT and not self._may_go(letter):
                self._reset_first = True
                raise _Withheld
            server.write(f"{command}\r\n".encode())
            code, words = server.read()
            if code not in (250, 251, 354):
                self._reset_first = True
                return _refusal(letter, step, code, words)
        return None

    def _offer_at_once(self, server: _Server, letter: Letter) -> Answer | None:
        if not self._envelope_out:
            reset = b"RSET\r\n" if self._reset_first else b""
            server.write(reset + _envelope(letter))
            if self._reset_first:
                server.read()
        self._envelope_out = self._reset_first = False
        answers = [(step, *server.read()) for step in (SENDER, RECIPIENT, CONTENT)]
        wrong = next(((step, code, words) for step, code, words in answers[:2] if code // 100 != 2), None)
        if wrong is None and answers[2][1] == 354:
            return None
        if answers[2][1] == 354:  # it waits for a text that is for nobody
            server.write(b".\r\n")
            server.read()
        self._reset_first = True
        return _refusal(letter, *(wrong or answers[2]))

    def _ask_in_the_last_moment(self, letter: Letter) -> None:
        """The server waits for the text already, and nothing but hanging up takes that back. Raises _Withheld."""
        if not self._may_go(letter):
            self._drop()
            raise _Withheld

    def _drop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.drop()


class _Coming:
    """The letters that are still to go. An envelope leaves only for a letter that is written."""

    def __init__(self, letters: Iterable[Letter]) -> None:
        self._letters = iter(letters)
        self._ready: deque[Letter] = deque()

    def take(self) -> Letter | None:
        return self._ready.popleft() if self._has(1) else None

    def next(self) -> Letter | None:
        return self._ready[0] if self._has(1) else None

    def get_ready(self) -> None:
        """Write so far ahead that the next letter and the one after its envelope are there."""
        self._has(2)

    def _has(self, count: int) -> bool:
        while len(self._ready) < count:
            letter = next(self._letters, None)
            if letter is None:
                return False
            self._ready.append(letter)
        return True


class _Server:
    """The other end. Every step, a write or an answer, has so many seconds as a whole: a server that sends a byte a
    second is as good as one that is silent."""

    def __init__(self, introduced: smtplib.SMTP, answer_seconds: float) -> None:
        assert introduced.sock is not None  # connected by the caller
        self._introduced, self._sock = introduced, introduced.sock
        self._seconds = answer_seconds
        self._kept = b""

    def write(self, content: bytes, *, after_dot: bool = False) -> None:
        try:
            self._sock.settimeout(self._seconds)
            self._sock.sendall(content)
        except OSError as problem:
            raise _broken(problem, after_dot) from None

    def read(self, *, after_dot: bool = False) -> tuple[int, str]:
        """The code, and the words where it is not a plain yes."""
        try:
            return self._answer()
        except (OSError, ValueError) as problem:
            raise _broken(problem, after_dot) from None

    def leave(self) -> None:
        with suppress(OSError, smtplib.SMTPException):
            self._sock.settimeout(self._seconds)
            self._introduced.quit()
        self._introduced.close()

    def drop(self) -> None:
        self._introduced.close()

    def _answer(self) -> tuple[int, str]:
        until = monotonic() + self._seconds
        lines: list[bytes] = []
        while True:
            line = self._line(until)
            lines.append(line[4:])
            if line[3:4] != b"-":
                code = int(line[:3])
                return code, "" if code in YES else said(code, b" ".join(lines))

    def _line(self, until: float) -> bytes:
        while True:
            line, ended, rest = self._kept.partition(b"\n")
            if ended:
                self._kept = rest
                return line
            if len(line) > LONGEST_REPLY:
                raise ValueError("an answer without an end")
            self._sock.settimeout(max(until - monotonic(), 0.001))
            more = self._sock.recv(LONGEST_REPLY)
            if not more:
                raise ConnectionResetError
            self._kept += more


class _Withheld(Exception):
    """What the letter says is no longer so: its text was not given away."""


class _Broken(Exception):
    """The connection is no good any more; what that means for the letter under way."""

    def __init__(self, outcome: str, detail: str) -> None:
        super().__init__(detail)
        self.outcome, self.detail = outcome, detail


def _broken(problem: Exception, after_dot: bool) -> _Broken:
    told = f"the connection broke: {type(problem).__name__}"
    return _Broken(UNCERTAIN if after_dot else UNTOUCHED, told)


def _refusal(letter: Letter, step: str, code: int, words: str) -> Answer:
    """421 and a no to us as sender end the connection: no letter is to blame."""
    if code == 421 or step == SENDER:
        raise _Broken(UNTOUCHED, words)
    return Answer(letter.number, REFUSED if code >= 500 else LATER, words, step, code)


def _envelope(letter: Letter) -> bytes:
    return f"MAIL FROM:<{letter.envelope_from}>\r\nRCPT TO:<{letter.recipient}>\r\nDATA\r\n".encode()


def _dotted(content: bytes) -> bytes:
    """As it goes over the wire: no line of the text can be taken for its end."""
    stuffed = content.replace(b"\r\n.", b"\r\n..")
    return stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n")


def _fits_on_a_line(letter: Letter) -> bool:
    """Nothing of an address may end the command or its brackets."""
    return bool(_ADDRESS.fullmatch(letter.envelope_from) and _ADDRESS.fullmatch(letter.recipient))


__all__ = ["ANSWER_SECONDS", "Answer", "Letter", "Line", "ServerAway", "line_from"]
