"""How one kept answer is given: whole, packed, in part, or not at all because its reader has it."""

from __future__ import annotations

import gzip

import brotli
import pytest

from portal.front import compressing
from portal.front.answers import Answer, Kept

BODY = b"<p>The ferry runs again.</p>" * 100
TAG = '"abc"'
WHEN = "Tue, 24 Mar 2026 03:20:00 GMT"


def kept(status: int = 200, body: bytes = BODY, **headers: str) -> Kept:
    given = {"Content-Type": "text/html; charset=utf-8", "ETag": TAG, "Last-Modified": WHEN} | headers
    return Kept(Answer(status, list(given.items()), body), 1, 0.0, 100.0)


def names(head: bytes) -> dict[str, str]:
    lines = head.decode().strip().split("\r\n")[1:]
    return dict(line.split(": ", 1) for line in lines)


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("*", "br"),
        ("*;q=0", ""),
        ("identity", ""),
        ("gzip;q=0", ""),
        ("gzip;q=nonsense", ""),
        ("identity;q=1, *;q=0", ""),
        ("deflate", ""),
    ],
)
def test_which_coding_a_reader_takes(header: str, coding: str) -> None:
    assert compressing.accepted(header) == coding


def test_the_whole_in_every_coding() -> None:
    one = kept()

    assert one.whole("")[1] == BODY
    assert gzip.decompress(one.whole("gzip")[1]) == BODY
    assert brotli.decompress(one.whole("br")[1]) == BODY
    assert names(one.whole("")[0])["ETag"] == TAG
    assert names(one.whole("br")[0])["ETag"] == f"W/{TAG}"
    assert names(one.whole("br")[0])["Content-Encoding"] == "br"
    assert {names(one.whole(coding)[0])["Vary"] for coding in ("", "gzip", "br")} == {"Accept-Encoding"}
    assert int(names(one.whole("br")[0])["Content-Length"]) == len(one.whole("br")[1])


@pytest.mark.parametrize(
    ("kind", "body"), [("image/png", BODY), ("text/html", b"short"), ("font/woff2", BODY)]
)
def test_what_gains_nothing_is_not_packed(kind: str, body: bytes) -> None:
    one = kept(body=body, **{"Content-Type": kind})

    assert one.coding("br, gzip") == ""
    assert "Vary" not in names(one.whole("")[0])


@pytest.mark.parametrize(
    ("asked", "unchanged"),
    [
        ({"if-none-match": TAG}, True),
        ({"if-none-match": f"W/{TAG}"}, True),
        ({"if-none-match": f'"other", {TAG}'}, True),
        ({"if-none-match": "*"}, True),
        ({"if-none-match": '"other"'}, False),
        ({"if-none-match": "abc"}, False),
        ({"if-none-match": '"other"', "if-modified-since": WHEN}, False),
        ({"if-modified-since": WHEN}, True),
        ({"if-modified-since": "Tue, 24 Mar 2026 03:20:01 GMT"}, False),
        ({"if-modified-since": "Tue, 24 Mar 2026 03:19:59 GMT"}, False),
        ({"if-modified-since": "yesterday"}, False),
        ({}, False),
    ],
)
def test_whether_a_reader_has_it(asked: dict[str, str], unchanged: bool) -> None:
    assert kept().is_unchanged(asked) is unchanged


def test_a_304_says_what_a_200_would_but_for_the_body() -> None:
    head = names(kept(**{"Cache-Control": "public"}).not_modified("gzip"))

    assert head == {
        "ETag": f"W/{TAG}",
        "Last-Modified": WHEN,
        "Cache-Control": "public",
        "Accept-Ranges": "bytes",
        "Vary": "Accept-Encoding",
    }


def test_a_notice_of_what_is_gone_is_said_as_often_as_somebody_asks() -> None:
    assert kept(410).is_unchanged({"if-none-match": TAG}) is False


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=100-", 100, 2799),
        ("bytes=-5", 2795, 2799),
        ("bytes=2790-9999", 2790, 2799),
    ],
)
def test_one_part(wanted: str, first: int, last: int) -> None:
    head, body = kept().part({"range": wanted}) or (b"", b"")

    assert head.startswith(b"HTTP/1.1 206 ")
    assert body == BODY[first : last + 1]
    assert names(head)["Content-Range"] == f"bytes {first}-{last}/{len(BODY)}"
    assert int(names(head)["Content-Length"]) == len(body)


@pytest.mark.parametrize("wanted", ["bytes=2800-", "bytes=-0", "bytes=5000-6000"])
def test_a_part_that_is_not_there(wanted: str) -> None:
    head, body = kept().part({"range": wanted}) or (b"", b"")

    assert head.startswith(b"HTTP/1.1 416 ")
    assert names(head)["Content-Range"] == f"bytes */{len(BODY)}"
    assert body == b""


@pytest.mark.parametrize(
    "asked",
    [
        {"range": "bytes=0-1, 5-6"},
        {"range": "lines=1-2"},
        {"range": "bytes=9"},
        {"range": "bytes=0-9", "if-range": '"other"'},
        {"range": "bytes=0-9", "if-range": f"W/{TAG}"},
    ],
)
def test_other_wishes_are_answered_with_the_whole(asked: dict[str, str]) -> None:
    assert kept().part(asked) is None


def test_a_part_of_what_the_reader_has_begun_to_read() -> None:
    assert kept().part({"range": "bytes=0-9", "if-range": TAG}) is not None
    assert kept().part({"range": "bytes=0-9", "if-range": WHEN}) is not None
