"""Messages as bytes without building a message object for each: the object would cost ten times all the rest.

Pieces are quoted-printable by themselves and can be joined in any order; tests hold what comes of it against the
standard library's strictest parser.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterable
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy

LONGEST_LINE = 70
"""Of an encoded piece inside a line; the format allows 76."""
SOFT = b"=\r\n"
_EMPTY_FIRST_LINE = re.compile(rb"^([!-9;-~]+):\r\n[ \t]+", re.MULTILINE)


class ExactSubjects(EmailPolicy):
    """As `email.policy.SMTP`, but a subject beyond ASCII is encoded as a whole.

    The library encodes only some of its words, and where it folds between those and the others a blank is lost or doubled
    (“the Nẵng final” became “the Nẵngfinal”, about one mixed subject in ten). RFC 2047, section 6.2.
    """

    def fold(self, name: str, value: str) -> str:
        return self._whole(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        whole = self._whole(name, value)
        return whole.encode("ascii") if whole else super().fold_binary(name, value)

    def _whole(self, name: str, value: str) -> str:
        if name.lower() != "subject" or value.isascii():
            return ""
        words = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {words}{self.linesep}"


SMTP = ExactSubjects(linesep="\r\n")


def whole_lines(text: str) -> bytes:
    """A piece of a text that ends with its line; the same letters whatever stands before and after it."""
    ended = text if text.endswith("\n") else text + "\n"
    return quopri.encodestring(ended.encode()).replace(b"\n", b"\r\n")


def inside_a_line(text: str) -> bytes:
    """A piece that goes on in the same line: what follows begins on a soft line of its own."""
    lines = [SOFT.join(_folded(line)) for line in text.split("\n")]
    return b"\r\n".join(lines) + SOFT


def _folded(line: str) -> list[bytes]:
    folded, part = [], ""
    for letter in line:
        unit = letter if _is_plain(letter) else _escaped(letter)
        if len(part) + len(unit) > LONGEST_LINE:
            folded.append(part)
            part = ""
        part += unit
    return [each.encode() for each in [*folded, part]]


def plain_inside_a_line(text: str) -> bytes:
    """The same for letters that need no escape, such as a mailed link: many times faster."""
    if not text.isascii() or "=" in text or not text.isprintable():
        return inside_a_line(text)
    if len(text) <= LONGEST_LINE:
        return text.encode() + SOFT
    cut = range(0, len(text), LONGEST_LINE)
    return b"".join(text[start : start + LONGEST_LINE].encode() + SOFT for start in cut)


def headers(pairs: Iterable[tuple[str, object]]) -> bytes:
    """Headers as the standard library writes them: encoded, folded, and one line's worth each."""
    message = EmailMessage(policy=SMTP)
    for name, value in pairs:
        message[name] = value
    return begun_at_once(message.as_bytes()).rstrip(b"\r\n") + b"\r\n"


def begun_at_once(head: bytes) -> bytes:
    """The same headers without an empty first line, to which the library folds words that are a little too long.

    Some mail programs show a space there.
    """
    return _EMPTY_FIRST_LINE.sub(rb"\1: ", head)


def _is_plain(letter: str) -> bool:
    return " " < letter <= "~" and letter != "="


def _escaped(letter: str) -> str:
    return "".join(f"={byte:02X}" for byte in letter.encode())
