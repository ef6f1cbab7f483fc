"""What the web server takes from a socket: real sockets, a small application behind them, and a clock that we turn."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from portal.commands.serving.listening import LARGEST_BODY, PATIENCE, SLOWEST, Channel, listening_server
from portal.web.protection import LARGEST_REQUEST

HEAD = b"POST / HTTP/1.1\r\nHost: press.example\r\n"
MIB = 1024 * 1024


class Turned:
    """Seconds that pass when we say so."""

    ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock(monkeypatch) -> Turned:
    turned = Turned()
    monkeypatch.setattr(Channel, "clock", staticmethod(turned))
    return turned


@pytest.fixture
def address(clock: Turned) -> Iterator[tuple[str, int]]:
    server = listening_server(_counts_the_body, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield (server.effective_host, int(server.effective_port))
    server.close()
    server.task_dispatcher.shutdown()


def _counts_the_body(environ, start_response):
    size = len(environ["wsgi.input"].read())
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {size}".encode()]


def opened(address: tuple[str, int], *parts: bytes) -> socket.socket:
    link = socket.create_connection(address, timeout=20)
    for part in parts:
        link.sendall(part)
    return link


def heard(link: socket.socket) -> str:
    """All that comes until the server closes its half."""
    said = b""
    with link:
        while part := link.recv(65536):
            said += part
    return said.decode()


@pytest.mark.parametrize("size", [0, 1, 1000, LARGEST_REQUEST, LARGEST_BODY - 1])
def test_a_body_up_to_the_limit_reaches_the_application(address, size: int) -> None:
    head = HEAD + f"Connection: close\r\nContent-Length: {size}\r\n\r\n".encode()

    assert heard(opened(address, head, b"a" * size)).endswith(f"POST / {size}")


@pytest.mark.parametrize("size", [LARGEST_BODY, 5 * MIB, 64 * MIB])
def test_a_larger_body_is_refused_with_a_sentence_that_its_sender_can_read(address, size: int) -> None:
    head = HEAD + f"Content-Length: {size}\r\n\r\n".encode()

    said = heard(opened(address, head, b"a" * min(size, 8 * MIB)))

    assert said.startswith("HTTP/1.1 413 ")
    assert "That is more than we can take at once." in said
    assert said.count("HTTP/1.1 ") == 1


def test_a_body_in_chunks_is_refused_at_the_same_size(address) -> None:
    chunk = b"%x\r\n" % MIB + b"a" * MIB + b"\r\n"

    said = heard(opened(address, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 6))

    assert said.startswith("HTTP/1.1 413 ")


def test_an_address_that_cannot_be_read_is_refused_with_a_sentence(address) -> None:
    said = heard(opened(address, b"GET http://[evil/ HTTP/1.1\r\nHost: press.example\r\n\r\n"))

    assert said.startswith("HTTP/1.1 400 ")
    assert "not one that we understand" in said


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        b"Transfer-Encoding: Chunked\r\nContent-Length: 0\r\n",
        b"Content-Length: 5\r\nContent-Length: 5\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: +5\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 5, 5\r\n",
        b"Content-Length: 0x5\r\n",
        b"Content-Length: " + b"9" * 5_000 + b"\r\n",
    ],
)
def test_a_request_that_could_end_in_two_places_is_refused_and_its_socket_closed(
    address, lengths: bytes
) -> None:
    hidden = b"0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: press.example\r\n\r\n"

    said = heard(opened(address, HEAD + lengths + b"\r\n" + hidden))

    assert said.startswith("HTTP/1.1 400 ")
    assert "hidden" not in said
    assert said.count("HTTP/1.1 ") == 1


@pytest.mark.parametrize("coding", [b"gzip", b"gzip, chunked", b"identity", b"chunked\x0b"])
def test_other_codings_are_refused(address, coding: bytes) -> None:
    said = heard(opened(address, HEAD + b"Transfer-Encoding: " + coding + b"\r\n\r\n0\r\n\r\n"))

    assert said.split()[1] in ("400", "501")


def test_chunks_in_http_1_0_are_refused(address) -> None:
    head = b"POST / HTTP/1.0\r\nHost: press.example\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"

    assert heard(opened(address, head)).split()[1] == "400"


@pytest.mark.parametrize(
    "half",
    [
        HEAD + b"Content-Length: 1000\r\n\r\n" + b"a" * 500,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n400\r\naaa",
        HEAD + b"Accept: every",
    ],
)
def test_half_a_request_is_given_back_after_thirty_seconds(address, clock: Turned, half: bytes) -> None:
    link = opened(address, half)
    link.setblocking(False)
    clock.ahead = PATIENCE - 5
    with pytest.raises(BlockingIOError):
        link.recv(1)

    link.settimeout(20)
    clock.ahead = PATIENCE + 5

    said = heard(link)
    assert said.startswith("HTTP/1.")
    assert said.split()[1] == "408"
    assert "Nothing was saved." in said


@pytest.mark.parametrize(
    ("came", "after", "silent_for", "too_slow"),
    [
        (0, 29, 29, False),
        (0, 31, 0, True),
        (0, 31, 31, True),
        (100, 45, 1, True),  # a byte now and then
        (SLOWEST * 60, 89, 1, False),  # a slow line that goes on
        (SLOWEST * 60, 91, 1, True),
        (3 * MIB, 60, 29, False),
        (3 * MIB, 60, 31, True),  # most of it at once, then nothing
    ],
)
def test_how_long_the_rest_of_a_request_is_waited_for(came, after, silent_for, too_slow) -> None:
    channel = Channel.__new__(Channel)
    channel.request = SimpleNamespace(body_bytes_received=came)
    channel.began_at = 1000.0
    channel.last_activity = 1000.0 + after - silent_for

    assert channel.is_too_slow(1000.0 + after) is too_slow


def test_a_socket_that_waits_between_requests_is_no_half_request(address, clock: Turned) -> None:
    link = opened(address, HEAD + b"Content-Length: 1\r\n\r\na")
    assert b"200 OK" in link.recv(65536)
    clock.ahead = PATIENCE + 5

    link.sendall(HEAD.replace(b"POST /", b"POST /again") + b"Connection: close\r\nContent-Length: 1\r\n\r\na")

    assert heard(link).endswith("POST /again 1")
