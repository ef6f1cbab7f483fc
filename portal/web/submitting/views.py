"""Choosing a kind, the desk, and the page of one release."""

from collections.abc import Mapping
from datetime import datetime

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.actions.releases import asking
from portal.actions.submitting import drafting
from portal.rules import release_states as states
from portal.rules.issues import Issue, blocking
from portal.rules.kinds import KINDS
from portal.rules.reasons import REASONS
from portal.rules.refusals import Invalid, NotFound, Repeated
from portal.storage.queries import desk as desk_queries
from portal.storage.queries import people, public_releases, releases
from portal.storage.queries.cursors import cursor
from portal.storage.queries.releases import Case
from portal.storage.tables import Release
from portal.text.zones import clock_of
from portal.web import parked
from portal.web.access import MAY_ENTER, access, current_person, now, portal, settings, visiting_person
from portal.web.forms.protocol import FormsOfPage
from portal.web.forms.submitting import STEPS, StartForm
from portal.web.forms.taking import takes
from portal.web.presses import portal_for
from portal.web.release_pages.preview import preview_of
from portal.web.release_pages.status_page import shown_state, story
from portal.web.release_pages.versions import kind_of
from portal.web.submitting import answers, blueprint
from portal.web.submitting.cases import own_case
from portal.web.submitting.status_parts import parts_of


@blueprint.get("/submit")
@access("visitor")
def choose() -> str:
    """What is your news? Whoever is not logged in is told what it takes, and shown both ways in."""
    person = visiting_person()
    if person is None or not MAY_ENTER["member"](person):
        return render_template("submitting/start.html", staff=person is not None)
    return _choose_page(StartForm())


@blueprint.post("/submit")
@access("member")
@takes(StartForm)
def start(form: StartForm) -> Response | tuple[str, int]:
    try:
        reference = drafting.start(
            portal_for(form),
            current_person(),
            form.kind.data,
            now=now(),
            organisation_id=form.organisation_id,
        )
    except Repeated as began:
        reference = began.result
    except Invalid as refused:
        return _choose_page(form, _issues_of(refused)), 422
    return redirect(url_for("submitting.edit", reference=reference, page="news"), 303)


def _issues_of(refused: Invalid) -> list[Issue]:
    """Of a kind that is none the action says only the sentence."""
    return list(refused.issues) or [blocking("WRONG_TYPE", "kind", refused.sentence)]


@blueprint.get("/desk")
@access("member")
def desk() -> str:
    """My organisation's releases and where each stands."""
    moment = now()
    with portal().database.reading() as session:
        found = desk_queries.page(session, current_person().memberships, after=request.args.get("after"))
        shown, more = found[: desk_queries.PAGE], len(found) > desk_queries.PAGE
        return render_template(
            "submitting/desk.html",
            rows=_desk_rows(session, shown, moment),
            next_url=_next_url(shown) if more else "",
            first_url=url_for("submitting.desk") if request.args.get("after") else "",
            organisations=people.organisations_of(session, current_person().id),
        )


@blueprint.get("/desk/releases/<reference>")
@access("member")
def status(reference: str) -> str:
    """Where it stands, what happens next and by when."""
    form = parked.waiting(current_person(), request.path)
    if form is None:
        return status_page(reference)
    typed = {**dict(form.fields), "form": form.sent_to.rpartition("/")[2]}
    words = any(typed.get(name) for name in ("message", "what", "why"))
    return status_page(reference, note=parked.KEPT if words else "", typed=typed)


@blueprint.get("/desk/releases/<reference>/versions/<int:number>")
@access("member")
def version(reference: str, number: int) -> str:
    """One version as it was sent."""
    with portal().database.reading() as session:
        case = own_case(session, current_person(), reference)
        found = next(
            (item for item in releases.revisions(session, case.release) if item.number == number), None
        )
        if found is None:
            raise NotFound
        preview = preview_of(case.release, found.content, kind=kind_of(session, case, found))
        back = url_for("submitting.status", reference=reference)
        return render_template(
            "submitting/version.html", case=case, revision=found, preview=preview, back=back
        )


def status_page(
    reference: str,
    *,
    alert: str = "",
    note: str = "",
    issues: list[Issue] | None = None,
    typed: Mapping[str, str] | None = None,
) -> str:
    """The page, also as the answer to a step that was refused: what was typed stands in it."""
    moment = now()
    with portal().database.reading() as session:
        case = own_case(session, current_person(), reference)
        told = story(
            session,
            case,
            moment,
            for_desk=False,
            decision=releases.decision_that_stands(session, case.edition),
        )
        steps, typed = _offered(session, case, told.state, moment), typed or {}
        forms = FormsOfPage(STEPS).came_back(typed.get("form", "message"), MultiDict(typed), issues or [])
        return render_template(
            "submitting/status.html",
            case=case,
            told=told,
            parts=parts_of(session, case, told, moment, steps=steps, typed=typed),
            steps=steps,
            forms=forms,
            runs=answers.runs(case, settings()),
            reasons=REASONS,
            alert=alert,
            note=note,
            issues=issues or [],
        )


def _offered(session: Session, case: Case, state: str, moment: datetime) -> frozenset[str]:
    """The steps that the sender may take: what the buttons are made of. What was removed offers none."""
    if state in (states.KILLED, states.TAKEN_DOWN):
        return frozenset()
    return asking.offers(session, case, current_person(), moment).steps()


def _desk_rows(session: Session, shown: list[Release], moment: datetime) -> list[dict[str, object]]:
    public = public_releases.visible_among(session, [release.id for release in shown], moment)
    return [_desk_row(release, release.id in public, moment) for release in shown]


def _desk_row(release: Release, visible: bool, moment: datetime) -> dict[str, object]:
    edition = next(
        (item for item in release.editions if item.state in states.OPEN_STATES), release.editions[-1]
    )
    state = shown_state(releases.Case(release, edition), visible, moment)
    zone = clock_of(edition.draft.get("values", {}), settings().timezone)
    return {"release": release, "edition": edition, "state": state, "zone": zone}


def _next_url(shown: list[Release]) -> str:
    last = shown[-1]
    return url_for("submitting.desk", after=cursor(last.moved_at, last.id))


def _choose_page(form: StartForm, issues: list[Issue] | None = None) -> str:
    """Nothing is chosen beforehand: each kind is a button of its own."""
    with portal().database.reading() as session:
        return render_template(
            "submitting/choose.html",
            beginning=form,
            kinds=KINDS.values(),
            organisations=people.organisations_of(session, current_person().id),
            issues=issues or [],
        )
