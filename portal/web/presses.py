"""One press, one effect: every form is drawn with a key, and what it does is told which press it is."""

from __future__ import annotations

from flask import Flask, request

from portal.actions.portal import Portal
from portal.clock import real_seconds
from portal.rules.presses import fresh_key
from portal.web.access import current_person, now, portal
from portal.web.forms.protocol import PortalForm


def install(app: Flask) -> None:
    app.jinja_env.globals["press_key"] = lambda: fresh_key(real_seconds())


def portal_for(form: PortalForm) -> Portal:
    """The portal for what this form does: done once, however often the same press comes."""
    press = form.press(current_person().id, request.path, pressed=real_seconds(), now=now())
    return portal().for_press(press)
