"""Serves the pages.

Waitress, because twenty slow clients stop the other servers that were tried (`listening` says what it takes from a
socket). It reads no forwarded headers: how many proxies are trusted is the application's decision.
"""

from __future__ import annotations

import signal
from types import FrameType

import click

from portal.commands import starting_settings
from portal.settings import Settings


@click.command()
def command() -> None:
    """Serve the pages."""
    signal.signal(signal.SIGTERM, _stop)
    serve_pages(starting_settings())


def serve_pages(settings: Settings) -> None:
    """Returns when the process is told to stop; requests already being answered are finished."""
    from portal.app import create_app
    from portal.commands.serving.listening import listening_server
    from portal.commands.serving.memory import give_back_large_blocks
    from portal.web import clock_watch

    give_back_large_blocks()
    app = create_app(settings)
    clock_watch.watch_between_pages(app)
    server = listening_server(app, settings.bind_host, settings.bind_port)
    server.run()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
