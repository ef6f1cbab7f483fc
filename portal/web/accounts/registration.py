"""Registering, and the mailed link that confirms it."""

from __future__ import annotations

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from portal.actions.accounts import registering
from portal.rules.refusals import Invalid, NotFound
from portal.web.access import access, now, portal
from portal.web.accounts import blueprint
from portal.web.accounts.visiting import visit
from portal.web.forms.accounts import RegistrationForm
from portal.web.forms.taking import pressed, takes


@blueprint.get("/register")
@access("visitor")
def register() -> str:
    return render_template("accounts/register.html", form=RegistrationForm())


@blueprint.post("/register")
@access("visitor")
@takes(RegistrationForm)
def send_registration(form: RegistrationForm) -> ResponseReturnValue:
    try:
        registering.register(portal(), **form.words(), visit=visit(), now=now())
    except Invalid as refusal:
        form.show(refusal.issues)
        return render_template("accounts/register.html", form=form), 422
    return redirect("/account/register/sent", 303)


@blueprint.get("/register/sent")
@access("visitor")
def registration_sent() -> str:
    return render_template("accounts/register_sent.html")


@blueprint.get("/confirm/<token>")
@access("visitor")
def confirm(token: str) -> ResponseReturnValue:
    try:
        user, organisation = registering.waiting_for_confirmation(portal(), token, now=now())
    except NotFound:
        return link_is_gone("confirm")
    return render_template("accounts/confirm.html", user=user, organisation=organisation)


@blueprint.post("/confirm/<token>")
@access("visitor")
@pressed
def send_confirmation(token: str) -> ResponseReturnValue:
    try:
        registering.confirm(portal(), token, now=now())
    except NotFound:
        return link_is_gone("confirm")
    return redirect("/account/login?after=confirmed", 303)


def link_is_gone(purpose: str) -> ResponseReturnValue:
    """Used, too old, cut in half or made up: the page is the same."""
    return render_template("accounts/link_gone.html", purpose=purpose), 404
