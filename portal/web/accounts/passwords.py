"""Changing the password, and setting a new one by a mailed link."""

from __future__ import annotations

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.actions.accounts import logging_in, resetting
from portal.rules.refusals import Invalid, NotFound
from portal.web.access import access, now, portal
from portal.web.accounts import blueprint
from portal.web.accounts.on_the_way import login_after, remember, way_in
from portal.web.accounts.registration import link_is_gone
from portal.web.accounts.visiting import visit
from portal.web.forms.accounts import NewPasswordForm, PasswordForm, ResetRequestForm
from portal.web.forms.taking import takes
from portal.web.login_cookie import enter


@blueprint.get("/password")
@access("logged_in")
def password() -> str:
    return render_template("accounts/password.html", form=PasswordForm())


@blueprint.post("/password")
@access("logged_in")
@takes(PasswordForm)
def send_password(form: PasswordForm) -> ResponseReturnValue:
    try:
        token = logging_in.change_password(
            portal(),
            current_user.login,
            current=form.current_password.data,
            password=form.password.data,
            visit=visit(),
            now=now(),
        )
    except Invalid as refusal:
        form.show(refusal.issues)
        return render_template("accounts/password.html", form=form), 422
    enter(token)
    return redirect("/account/security", 303)


@blueprint.get("/reset")
@access("visitor")
def reset_request() -> str:
    return render_template("accounts/reset.html", form=ResetRequestForm(email=way_in().email))


@blueprint.post("/reset")
@access("visitor")
@takes(ResetRequestForm)
def send_reset_request(form: ResetRequestForm) -> ResponseReturnValue:
    try:
        resetting.ask_for_reset(portal(), email=form.email.data, visit=visit(), now=now())
    except Invalid as refusal:
        form.show(refusal.issues)
        return render_template("accounts/reset.html", form=form), 422
    remember(form.email.data, mailed=True)
    return redirect("/account/reset/sent", 303)


@blueprint.get("/reset/sent")
@access("visitor")
def reset_sent() -> str:
    return render_template("accounts/reset_sent.html", way=way_in())


@blueprint.get("/reset/<token>")
@access("visitor")
def reset(token: str) -> ResponseReturnValue:
    try:
        resetting.whose_reset(portal(), token, now=now())
    except NotFound:
        return link_is_gone("reset")
    return render_template("accounts/reset_password.html", form=NewPasswordForm())


@blueprint.post("/reset/<token>")
@access("visitor")
@takes(NewPasswordForm)
def send_reset(token: str, form: NewPasswordForm) -> ResponseReturnValue:
    try:
        whose = resetting.whose_reset(portal(), token, now=now())
        resetting.reset(portal(), token, form.password.data, visit=visit(), now=now())
    except NotFound:
        return link_is_gone("reset")
    except Invalid as refusal:
        form.show(refusal.issues)
        return render_template("accounts/reset_password.html", form=form), 422
    remember(whose.email)
    return redirect(login_after("password"), 303)
