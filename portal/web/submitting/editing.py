"""The pages on which a release is written. Every button saves; nothing typed is lost by any answer."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.actions.accounts import organisations
from portal.actions.submitting import drafting, following_place, putting_in_place, sending
from portal.rules.issues import Issue
from portal.rules.kinds import PAGES, fields_of, typed
from portal.rules.refusals import Conflict, Invalid, NotFound
from portal.rules.release_states import CHANGES_REQUESTED, EDITABLE_STATES
from portal.storage.queries import releases
from portal.storage.queries.releases import Case
from portal.storage.tables import Decision
from portal.web import parked
from portal.web.access import access, current_person, now, portal, settings
from portal.web.answering import Answer
from portal.web.forms import raw
from portal.web.forms.fields import Answer as FieldOfForm
from portal.web.forms.release_page import FORM_PAGES, PageForm, form_of
from portal.web.forms.taking import takes
from portal.web.release_pages.preview import Preview, preview_of
from portal.web.submitting import asking_when, blueprint
from portal.web.submitting.cases import own_case, told_of

KEEPS_PAGE = ("quote", "preview")
PUTS = "put-"
"""Begins what a button posts that puts something in its place (`putting_in_place.STEPS`)."""


@dataclass
class Sheet:
    """One page of the form as it is drawn: what stands in it and what is to be said about it."""

    case: Case
    page: str
    values: dict[str, str]
    issues: list[Issue] = field(default_factory=list)
    steps: dict[str, str] = field(default_factory=dict)
    alert: str = ""
    kept: str = ""
    saved: bool = True
    asked: Decision | None = None
    preview: Preview | None = None

    @property
    def fields(self) -> list[FieldOfForm]:
        """The fields of the page's form, each with what is to be said at it."""
        form = _form_class(self.case, self.page)(values=self.values)
        form.show(self.issues)
        return list(asking_when.fields_asked(form.drawn(), self.values))

    @property
    def empty_quote(self) -> str:
        """The first field of the empty quote after one that holds something: folded, until somebody wants it."""
        texts = [each for each in self.fields if each.name.startswith("quotes-")]
        block = texts[-3:] if len(texts) > 3 else []
        holds = any(each.data.strip() or each.issues for each in block)
        return block[0].name if block and not holds else ""


def _form_class(case: Case, page: str) -> type[PageForm]:
    return form_of(case.release.kind, page, is_correction=case.edition.is_correction)


def _posted_form(reference: str, page: str) -> PageForm:
    """The form of this page for this kind of release. Raises NotFound."""
    if page not in FORM_PAGES:
        raise NotFound
    with portal().database.reading() as session:
        case = own_case(session, current_person(), reference)
        form, values = _form_class(case, page), case.edition.draft.get("values", {})
    return form.read(values=values)


@blueprint.get("/desk/releases/<reference>/edit/<page>")
@access("member")
def edit(reference: str, page: str) -> Response | str:
    """A page with what was saved, or with what was typed when a login ran out."""
    if page not in FORM_PAGES:
        raise NotFound
    sheet = _sheet(reference, page)
    if sheet.case.edition.state not in EDITABLE_STATES:
        return redirect(url_for("submitting.status", reference=reference), 303)
    again = parked.take(current_person(), request.path)
    if again:
        sheet.values |= raw.last_of_each(again)
        sheet.kept = parked.KEPT
    return _drawn(sheet)


@blueprint.post("/desk/releases/<reference>/edit/<page>")
@access("member")
@takes(PageForm, made=_posted_form)
def save(reference: str, page: str, form: PageForm) -> Answer:
    """Save as typed, then go where the button says; where parts of a paste were left out, the story comes once more."""
    answers, rest = form.parted()
    go = form.go.data or "continue"
    step = go.removeprefix(PUTS) if go.startswith(PUTS) else ""
    try:
        saved = drafting.save(
            portal(),
            current_person(),
            reference,
            page=page,
            posted={**answers, putting_in_place.REST: rest, putting_in_place.STEP: step},
            version=form.version.handed_over(),
            now=now(),
        )
    except Conflict as refused:
        return _drawn_again(reference, page, form.as_typed(), 409, alert=told_of(reference, refused))
    except Invalid as refused:
        return _drawn_again(reference, page, form.as_typed(), 422, issues=list(refused.issues), saved=False)
    if not step and (saved.issues or not form.validate()):
        form.show(saved.issues)
        return _drawn_again(reference, page, {}, 422, issues=form.issues)
    if step:
        return redirect(_after_putting(reference, page, step), 303)
    look_again = "#rest" if rest else "#body" if saved.left_something_out else ""
    if look_again and go == "continue":
        return redirect(_where(reference, page, "preview") + look_again, 303)
    return redirect(_where(reference, page, go), 303)


def _after_putting(reference: str, page: str, step: str) -> str:
    """Where one sees what became of it: the story, or the same page where something was left out."""
    if step == "about":
        _put_on_organisation_page(reference)
    page = page if step == putting_in_place.REST_LEFT_OUT else "story"
    return url_for(
        "submitting.edit", reference=reference, page=page, _anchor="body" if page == "story" else None
    )


def _put_on_organisation_page(reference: str) -> None:
    """The About text of the story, where the organisation has none; what is too long stays for copying."""
    with portal().database.reading() as session:
        case = own_case(session, current_person(), reference)
        house = case.release.organisation
        about = putting_in_place.about_taken_out(case.edition.draft, house)
    if about:
        with suppress(Invalid, Conflict):
            organisations.change_page(
                portal(),
                current_person(),
                house.slug,
                about=about,
                website=house.website,
                version=house.version,
                now=now(),
            )


def _where(reference: str, page: str, go: str) -> str:
    """The next page, the previous one, the desk, or the same page again."""
    if go == "leave":
        return url_for("submitting.desk")
    if go == "kind":
        return url_for("submitting.another_kind", reference=reference)
    if go in KEEPS_PAGE:
        return url_for("submitting.edit", reference=reference, page=page)
    place = PAGES.index(page) + (-1 if go == "back" else 1)
    return (
        url_for("submitting.edit", reference=reference, page=PAGES[max(place, 0)])
        if place < len(FORM_PAGES)
        else url_for("submitting.check", reference=reference)
    )


def _sheet(reference: str, page: str) -> Sheet:
    with portal().database.reading() as session:
        case = own_case(session, current_person(), reference)
        issues = sending.check(portal(), case, now=now())
        values = _offered(page, case)
        return Sheet(
            case=case,
            page=page,
            values=values,
            issues=_issues_of_page(issues, page, case, values) if _was_written(case, page) else [],
            steps=steps_of(case, issues),
            asked=releases.decision_that_stands(session, case.edition)
            if case.edition.state == CHANGES_REQUESTED
            else None,
            preview=preview_of(case.release, case.edition.draft),
        )


def _offered(page: str, case: Case) -> dict[str, str]:
    """What was saved, and what stands in an empty form already, because it is so for most: nothing is saved before a
    button is."""
    person = current_person()
    offers = {
        "news": {"language": "en"},
        "contact": {"contact_name": person.name, "newsroom_name": person.name},
    }
    saved: dict[str, str] = case.edition.draft.get("values", {})
    of_the_place = following_place.open_offers(case.edition.draft, settings().timezone)
    return (
        offers.get(page, {})
        | saved
        | {name: of_the_place[name] for name in of_the_place if _is_on(case, page, name)}
    )


def _is_on(case: Case, page: str, name: str) -> bool:
    return any(
        item.name == name
        for item in fields_of(case.release.kind, page, is_correction=case.edition.is_correction)
    )


def _issues_of_page(issues: list[Issue], page: str, case: Case, values: Mapping[str, str]) -> list[Issue]:
    """What is to be said on a page. Nobody is told to fill in what stands in the box already, because we offer it."""
    saved = case.edition.draft.get("values", {})
    offered = {name for name, text in values.items() if text and not typed(saved, name)}
    return [issue for issue in issues if issue.page == page and issue.field not in offered]


def _was_written(case: Case, page: str) -> bool:
    """Issues are shown when one comes back to a page, never on an empty one."""
    values = case.edition.draft.get("values", {})
    names = {item.name for item in fields_of(case.release.kind, page)}
    return any(name in names for name in values)


def steps_of(case: Case, issues: list[Issue]) -> dict[str, str]:
    """For every page whether it is ready, needs work, or was not started."""
    blocked = {issue.page for issue in issues if issue.blocks}
    return {page: "todo" if page in blocked else "ready" for page in FORM_PAGES if _was_written(case, page)}


def _drawn(sheet: Sheet) -> str:
    return render_template("submitting/edit.html", sheet=sheet, issues=sheet.issues)


def _drawn_again(
    reference: str,
    page: str,
    typed: Mapping[str, str],
    status: int,
    *,
    alert: str = "",
    issues: list[Issue] | None = None,
    saved: bool = True,
) -> tuple[str, int]:
    """The same form with fresh hidden values and the sender's own words; of what is said about other words nothing."""
    sheet = _sheet(reference, page)
    stood = sheet.values
    sheet.values = {**stood, **typed}
    sheet.issues = [
        issue for issue in sheet.issues if sheet.values.get(issue.field) == stood.get(issue.field)
    ]
    sheet.alert, sheet.saved = alert, saved
    if issues is not None:
        seen = {(issue.code, issue.field) for issue in issues}
        sheet.issues = issues + [issue for issue in sheet.issues if (issue.code, issue.field) not in seen]
    return _drawn(sheet), status
