"""Registering, and the mailed link that confirms it."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from portal.actions.accounts import registering
from portal.rules.refusals import Invalid, NotFound
from portal.web.access import access, now, portal
from portal.web.accounts import blueprint
from portal.web.accounts.on_the_way import login_after, remember, way_in
from portal.web.accounts.visiting import same_site_path, visit
from portal.web.forms.accounts import RegistrationForm, SendAgainForm
from portal.web.forms.taking import pressed, takes


@blueprint.get("/register")
@access("visitor")
def register() -> str:
    known = way_in()
    wanted = same_site_path(request.args.get("next")) or known.wanted
    return _register_page(RegistrationForm(email=known.email, next=wanted))


@blueprint.post("/register")
@access("visitor")
@takes(RegistrationForm)
def send_registration(form: RegistrationForm) -> ResponseReturnValue:
    wanted = same_site_path(form.next.data or request.args.get("next")) or ""
    typed = {**form.words(), "next_page": wanted}
    del typed["next"]
    try:
        registering.register(portal(), **typed, visit=visit(), now=now())
    except Invalid as refusal:
        form.show(refusal.issues)
        return _register_page(form), 422
    remember(form.email.data, wanted, mailed=True)
    return redirect("/account/register/sent", 303)


def _register_page(form: RegistrationForm) -> str:
    return render_template("accounts/register.html", form=form, wanted=same_site_path(form.next.data) or "")


@blueprint.get("/register/sent")
@access("visitor")
def registration_sent() -> str:
    return render_template("accounts/register_sent.html", way=way_in())


@blueprint.get("/register/again")
@access("visitor")
def again() -> str:
    return render_template("accounts/again.html", form=SendAgainForm(email=way_in().email))


@blueprint.post("/register/again")
@access("visitor")
@takes(SendAgainForm)
def send_again(form: SendAgainForm) -> ResponseReturnValue:
    try:
        registering.send_again(portal(), email=form.email.data, visit=visit(), now=now())
    except Invalid as refusal:
        form.show(refusal.issues)
        return render_template("accounts/again.html", form=form), 422
    remember(form.email.data, mailed=True)
    return redirect("/account/register/again/sent", 303)


@blueprint.get("/register/again/sent")
@access("visitor")
def sent_again() -> str:
    return render_template("accounts/again_sent.html", way=way_in())


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
        waiting = registering.waiting_for_confirmation(portal(), token, now=now())
        confirmed = registering.confirm(portal(), token, visit=visit(), now=now())
    except NotFound:
        return link_is_gone("confirm")
    remember(waiting.email, same_site_path(waiting.next_page))
    return redirect(login_after("confirmed" if confirmed else "already"), 303)


def link_is_gone(purpose: str, *, expired: bool = False) -> ResponseReturnValue:
    """Used, too old, cut in half or made up. `expired`: it is truly ours and only too old."""
    return render_template("accounts/link_gone.html", purpose=purpose, expired=expired), 404
