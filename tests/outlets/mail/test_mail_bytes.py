"""Headers that are written apart from their message: one each, whatever stands in them."""

from __future__ import annotations

import email
import email.policy
import re
from email.headerregistry import Address
from email.message import EmailMessage
from random import Random
from typing import Any

import pytest

from portal.outlets.mail.mail_bytes import SMTP, headers

STRICT = email.policy.strict.clone(raise_on_defect=True)
LONG: dict[str, str] = {
    "one long word": "x" * 120,
    "a word of just too many": "y" * 72,
    "words": "Tue 24 March: " + " ".join(["word"] * 40),
    "accents": "é" * 100,
    "no spaces": "日本語" * 40,
    "burmese": " ".join(["ကလေးစာကြည့်တိုက်သစ်"] * 8),
    "several letters as one": "🏳️‍🌈" * 20,
    "plain, then not": "Tue 24 March: " + "a " * 60 + "é",
    "signs": 'A: B, C; <d@lotus.example> "q" (c) \\ ' * 4 + "end",
    "looks like a header": "Evil Bcc: all@lotus.example " * 4 + "end",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_long_and_hostile_words_stay_in_their_header(text: str) -> None:
    name = text[:20].strip()
    raw = headers([("Subject", text), ("From", Address(name, addr_spec="press@news.example"))])

    found: Any = email.message_from_bytes(raw + b"\r\nThe text.", policy=STRICT)
    assert found.keys() == ["Subject", "From"]
    assert found["Subject"] == text
    (sender,) = found["From"].addresses
    # Between encoded words of a name this parser reads a space that is not there (RFC 2047, 6.2).
    assert (sender.display_name.replace(" ", ""), sender.addr_spec) == (
        name.replace(" ", ""),
        "press@news.example",
    )
    lines = raw.split(b"\r\n")
    assert [line for line in lines if re.fullmatch(rb"\s*|[\w-]+:", line)] == [b""]
    assert max(map(len, lines)) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


WORDS = (
    "Received: REF, Ferries a<b the O’Brien & Sons harbour café မြန်မာ <3 “state final” 3–1 Đà Nẵng".split()
)


@pytest.mark.parametrize("number", range(60))
def test_no_blank_of_a_subject_is_lost_or_doubled(number: int) -> None:
    chosen = Random(number)
    subject = "Received: REF, " + " ".join(chosen.choices(WORDS, k=chosen.randint(3, 16)))
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject

    for raw in (headers([("Subject", subject)]), message.as_bytes()):
        assert email.message_from_bytes(raw + b"\r\n", policy=STRICT)["Subject"] == subject
        assert max(map(len, raw.split(b"\r\n"))) <= 78


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_line_end_is_refused_and_makes_no_header(end: str) -> None:
    with pytest.raises(ValueError, match=r"linefeed|carriage return"):
        headers([("Subject", f"Evil{end}Bcc: all@lotus.example")])
