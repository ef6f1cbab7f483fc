"""What a view has at hand: the portal, the settings and the time of this request."""

from __future__ import annotations

from datetime import datetime

from flask import current_app, g

from portal.actions.portal import Portal
from portal.clock import Clock
from portal.settings import Settings


def portal() -> Portal:
    """The portal, whose records name this request."""
    found: Portal = current_app.extensions["portal"]
    return found.for_request(g.get("request_id", ""))


def settings() -> Settings:
    found: Settings = current_app.extensions["portal"].settings
    return found


def now() -> datetime:
    """The instant of this request: asked once, so that all of one answer agrees."""
    if "now" not in g:
        clock: Clock = current_app.extensions["clock"]
        g.now = clock.now()
    moment: datetime = g.now
    return moment
