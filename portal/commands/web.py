"""Serves the pages.

Waitress, because twenty slow clients stop the other servers that were tried; the connection limit is what
keeps it answering while hundreds of sockets dawdle. It reads no forwarded headers: how many proxies are
trusted is the application's decision.
"""

from __future__ import annotations

import signal
from types import FrameType

import click

from portal.commands import starting_settings
from portal.settings import Settings

THREADS = 8
CONNECTION_LIMIT = 2000
IDLE_SECONDS = 60
LARGEST_BODY = 64 * 1024 * 1024
"""Bytes. Only a last fence: the application refuses far earlier, with a page that keeps the text."""


@click.command()
def command() -> None:
    """Serve the pages."""
    signal.signal(signal.SIGTERM, _stop)
    serve_pages(starting_settings())


def serve_pages(settings: Settings) -> None:
    """Returns when the process is told to stop; requests already being answered are finished."""
    from waitress.server import create_server

    from portal.app import create_app

    server = create_server(
        create_app(settings),
        host=settings.bind_host,
        port=settings.bind_port,
        threads=THREADS,
        connection_limit=CONNECTION_LIMIT,
        channel_timeout=IDLE_SECONDS,
        cleanup_interval=10,
        max_request_body_size=LARGEST_BODY,
        ident=None,
        clear_untrusted_proxy_headers=False,
    )
    server.run()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
