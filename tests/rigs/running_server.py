"""The web server in a thread of this process, around any small application; time passes in it when we say so."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from portal.commands.serving.server import Server, listen

Made = TypeVar("Made")


class RunningServer:
    """Knows where it listens, and lets its seconds pass."""

    def __init__(self, server: Server, address: tuple[str, int]) -> None:
        self.server = server
        self.address = address
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(20)

    def wait_for_end(self) -> bool:
        self._thread.join(30)
        return not self._thread.is_alive()

    def pass_seconds(self, seconds: float) -> None:
        """Every socket is looked at as it will be then."""
        self.within(lambda: self.server.look(self._loop.time() + seconds))

    def stop_soon(self) -> None:
        self.within(self.server.stop_soon)

    def end(self) -> None:
        """At once, also where it was told to stop already."""
        for _ in range(2):
            with suppress(RuntimeError):  # the loop is closed by then
                self._loop.call_soon_threadsafe(self.server.stop_soon)
        assert self.wait_for_end()

    def within(self, call: Callable[[], Any]) -> Any:
        """The call, made in the loop's own thread; what it answers."""

        async def made() -> Any:
            return call()

        return asyncio.run_coroutine_threadsafe(made(), self._loop).result(20)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.call_soon(self._ready.set)
        await self.server.run()


@contextmanager
def running_server(application: Any, **options: Any) -> Iterator[RunningServer]:
    listening = listen("127.0.0.1", 0)
    running = RunningServer(Server(application, listening, **options), listening.getsockname())
    running.start()
    try:
        yield running
    finally:
        running.end()


def run_apart(made: Coroutine[Any, Any, Made]) -> Made:
    """What it answers, in a thread of its own: in ours the loop of a browser may be at work."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, made).result(60)


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
