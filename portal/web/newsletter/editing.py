"""`/newsroom/newsletter`: the issue that comes and the one that goes out, how far it has come, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from flask import Response as Page
from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.actions.newsletter import building, editing, letter_testing
from portal.outlets.newsletter.daily_email import DailyEmail, daily_email
from portal.outlets.newsletter.trial_letter import everything
from portal.rules import digest as rules
from portal.rules.issues import Issue
from portal.rules.permissions import may_steer_letters
from portal.rules.reader_choice import Choice
from portal.rules.refusals import Conflict, Invalid, NotFound, Repeated
from portal.storage.queries import restoring
from portal.storage.queries.newsletter import digests
from portal.storage.queries.newsletter.digests import Progress
from portal.storage.tables import DigestIssue
from portal.web.access import access, current_person, now, portal, settings
from portal.web.forms.newsletter import IssueForm, SaveIssueForm
from portal.web.forms.taking import takes
from portal.web.newsletter import desk, suppressions
from portal.web.presses import portal_for
from portal.web.protection import POLICY

PLACES_TO_ORDER = 5
ISSUES_SHOWN = 10
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
Answer = Response | tuple[Page, int]


@dataclass(frozen=True)
class Shown:
    """One issue on the page; `version` 0 while nobody has made its row."""

    issue: DigestIssue
    version: int
    letters: DailyEmail
    progress: Progress
    subject: str
    bytes: int
    items: list[tuple[str, str]]
    form: SaveIssueForm

    @property
    def stands_still(self) -> bool:
        return self.issue.held_at is not None or self.issue.paused_at is not None


@desk.get("/newsletter")
@access("newsroom")
def newsletter() -> Page:
    return _page()


@desk.get("/newsletter/letter/<on>")
@access("newsroom")
def letter(on: str) -> Page:
    """The mail as it stands now, for the frame on the page."""
    if not _is_date(on):
        raise NotFound
    with portal().database.reading() as session:
        found = _shown(session, on)
    picked = everything(found.issue, found.letters.material.releases)
    answer = Page(
        found.letters.html(picked, Choice(), current_person().email), content_type="text/html; charset=utf-8"
    )
    answer.headers["Content-Security-Policy"] = LETTER_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@desk.post("/newsletter/save")
@access("newsroom")
@takes(SaveIssueForm)
def save_newsletter(form: SaveIssueForm) -> Answer:
    return _answered(form, editing.save, intro=form.intro.data, order=form.order.data)


@desk.post("/newsletter/hold")
@access("newsroom")
@takes(IssueForm)
def hold_newsletter(form: IssueForm) -> Answer:
    return _answered(form, editing.keep_back)


@desk.post("/newsletter/resume")
@access("newsroom")
@takes(IssueForm)
def resume_newsletter(form: IssueForm) -> Answer:
    return _answered(form, editing.let_go)


@desk.post("/newsletter/test")
@access("newsroom")
@takes(IssueForm)
def test_newsletter(form: IssueForm) -> Answer:
    """The letter as it stands to whoever pressed: it goes behind the answer, like every mail."""
    with portal().database.reading() as session:
        if restoring.is_held(session):
            return _page(
                alert="No mail leaves while a restored copy is held. The page Health says more."
            ), 409
    with suppress(Repeated):  # asked for already, by the same press
        letter_testing.ask(portal_for(form), current_person(), _date_of(form), now=now())
    return redirect(url_for("letter_desk.newsletter", sent="test"), 303)


def _answered(form: IssueForm, act: Callable[..., object], **words: object) -> Answer:
    version = form.version.number_or_none()
    try:
        act(portal_for(form), current_person(), _date_of(form), **words, version=version, now=now())
    except Repeated:
        pass  # done already, by the same press
    except Invalid as refused:
        form.show(refused.issues)
        return _page(form, issues=list(refused.issues)), 422
    except Conflict as refused:
        return _page(form, alert=refused.sentence), 409
    return redirect(url_for("letter_desk.newsletter"), 303)


def _page(form: IssueForm | None = None, *, alert: str = "", issues: list[Issue] | None = None) -> Page:
    """The page may show the letter in a frame of its own site, and nothing else changes in what it may do."""
    answer = Page(_drawn(form, alert, issues or []))
    answer.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return answer


def _drawn(form: IssueForm | None, alert: str, issues: list[Issue]) -> str:
    moment = now()
    with portal().database.reading() as session:
        at_hand, row = editing.at_hand(portal(), session, now=moment)
        coming, _ = editing.coming(portal(), session, now=moment)
        going = _shown(session, at_hand, form) if row is not None and row.closed_at is not None else None
        past = digests.newest_issues(session, ISSUES_SHOWN)
        return render_template(
            "newsletter/desk.html",
            going=going,
            coming=_shown(session, coming, form),
            past=past,
            progress=digests.progress(session, [issue.id for issue in past]),
            uncertain=digests.troubled(session, ("uncertain",)),
            failed=digests.troubled(session, ("failed",)),
            readers=len(digests.confirmed_readers(session, moment)),
            places=PLACES_TO_ORDER,
            day_of=date.fromisoformat,
            most_shown=digests.SHOWN,
            digest_at=settings().digest_at,
            sent_to=current_person().email if request.args.get("sent") == "test" else "",
            alert=alert,
            issues=issues,
            me=current_person().email,
            steers=may_steer_letters(current_person()),
            **suppressions.shown(session),
        )


def _shown(session: Session, on: str, form: IssueForm | None = None) -> Shown:
    kept = digests.by_date(session, on)
    closed = kept is not None and kept.closed_at is not None
    issue = kept if kept and closed else building.preview(portal(), session, on, now=now())
    if kept is not None and not closed:
        issue.held_at = kept.held_at
    letters = daily_email(session, issue, settings(), now())
    public = letters.material.releases
    picked = everything(issue, public)
    contents = rules.in_order(issue.contents, issue.chosen_order)
    return Shown(
        issue=issue,
        version=kept.version if kept else 0,
        letters=letters,
        progress=digests.progress(session, [kept.id])[kept.id] if kept else Progress(),
        subject=letters.subject(picked),
        bytes=len(letters.html(picked, Choice(), current_person().email).encode()),
        items=[
            (each["reference"], public[each["release_id"]].headline)
            for each in contents
            if each["release_id"] in public and each["section"] == rules.NEWS
        ],
        form=_form_of(issue, form),
    )


def _form_of(issue: DigestIssue, came_back: IssueForm | None) -> SaveIssueForm:
    """The line and the order as they are kept, or as they were typed where the form of this issue came back."""
    if (
        isinstance(came_back, SaveIssueForm)
        and came_back.intro.was_posted
        and came_back.date.data in ("", issue.date)
    ):
        return came_back
    return SaveIssueForm(intro=issue.intro, order=issue.chosen_order)


def _date_of(form: IssueForm) -> str:
    """The date that the form names; without one the issue that the page is about."""
    named: str = form.date.data
    if _is_date(named):
        return named
    with portal().database.reading() as session:
        return editing.at_hand(portal(), session, now=now())[0]


def _is_date(text: str) -> bool:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return day.isoformat() == text and abs((day - now().date()).days) <= 400
