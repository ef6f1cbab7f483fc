"""What a view has at hand: the portal, the settings and the time of this request."""

from __future__ import annotations

from datetime import datetime

from flask import current_app, g, request

from portal.actions.portal import Portal
from portal.clock import Clock
from portal.front.keeping import KEEP, MARK, Keep
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


def read_by(zone: str) -> None:
    """From now on this page names times by the clock of this IANA zone, and by no other unless it says so."""
    g.clock_zone = zone


def clock_zone() -> str:
    """The zone by whose clock this page names times: that of the release of a sender's page, otherwise the site's."""
    zone: str = g.get("clock_zone", "") or settings().timezone
    return zone


def mark_before() -> int | None:
    """The mark of what is public, as it was read before this request was handed to us; None where nobody read it."""
    mark: int | None = request.environ.get(MARK)
    return mark


def may_be_kept(keep: Keep) -> None:
    """Said by an answer that is the same for everybody, whatever they send along."""
    request.environ[KEEP] = keep
