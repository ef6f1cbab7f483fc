"""What the web server takes from a socket: real sockets, a small application behind them, and a clock that we turn."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
import threading
from collections.abc import Iterator
from functools import partial

import pytest

from portal.commands.serving.connection import is_too_slow
from portal.commands.serving.lanes import Lane
from portal.commands.serving.limits import LARGEST_BODY, LARGEST_HEAD, Limits
from portal.commands.serving.server import LOGIN_THREADS, LOGINS_WAITING, Stop
from portal.web.protection import LARGEST_REQUEST
from tests.rigs.running_server import RunningServer, heard, opened, run_apart, running_server

HEAD = b"POST / HTTP/1.1\r\nHost: press.example\r\n"
MIB = 1024 * 1024
PATIENCE, SLOWEST = Limits.patience, Limits.slowest


@pytest.fixture
def server() -> Iterator[RunningServer]:
    with running_server(_counts_the_body) as running:
        yield running


@pytest.fixture
def address(server: RunningServer) -> tuple[str, int]:
    return server.address


def _counts_the_body(environ, start_response):
    size = len(environ["wsgi.input"].read())
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {size}".encode()]


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
def test_half_a_request_is_given_back_after_thirty_seconds(server: RunningServer, half: bytes) -> None:
    link = opened(server.address, half)
    link.setblocking(False)
    wait_until_it_came(server)
    server.pass_seconds(PATIENCE - 5)
    with pytest.raises(BlockingIOError):
        link.recv(1)

    link.settimeout(20)
    server.pass_seconds(PATIENCE + 5)

    said = heard(link)
    assert said.startswith("HTTP/1.")
    assert said.split()[1] == "408"
    assert "Nothing was saved." in said


def wait_until_it_came(server: RunningServer) -> None:
    """The sockets of one machine need no time, but a turn of the loop."""
    while not server.within(lambda: [each for each in server.server._connections if not each.is_idle]):
        pass


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
    assert is_too_slow(Limits(), came, after, silent_for) is too_slow


def test_a_socket_that_waits_between_requests_is_no_half_request(server: RunningServer) -> None:
    link = opened(server.address, HEAD + b"Content-Length: 1\r\n\r\na")
    assert b"200 OK" in link.recv(65536)
    server.pass_seconds(PATIENCE + 5)

    link.sendall(HEAD.replace(b"POST /", b"POST /again") + b"Connection: close\r\nContent-Length: 1\r\n\r\na")

    assert heard(link).endswith("POST /again 1")


def test_a_socket_that_asks_nothing_is_closed_after_a_minute(server: RunningServer) -> None:
    link = opened(server.address, HEAD + b"Content-Length: 1\r\n\r\na")
    link.recv(65536)
    server.pass_seconds(Limits.idle + 1)

    assert link.recv(1) == b""


def test_requests_that_come_in_one_piece_are_answered_in_their_order(address) -> None:
    asked = b"".join(b"GET /%d HTTP/1.1\r\nHost: press.example\r\n\r\n" % number for number in range(200))
    last = b"GET /last HTTP/1.1\r\nHost: press.example\r\nConnection: close\r\n\r\n"

    said = heard(opened(address, asked + last))

    assert re.findall(r"GET /(\w+) 0", said) == [*(str(number) for number in range(200)), "last"]


def test_of_many_requests_in_one_piece_few_are_read_before_their_answers() -> None:
    may_go_on = threading.Event()

    def waits(_environ, start_response):
        may_go_on.wait(20)
        start_response("200 OK", [])
        return [b"answered"]

    with running_server(waits) as running:
        link = opened(running.address, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 3000)
        link.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        wait_until_it_came(running)
        [connection] = running.server._connections
        waiting = running.within(lambda: len(connection._waiting))
        may_go_on.set()
        said = heard(link)

    assert waiting < 200
    assert said.count("answered") == 3001


def test_a_body_behind_a_request_that_is_being_answered_is_the_last_that_is_read() -> None:
    may_go_on = threading.Event()

    def waits(environ, start_response):
        may_go_on.wait(20)
        start_response("200 OK", [])
        return [b"answered %d" % len(environ["wsgi.input"].read())]

    form = HEAD + b"Content-Length: 100000\r\n\r\n" + b"a" * 100_000
    with running_server(waits) as running:
        link = opened(running.address, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", form, form)
        wait_until_it_came(running)
        [connection] = running.server._connections
        while not running.within(lambda: connection._read_paused):
            pass
        waiting = running.within(lambda: len(connection._waiting))
        may_go_on.set()
        link.sendall(HEAD + b"Connection: close\r\nContent-Length: 0\r\n\r\n")
        said = heard(link)

    assert waiting == 1
    assert said.count("answered 100000") == 2


def test_what_comes_before_a_request_that_is_refused_is_answered_first(address) -> None:
    said = heard(opened(address, b"GET /first HTTP/1.1\r\nHost: press.example\r\n\r\nNONSENSE\r\n\r\n"))

    assert "GET /first 0" in said or said.startswith("HTTP/1.1 400")
    assert "NONSENSE" not in said


def test_a_head_without_end_is_refused(address) -> None:
    said = heard(opened(address, b"GET /" + b"a" * (LARGEST_HEAD + 1000)))

    assert said.startswith("HTTP/1.1 431 ")


def test_names_that_could_be_taken_for_others_are_left_out(server: RunningServer) -> None:
    with running_server(_tells_its_headers) as running:
        head = (
            b"GET / HTTP/1.1\r\nHost: press.example\r\nX_Forwarded_For: 1.2.3.4\r\nConnection: close\r\n\r\n"
        )
        said = heard(opened(running.address, head))

    assert "1.2.3.4" not in said


def _tells_its_headers(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [repr(sorted(environ.items(), key=str)).encode()]


def test_no_host_is_refused(address) -> None:
    assert heard(opened(address, b"GET / HTTP/1.1\r\n\r\n")).split()[1] == "400"


def test_two_hosts_are_refused(address) -> None:
    said = heard(opened(address, b"GET / HTTP/1.1\r\nHost: press.example\r\nHost: other.example\r\n\r\n"))

    assert said.startswith("HTTP/1.1 400 ")


def test_a_large_body_that_asks_first_is_told_to_come(address) -> None:
    link = opened(address, HEAD + b"Expect: 100-continue\r\nConnection: close\r\nContent-Length: 3\r\n\r\n")
    assert link.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    link.sendall(b"abc")

    assert heard(link).endswith("POST / 3")


@pytest.mark.parametrize(
    "head",
    [
        b"POST / HTTP/1.0\r\nHost: press.example\r\nContent-Length: 3\r\n",
        b"POST / HTTP/1.1\r\nHost: press.example\r\nConnection: close\r\nContent-Length: 0\r\n",
    ],
)
def test_whoever_speaks_an_older_tongue_or_has_no_body_is_not_told_to_go_on(address, head: bytes) -> None:
    said = heard(opened(address, head + b"Expect: 100-continue\r\n\r\n", b"abc"))

    assert said.startswith("HTTP/1.1 200 ")


def test_whoever_said_all_hears_all_and_then_the_end() -> None:
    may_go_on = threading.Event()

    def waits(environ, start_response):
        may_go_on.wait(20)
        start_response("200 OK", [])
        return [b"answered"]

    with running_server(waits) as running:
        link = opened(running.address, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 50)
        wait_until_it_came(running)
        link.shutdown(socket.SHUT_WR)
        [connection] = running.server._connections
        while not running.within(lambda: connection._said_all or connection._read_paused):
            pass
        may_go_on.set()

        assert heard(link).count("answered") == 50


def test_an_answer_that_fails_is_told(address) -> None:
    def fails(_environ, _start_response):
        raise ValueError

    with running_server(fails) as running:
        said = heard(opened(running.address, HEAD + b"Connection: close\r\nContent-Length: 0\r\n\r\n"))

    assert said.startswith("HTTP/1.1 500 ")
    assert "Something failed on our side." in said


def test_http_1_0_is_answered_and_closed(address) -> None:
    said = heard(opened(address, b"GET /old HTTP/1.0\r\n\r\n"))

    assert said.endswith("GET /old 0")
    assert "Connection: close" in said


def test_who_reads_nothing_is_let_go(server: RunningServer) -> None:
    with running_server(_says_much) as running:
        link = opened(running.address, b"GET / HTTP/1.1\r\nHost: press.example\r\n\r\n")
        while not running.within(
            lambda: [each for each in running.server._connections if each._unread_since]
        ):
            pass
        running.pass_seconds(Limits.unread - 5)
        assert running.within(lambda: len(running.server._connections)) == 1
        running.pass_seconds(Limits.unread + 5)
        while running.within(lambda: len(running.server._connections)):
            pass
        link.close()


def _says_much(_environ, start_response):
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    return [b"a" * (64 * MIB)]


def test_where_all_places_are_taken_whoever_sits_idle_longest_goes() -> None:
    with running_server(_counts_the_body, limits=Limits(connections=3)) as running:
        idle = [opened(running.address, b"GET /") for _ in range(3)]
        while running.within(lambda: len(running.server._connections)) < 3:
            pass
        said = heard(
            opened(running.address, b"GET /new HTTP/1.1\r\nHost: press.example\r\nConnection: close\r\n\r\n")
        )
        for each in idle:
            each.close()

    assert said.endswith("GET /new 0")


def test_whoever_is_told_to_stop_says_so_serves_on_and_finishes() -> None:
    told: list[str] = []
    with running_server(
        _counts_the_body, stop=Stop(seconds=0.5, begin=lambda: told.append("going"))
    ) as running:
        link = opened(running.address, b"GET /before HTTP/1.1\r\nHost: press.example\r\n\r\n")
        assert b"GET /before 0" in link.recv(65536)
        running.stop_soon()
        assert told == ["going"]

        link.sendall(b"GET /after HTTP/1.1\r\nHost: press.example\r\n\r\n")
        said = heard(link)
        new = heard(opened(running.address, b"GET /new HTTP/1.1\r\nHost: press.example\r\n\r\n"))
        assert running.wait_for_end()

    assert said.endswith("GET /after 0")
    assert "Connection: close" in said
    assert new.endswith("GET /new 0")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(running.address, timeout=5)


def test_what_is_being_answered_is_answered_before_the_end() -> None:
    reached, may_go = threading.Event(), threading.Event()

    def waits(_environ, start_response):
        reached.set()
        may_go.wait(20)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"done"]

    with running_server(waits) as running:
        link = opened(running.address, b"GET / HTTP/1.1\r\nHost: press.example\r\n\r\n")
        assert reached.wait(20)
        running.stop_soon()
        may_go.set()

        assert heard(link).endswith("done")
        assert running.wait_for_end()


def test_logins_have_a_line_of_their_own_and_it_ends() -> None:
    may_go = threading.Event()

    def waits(environ, start_response):
        if environ["REQUEST_METHOD"] == "POST":
            may_go.wait(20)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"done"]

    head = b"POST /account/login HTTP/1.1\r\nHost: press.example\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    with running_server(waits) as running:
        links = [opened(running.address, head) for _ in range(LOGIN_THREADS + LOGINS_WAITING)]
        while running.within(lambda: running.server._logins.waiting) < LOGINS_WAITING:
            pass
        refused = heard(opened(running.address, head))
        page = heard(opened(running.address, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        may_go.set()
        answers = [heard(link) for link in links]

    assert refused.startswith("HTTP/1.1 429 ")
    assert "Retry-After: 3" in refused
    assert "press the button again" in refused
    assert page.endswith("done")
    assert all(each.endswith("done") for each in answers)


def test_whoever_asks_for_many_pages_waits_behind_everybody_elses_first() -> None:
    order: list[str] = []

    async def asked() -> None:
        lane, ended = Lane("test", 1), asyncio.Event()
        first = threading.Event()
        lane.take("many", lambda: first.wait(20), lambda _: None)
        for number in range(5):
            lane.take("many", partial(order.append, f"many {number}"), lambda _: None)
        lane.take("one", partial(order.append, "one"), lambda _: None)
        lane.take("last", partial(order.append, "last"), lambda _: ended.set())
        first.set()
        await asyncio.wait_for(ended.wait(), 20)
        lane.close()

    run_apart(asked())

    assert order[:3] == ["many 0", "one", "last"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere threads share one niceness")
def test_whoever_logs_in_stands_back_behind_readers() -> None:
    found: list[int] = []

    async def asked() -> None:
        lane, ended = Lane("test", 1, niceness=7), asyncio.Event()
        lane.take("one", lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()), found.append)
        lane.take("two", lambda: None, lambda _: ended.set())
        await asyncio.wait_for(ended.wait(), 20)
        lane.close()

    run_apart(asked())

    assert found == [7]


def test_a_job_that_fails_gives_its_place_back() -> None:
    done: list[str] = []

    async def asked() -> None:
        lane, ended = Lane("test", 1), asyncio.Event()
        lane.take("one", lambda: 1 // 0, lambda _: None)
        lane.take("two", partial(done.append, "two"), lambda _: ended.set())
        await asyncio.wait_for(ended.wait(), 20)
        lane.close()

    run_apart(asked())

    assert done == ["two"]
