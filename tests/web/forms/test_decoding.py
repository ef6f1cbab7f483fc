"""Percent-encoding is undone as the standard library undoes it, and quickly."""

from __future__ import annotations

import random
from io import BytesIO
from urllib.parse import parse_qsl, quote_plus, unquote_to_bytes

import pytest
from werkzeug.exceptions import RequestEntityTooLarge

from portal.web.forms.decoding import MOST_FIELDS, QuickRequest, pairs_in, without_percents

PIECES = [b"%", b"%4", b"%41", b"%zz", b"%%41", b"%25", b"%3d", b"=", b"a", b" ", b"  ", b"\r\n", b"\n", b"\t", b".", b"_",
          b"%0A", b"%0D%0A", b"%E1%80%99", "မ".encode(), b"\x00", b"\xff", b"%FF", b"=\n", b"=41", b"%=", b"\n.\n"]  # fmt: skip


@pytest.mark.parametrize("seed", range(200))
def test_it_undoes_what_the_standard_library_undoes(seed: int) -> None:
    chosen = random.Random(seed)
    text = b"".join(chosen.choices(PIECES, k=chosen.randint(1, 40)))

    assert without_percents(text) == unquote_to_bytes(text)


def test_every_byte_comes_back() -> None:
    every = bytes(range(256)) * 3

    assert without_percents(quote_plus(every).replace("+", "%20").encode()) == every


@pytest.mark.parametrize(
    "body",
    ["", "a", "a=", "=a", "=", "a=b=c", "a=1&a=2", "&&a=1&", "a+b=c+d", "a%20b=%2B", "body=%E1%80%99%E1%80%BC",
     "x=%26%3D%23", "a=1;b=2"],
)  # fmt: skip
def test_pairs_are_those_of_the_standard_library(body: str) -> None:
    assert pairs_in(body.encode()) == parse_qsl(body, keep_blank_values=True)


def test_what_is_no_utf_8_is_marked_and_no_failure() -> None:
    assert pairs_in(b"a=%ff%E1%80") == [("a", "\ufffd\ufffd")]


def test_more_fields_than_a_page_can_have_are_refused_before_they_are_read() -> None:
    assert len(pairs_in(b"&".join([b"a=1"] * MOST_FIELDS))) == MOST_FIELDS
    with pytest.raises(RequestEntityTooLarge):
        pairs_in(b"&".join([b"a=1"] * (MOST_FIELDS + 1)))


@pytest.mark.parametrize("more", ["", '; filename="a.txt"'])
def test_a_part_without_a_name_is_left_out(more: str) -> None:
    nameless = f"--x\r\nContent-Disposition: form-data{more}\r\n\r\nabc\r\n"
    named = '--x\r\nContent-Disposition: form-data; name="email"\r\n\r\na@b.example\r\n--x--\r\n'
    body = (nameless + named).encode()

    request = QuickRequest.from_values(
        input_stream=BytesIO(body), content_length=len(body), content_type="multipart/form-data; boundary=x"
    )

    assert (list(request.form.items()), list(request.files)) == ([("email", "a@b.example")], [])
