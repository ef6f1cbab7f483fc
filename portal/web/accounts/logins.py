"""Logging in and out, and what stands open."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.actions.accounts import logging_in, sessions
from portal.rules.refusals import Invalid
from portal.web import login_lost, parked
from portal.web.access import access, current_person, now, portal, visiting_person
from portal.web.accounts import blueprint
from portal.web.accounts.on_the_way import remember, way_in
from portal.web.accounts.visiting import browser_name, first_page, same_site_path, visit
from portal.web.forms import raw
from portal.web.forms.accounts import LoginForm
from portal.web.forms.taking import pressed, takes
from portal.web.login_cookie import enter, leave

AFTER = {
    "confirmed": "Your address is confirmed. You can log in now.",
    "already": "Confirmed already. Log in.",
    "password": "The new password holds from now on. Log in with it.",
    "joined": "You act for the organisation now. Log in to begin.",
    "out": "You are logged out.",
    "everywhere": "You are logged out everywhere.",
}


@blueprint.get("/login")
@access("visitor")
def login() -> ResponseReturnValue:
    person = visiting_person()
    wanted = same_site_path(request.args.get("next"))
    if person is not None:
        return redirect(wanted or first_page(person.role), 302)
    form = LoginForm(next=wanted or "", email=way_in().email)
    after = AFTER.get(request.args.get("after", "")) or parked.said_at_login(wanted)
    return render_template("accounts/login.html", form=form, after=after, wanted=wanted)


@blueprint.post("/login")
@access("visitor")
@takes(LoginForm)
def send_login(form: LoginForm) -> ResponseReturnValue:
    wanted = same_site_path(form.next.data or request.args.get("next"))
    try:
        entry = logging_in.log_in(
            portal(), email=form.email.data, password=form.password.data, visit=visit(), now=now()
        )
    except Invalid as refusal:
        form.show(refusal.issues)
        failed = refusal.sentence == logging_in.WRONG
        if raw.carried():
            sent_to = str(same_site_path(form.kept_to.data))
            return login_lost.page(form, raw.carried(), sent_to, 422, failed=failed)
        if form.email.data.strip():
            remember(form.email.data, wanted or "")
        words = {"after": None, "wanted": wanted, "failed": failed}
        return render_template("accounts/login.html", form=form, **words), 422
    enter(entry.token)
    interrupted = same_site_path(form.kept_to.data)
    if interrupted and raw.carried():
        return redirect(parked.park_for(current_user.person.id, interrupted, raw.carried()), 303)
    return redirect(wanted or first_page(entry.role), 303)


@blueprint.post("/logout")
@access("visitor")
@pressed
def logout() -> ResponseReturnValue:
    if current_user.is_authenticated:
        logging_in.log_out(portal(), current_user.person, current_user.session_id, now=now())
    return _goodbye("out")


@blueprint.post("/logout-everywhere")
@access("logged_in")
@pressed
def logout_everywhere() -> ResponseReturnValue:
    logging_in.log_out_everywhere(portal(), current_person(), now=now())
    return _goodbye("everywhere")


@blueprint.get("/security")
@access("logged_in")
def security() -> str:
    return render_template(
        "accounts/security.html",
        sessions=sessions.open_sessions(portal(), current_person(), now=now()),
        this_session=current_user.session_id,
        browser_name=browser_name,
    )


def _goodbye(after: str) -> ResponseReturnValue:
    leave()
    answer = redirect(f"/account/login?after={after}", 303)
    # What scripts kept in this browser goes too. "cookies" is not named: it would also log the reader out of the
    # other sites under the same domain.
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer
