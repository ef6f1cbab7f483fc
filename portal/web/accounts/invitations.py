"""The page of an invited person."""

from __future__ import annotations

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.actions.accounts import inviting
from portal.rules.refusals import Invalid, NotFound
from portal.web.access import access, now, portal
from portal.web.accounts import blueprint
from portal.web.accounts.on_the_way import remember
from portal.web.accounts.registration import link_is_gone
from portal.web.accounts.visiting import first_page, visit
from portal.web.forms.accounts import InvitationForm
from portal.web.forms.taking import takes
from portal.web.login_cookie import enter


@blueprint.get("/invite/<token>")
@access("visitor")
def invitation(token: str) -> ResponseReturnValue:
    try:
        offered = inviting.invitation(portal(), token, now=now())
    except NotFound:
        return link_is_gone("invite")
    return render_template("accounts/invitation.html", form=InvitationForm(), offered=offered)


@blueprint.post("/invite/<token>")
@access("visitor")
@takes(InvitationForm)
def send_invitation(token: str, form: InvitationForm) -> ResponseReturnValue:
    try:
        offered = inviting.invitation(portal(), token, now=now())
        entered = inviting.accept_invitation(portal(), token, **form.words(), visit=visit(), now=now())
    except NotFound:
        return link_is_gone("invite")
    except Invalid as refusal:
        form.show(refusal.issues)
        return render_template("accounts/invitation.html", form=form, offered=offered), 422
    if not entered:
        remember(offered.email)
        return redirect("/account/login?after=joined", 303)
    enter(entered)
    return redirect(
        "/desk/organisation?done=joined" if offered.organisation else first_page(current_user.role), 303
    )
