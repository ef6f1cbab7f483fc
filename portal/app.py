"""Puts the parts together. Nothing is made at import, so tests make as many portals as they like."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from flask import Flask

from portal import logs
from portal.actions.portal import Portal
from portal.clock import Clock, clock_from
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.unit_of_work import Doorbell, silent
from portal.web import access, errors, login_cookie, parked, presentation, protection, static_files

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
ROOMS = ("public", "accounts", "organisation", "submitting", "moderating", "help", "operating")


def create_app(settings: Settings, *, clock: Clock | None = None, doorbell: Doorbell | None = None) -> Flask:
    """The web application. `clock` and `doorbell` replace the ones that the settings ask for."""
    app = Flask("portal", template_folder=str(TEMPLATES), static_folder=str(static_files.FOLDER))
    app.extensions["portal"] = Portal(Database(settings.database_url), settings, doorbell or _bell(settings))
    app.extensions["clock"] = clock or clock_from(settings)
    logs.configure(settings)
    protection.install(app, settings)
    login_cookie.install(app, settings)
    access.install(app)
    parked.install(app)
    errors.install(app)
    presentation.install(app)
    _open_rooms(app)
    return app


def _bell(settings: Settings) -> Doorbell:
    try:
        from workers.queues import doorbell  # only here: pages and workers know nothing of each other
    except ImportError:  # until the workers stand
        return silent
    return doorbell(settings)


def _open_rooms(app: Flask) -> None:
    for room in ROOMS:
        if find_spec(f"portal.web.{room}"):
            app.register_blueprint(import_module(f"portal.web.{room}").blueprint)
