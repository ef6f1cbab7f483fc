"""No page is shown before it is known whether the database is a copy that was put back: then nothing new is public."""

from __future__ import annotations

from datetime import datetime

from flask import Flask, current_app, request
from werkzeug.exceptions import ServiceUnavailable

from portal.actions.operating import restore_holding
from portal.actions.portal import Portal
from portal.web.access import access_of
from portal.web.at_hand import now, portal

KEY = "looked_at_database"


def install(app: Flask) -> None:
    """Look now; where the database does not answer yet, or is not up to date, the first page looks again."""
    app.extensions[KEY] = _looked(app.extensions["portal"], app.extensions["clock"].now())
    app.before_request(_before_a_page)


def _before_a_page() -> None:
    if current_app.extensions[KEY] or _shows_no_release():
        return
    if not _looked(portal(), now()):
        raise ServiceUnavailable
    current_app.extensions[KEY] = True


def _looked(portal: Portal, now: datetime) -> bool:
    held = restore_holding.look_at_start(portal, now=now)
    if held:
        restore_holding.alarm(portal)
    return held is not None


def _shows_no_release() -> bool:
    return request.endpoint in (None, "static") or access_of(current_app, request.endpoint) == "operator"
