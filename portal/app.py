"""Puts the parts together. Nothing is made at import, so tests make as many portals as they like."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from portal import logs
from portal.actions.portal import Portal
from portal.clock import Clock, clock_from, is_watched
from portal.front.next_changes import NextChanges
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.unit_of_work import Doorbell
from portal.web import (
    access,
    accounts,
    clock_watch,
    errors,
    first_look,
    login_cookie,
    moderating,
    newsletter,
    operating,
    organisation,
    parked,
    presentation,
    presses,
    protection,
    public,
    static_files,
    submitting,
)
from portal.web.forms.decoding import QuickRequest
from portal.web.operating.views import GOING, KEPT

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
ROOMS = (
    public.blueprint,
    newsletter.blueprint,
    newsletter.desk,
    accounts.blueprint,
    organisation.blueprint,
    submitting.blueprint,
    moderating.blueprint,
    operating.blueprint,
)


def create_app(settings: Settings, *, clock: Clock | None = None, doorbell: Doorbell | None = None) -> Flask:
    """The web application. `clock` and `doorbell` replace the ones that the settings ask for."""
    app = Flask("portal", template_folder=str(TEMPLATES), static_folder=str(static_files.FOLDER))
    app.request_class = QuickRequest
    app.extensions["portal"] = Portal(Database(settings.database_url), settings, doorbell or _bell(settings))
    app.extensions["clock"] = clock or clock_from(settings)
    app.extensions["next_changes"] = NextChanges()
    app.extensions[GOING] = False
    app.extensions[KEPT] = {}
    logs.configure(settings)
    protection.install(app, settings)
    login_cookie.install(app, settings)
    access.install(app)
    first_look.install(app)
    if clock is None and is_watched(settings):
        clock_watch.install(app)
    parked.install(app)
    errors.install(app)
    presentation.install(app)
    presses.install(app)
    _open_rooms(app)
    return app


def _bell(settings: Settings) -> Doorbell:
    from workers.queues import doorbell  # only here: pages and workers know nothing of each other

    return doorbell(settings)


def _open_rooms(app: Flask) -> None:
    for room in ROOMS:
        app.register_blueprint(room)
