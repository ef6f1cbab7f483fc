"""About text, website and members. The owner invites and removes; everybody else reads."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from portal.actions.accounts import inviting, membership, organisations
from portal.actions.accounts.organisations import OrganisationPage
from portal.rules import permissions
from portal.rules.refusals import Conflict, Invalid, NotFound, Repeated
from portal.web import parked
from portal.web.access import access, current_person, now, portal, settings
from portal.web.accounts.visiting import visit
from portal.web.forms.organisation import InviteForm, LeaveForm, MemberForm, OrganisationForm
from portal.web.forms.taking import takes
from portal.web.organisation import blueprint
from portal.web.presses import portal_for
from portal.web.times import when

HOME = "/desk/organisation"
DONE = {
    "changed": "The organisation page is saved.",
    "invited": "The invitation is on its way.",
    "joined": "You act for this organisation now, and you are logged in.",
    "removed": "This person no longer acts for the organisation, and is told by mail.",
    "owner": "The organisation is passed on: the new owner stands below, and you stay as a member.",
    "left": "You have left the organisation. Your account stays.",
}


@blueprint.get("")
@access("member")
def show() -> ResponseReturnValue:
    page = organisations.page_of(portal(), current_person(), request.args.get("organisation"), now=now())
    if page is None:
        return render_template("organisation/none.html", done=DONE.get(request.args.get("done", "")))
    kept = parked.take(current_person(), request.path)
    if kept is None or kept.get("organisation", page.organisation.slug) != page.organisation.slug:
        return _drawn(page)
    return _drawn(page, form=_form_of(page, kept), invite_form=_invite_form_of(page, kept), done=parked.KEPT)


@blueprint.post("")
@access("member")
@takes(OrganisationForm)
def change(form: OrganisationForm) -> ResponseReturnValue:
    page = _page_named(form)
    try:
        organisations.change_page(
            portal(),
            current_person(),
            page.organisation.slug,
            about=form.about.data,
            website=form.website.data,
            version=_version(form, page),
            now=now(),
        )
    except Invalid as refusal:
        form.show(refusal.issues)
        return _drawn(page, form=form), 422
    except Conflict as refusal:
        form.version.data = str(page.organisation.version)
        return _drawn(page, form=form, alert=_told(refusal)), 409
    return _back_to(page, "changed")


@blueprint.post("/invite")
@access("member")
@takes(InviteForm)
def invite(form: InviteForm) -> ResponseReturnValue:
    page = _page_named(form)
    try:
        inviting.invite(
            portal_for(form),
            current_person(),
            page.organisation.slug,
            email=form.email.data,
            visit=visit(),
            now=now(),
        )
    except Repeated:
        pass  # mailed already, by the same press
    except Invalid as refusal:
        form.show(refusal.issues)
        return _drawn(page, invite_form=form), 422
    return _back_to(page, "invited")


@blueprint.post("/remove")
@access("member")
@takes(MemberForm)
def remove(form: MemberForm) -> ResponseReturnValue:
    page, member = _page_named(form), form.membership_id
    if member is None:
        raise NotFound
    try:
        organisations.remove(
            portal_for(form), current_person(), page.organisation.slug, membership_id=member, now=now()
        )
    except Repeated:
        pass  # removed already, by the same press
    except Conflict as refusal:
        return _drawn(page, alert=refusal.sentence), 409
    return redirect("/desk", 303) if _removed_oneself(page, member) else _back_to(page, "removed")


@blueprint.post("/owner")
@access("member")
@takes(MemberForm)
def owner(form: MemberForm) -> ResponseReturnValue:
    """Pass it on: who was the owner stays as a member."""
    page, member = _page_named(form), form.membership_id
    if member is None:
        raise NotFound
    with suppress(Repeated):  # passed on already, by the same press
        membership.pass_on(
            portal_for(form), current_person(), page.organisation.slug, membership_id=member, now=now()
        )
    return _back_to(page, "owner")


@blueprint.post("/leave")
@access("member")
@takes(LeaveForm)
def leave(form: LeaveForm) -> ResponseReturnValue:
    slug = form.organisation.data or _page_named(form).organisation.slug
    try:
        membership.leave(portal_for(form), current_person(), slug, now=now())
    except Repeated:
        pass  # left already, by the same press
    except Conflict as refusal:
        return _drawn(_page_named(form), alert=refusal.sentence), 409
    return redirect("/desk/organisation?done=left", 303)


def _page_named(form: OrganisationForm | InviteForm | MemberForm | LeaveForm) -> OrganisationPage:
    """The organisation that the form names, or the person's first. Raises NotFound for anybody else's."""
    page = organisations.page_of(
        portal(),
        current_person(),
        form.organisation.data if form.organisation.was_posted else None,
        now=now(),
    )
    if page is None:
        raise NotFound
    return page


def _drawn(
    page: OrganisationPage,
    *,
    form: OrganisationForm | None = None,
    invite_form: InviteForm | None = None,
    alert: str = "",
    done: str = "",
) -> str:
    person = current_person()
    return render_template(
        "organisation/page.html",
        page=page,
        form=form or _form_of(page),
        invite_form=invite_form or _invite_form_of(page, {}),
        owns=permissions.may_manage_members(person, page.organisation.id),
        me=person.id,
        alert=alert,
        done=done or DONE.get(request.args.get("done", "")),
    )


def _form_of(page: OrganisationPage, kept: Mapping[str, str] | None = None) -> OrganisationForm:
    """The page as it is saved, or with what was typed when a login ran out."""
    organisation, kept = page.organisation, kept or {}
    return OrganisationForm(
        about=kept.get("about", organisation.about),
        website=kept.get("website", organisation.website),
        organisation=organisation.slug,
        version=organisation.version,
    )


def _invite_form_of(page: OrganisationPage, kept: Mapping[str, str]) -> InviteForm:
    return InviteForm(organisation=page.organisation.slug, email=kept.get("email", ""))


def _told(refusal: Conflict) -> str:
    """Who was faster, and when."""
    if refusal.winner is None:
        return refusal.sentence
    sentence = refusal.sentence
    if refusal.winner.user_id == current_person().id:
        sentence = "You, in another tab, changed the organisation page after you opened it."
    return f"{sentence} That was on {when(refusal.winner.at, settings().timezone)}."


def _version(form: OrganisationForm, page: OrganisationPage) -> int:
    """The version that the form was made of; a program that sends none takes the present one."""
    shown = form.version.number_or_none()
    return page.organisation.version if shown is None else shown


def _removed_oneself(page: OrganisationPage, membership_id: int) -> bool:
    return any(each.id == membership_id and each.user_id == current_person().id for each in page.members)


def _back_to(page: OrganisationPage, done: str) -> ResponseReturnValue:
    return redirect(f"{HOME}?organisation={page.organisation.slug}&done={done}", 303)
