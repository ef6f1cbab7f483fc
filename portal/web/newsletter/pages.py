"""What the pages of the daily e-mail have in common: the choices they offer, and how they answer without a session."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import make_response, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.outlets.mail.newsletter_words import place_words
from portal.rules.issues import Issue
from portal.rules.refusals import Invalid, NotFound, Throttled
from portal.storage.queries import public_releases
from portal.storage.queries.newsletter import subscribers
from portal.storage.tables import Place
from portal.text.slugs import countries_by_slug
from portal.web.forms.newsletter import JoinForm
from portal.web.forms.protocol import PortalForm
from portal.web.tokens_in_forms import made_by_another_site

FROM_ELSEWHERE = "This form came from another site, so nothing was done. If you want it, send it from here."


@dataclass(frozen=True)
class Refusal:
    """Why a form came back: what stands at the fields, or one sentence over all."""

    status: int
    issues: tuple[Issue, ...] = ()
    alert: str = ""
    retry_after: int = 0


def offered_places(session: Session, moment: datetime, kept: Collection[str] = ()) -> list[tuple[str, str]]:
    """(slug, name) of the countries with public releases, and of what was chosen before; by name."""
    public = {place.slug: place for place in public_releases.places(session, moment)}
    others = {slug for slug in kept if slug not in public}
    known: Mapping[str, Place] = public | subscribers.places_named(session, others)
    named = [(slug, place_words(slug, known)) for slug in {*public, *others}]
    return sorted(named, key=lambda pair: pair[1])


def issue_of(session: Session) -> date | None:
    """The date of the newest issue, for its address."""
    found = subscribers.newest_issue(session)
    return date.fromisoformat(found) if found else None


def attempt(act: Callable[[], object]) -> Refusal | None:
    """Do what a form asks for, unless another site sent it; answers with why it was refused."""
    if made_by_another_site():
        return Refusal(400, alert=FROM_ELSEWHERE)
    try:
        act()
    except Invalid as refused:
        return Refusal(422, issues=tuple(refused.issues))
    except Throttled as refused:
        return Refusal(429, alert=_sentence_of(refused), retry_after=refused.retry_after)
    return None


def answer(template: str, status: int = 200, *, retry_after: int = 0, **words: Any) -> Response:
    """A page for whoever holds its address alone: kept by no cache, found by no search engine."""
    response = make_response(render_template(template, **words), status)
    response.headers["X-Robots-Tag"] = "noindex"
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def refused(template: str, refusal: Refusal, form: PortalForm | None = None, **words: Any) -> Response:
    """The same page again, with everything that was typed, and why at the fields of its form."""
    if form is not None:
        form.show(refusal.issues)
    return answer(
        template,
        refusal.status,
        retry_after=refusal.retry_after,
        issues=refusal.issues,
        alert=refusal.alert,
        form=form,
        **words,
    )


def link_is_gone(_refusal: NotFound | None = None) -> Response:
    """Cut in half, replaced by a newer one, of a reader who is forgotten, or made up: the page is the same."""
    return answer("newsletter/link_gone.html", 404, form=JoinForm())


def joining_words(session: Session, form: JoinForm, moment: datetime) -> dict[str, Any]:
    """What the page with the form shows."""
    kept = [slug for slug in form.places.data if slug in countries_by_slug()]
    return {
        "form": form,
        "places": offered_places(session, moment, kept),
        "newest_issue": issue_of(session),
    }


def _sentence_of(refusal: Throttled) -> str:
    minutes = (refusal.retry_after + 59) // 60
    return f"{refusal.sentence} It works again in {minutes} minute{'' if minutes == 1 else 's'}. Nothing was sent."
