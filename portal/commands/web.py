"""Serves the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from portal.commands import starting_settings
from portal.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

    from portal.commands.serving.server import Kitchen, Server


@click.command()
def command() -> None:
    """Serve the pages."""
    serve_pages(starting_settings())


def serve_pages(settings: Settings) -> None:
    """Returns when the process was told to stop: it serves on for a while, and what is being answered is finished."""
    from portal.app import create_app
    from portal.commands.serving.memory import give_back_large_blocks
    from portal.commands.serving.server import serve
    from portal.web import clock_watch

    give_back_large_blocks()
    app = create_app(settings)
    clock_watch.watch_between_pages(app)
    serve(server_for(app, settings))


def server_for(app: Flask, settings: Settings) -> Server:
    """The server of these pages, bound and not yet running. Raises OSError where the address is taken."""
    from portal.commands.serving.server import Server, Stop, listen
    from portal.web.operating.views import GOING

    return Server(
        app,
        listen(settings.bind_host, settings.bind_port),
        kitchen=_kitchen(app, settings) if settings.page_cache_mb else None,
        stop=Stop(settings.drain_seconds, lambda: app.extensions.__setitem__(GOING, True)),
        proxies=settings.proxy_hops,
    )


def _kitchen(app: Flask, settings: Settings) -> Kitchen:
    """What is kept of the public pages, and how its freshness is known."""
    from portal.commands.serving.server import Kitchen
    from portal.front.door import Door
    from portal.front.front import Front
    from portal.front.kept_pages import KeptPages
    from portal.storage.public_marks import mark_of
    from portal.web import clock_watch
    from portal.web.operating.views import KEPT
    from portal.web.public.answers import next_change_of
    from portal.web.public.kept import known_names

    clock, watch = app.extensions["clock"], app.extensions.get(clock_watch.KEY)
    front = Front(
        KeptPages(settings.page_cache_mb * 1024 * 1024),
        now=lambda: clock.now().timestamp(),
        next_change=next_change_of(app),
        is_steady=(lambda: watch.is_steady) if watch else (lambda: True),
    )
    app.extensions[KEPT] = front.counted.results
    door = Door(known_names(app), settings.allowed_hosts, settings.proxy_hops)
    return Kitchen(front, door, mark_of(settings.database_url))
