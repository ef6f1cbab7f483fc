"""Registering, and the mailed link that confirms it."""

from __future__ import annotations

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from portal.actions.accounts import registering
from portal.rules.refusals import Invalid, NotFound
from portal.web.access import access, now, portal
from portal.web.accounts import blueprint
from portal.web.accounts.visiting import visit
from portal.web.forms.accounts import RegistrationForm, SendAgainForm
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


@blueprint.get("/register/again")
@access("visitor")
def again() -> str:
    return render_template("accounts/again.html", form=SendAgainForm())


@blueprint.post("/register/again")
@access("visitor")
@takes(SendAgainForm)
def send_again(form: SendAgainForm) -> ResponseReturnValue:
    try:
        registering.send_again(portal(), email=form.email.data, visit=visit(), now=now())
    except Invalid as refusal:
        form.show(refusal.issues)
        return render_template("accounts/again.html", form=form), 422
    return redirect("/account/register/again/sent", 303)


@blueprint.get("/register/again/sent")
@access("visitor")
def sent_again() -> str:
    return render_template("accounts/again_sent.html")


@blueprint.get("/confirm/<token>")
@access("visitor")
def confirm(token: str) -> ResponseReturnValue:
    try:
        waiting = registering.waiting_for_confirmation(portal(), token, now=now())
    except NotFound:
        return link_is_gone("confirm")
    if waiting.is_confirmed:
        return render_template("accounts/confirmed_already.html", waiting=waiting)
    if waiting.expired:
        return link_is_gone("confirm", expired=True)
    return render_template("accounts/confirm.html", waiting=waiting)


@blueprint.post("/confirm/<token>")
@access("visitor")
@pressed
def send_confirmation(token: str) -> ResponseReturnValue:
    try:
        confirmed = registering.confirm(portal(), token, visit=visit(), now=now())
    except NotFound:
        return link_is_gone("confirm")
    return redirect(f"/account/login?after={'confirmed' if confirmed else 'already'}", 303)


def link_is_gone(purpose: str, *, expired: bool = False) -> ResponseReturnValue:
    """Used, too old, cut in half or made up. `expired`: it is truly ours and only too old."""
    return render_template("accounts/link_gone.html", purpose=purpose, expired=expired), 404
