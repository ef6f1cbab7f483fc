"""Changing what one reads, pausing, and deleting everything: by a signed link, which is mailed to who asks for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.actions.newsletter import subscribing
from portal.actions.newsletter.subscribing import Wishes
from portal.outlets.mail.newsletter_words import choice_in_words
from portal.rules import newsletter_links as links
from portal.rules.issues import blocking
from portal.rules.reader_choice import from_json
from portal.rules.refusals import Conflict, Invalid, NotFound
from portal.storage.queries.newsletter import subscribers
from portal.storage.tables import Subscriber
from portal.web.access import access, now, portal, settings
from portal.web.accounts.visiting import visit
from portal.web.forms.newsletter import LinkForm, PreferForm
from portal.web.forms.taking import takes
from portal.web.newsletter import blueprint, pages
from portal.web.newsletter.pages import Refusal
from portal.web.public.answers import fixed_answer


@blueprint.get("/preferences")
@access("anyone")
def link_request() -> Response:
    deleted = request.args.get("after") == "deleted"
    return fixed_answer(render_template("newsletter/ask_link.html", form=LinkForm(), deleted=deleted))


@blueprint.post("/preferences")
@access("anyone")
@takes(LinkForm)
def ask_for_link(form: LinkForm) -> Response:
    """The same answer for every address: only its mailbox learns more."""
    refusal = pages.attempt(
        lambda: subscribing.ask_for_link(portal(), **form.words(), visit=visit(), now=now())
    )
    if refusal is None:
        return redirect("/newsletter/sent", 303)
    return pages.refused("newsletter/ask_link.html", refusal, form=form)


@blueprint.get("/preferences/<token>")
@access("anyone")
def preferences(token: str) -> Response:
    try:
        return _page(token)
    except NotFound:
        return pages.link_is_gone()


@blueprint.post("/preferences/<token>")
@access("anyone")
@takes(PreferForm)
def prefer(token: str, form: PreferForm) -> Response:
    """Keeps the choice, takes over what was asked for (`go=asked`), or with the tick deletes."""
    try:
        refusal = pages.attempt(lambda: _act(token, form))
        if refusal is not None:
            return _page(token, form, refusal=refusal)
    except NotFound:
        return pages.link_is_gone()
    except Conflict as conflict:
        return _page(token, form, refusal=Refusal(409, alert=conflict.sentence))
    if form.delete.is_ticked:
        return redirect("/newsletter/preferences?after=deleted", 303)
    return redirect(f"/newsletter/preferences/{token}?after=saved", 303)


def _act(token: str, form: PreferForm) -> None:
    if form.delete.is_ticked:
        subscribing.prefer(portal(), token, Wishes(), delete=True, now=now())
    elif form.go.data == "delete":
        sentence = "Tick the box if everything about you is to be deleted. Nothing was changed."
        raise Invalid(sentence, [blocking("FIELD", "delete", sentence)])
    elif form.go.data == "asked":
        subscribing.take_what_was_asked(portal(), token)
    else:
        subscribing.prefer(portal(), token, form.wishes(), now=now())


def _page(token: str, form: PreferForm | None = None, *, refusal: Refusal | None = None) -> Response:
    """Raises NotFound for a link that is not good."""
    here, moment = portal(), now()
    with here.database.reading() as session:
        reader = subscribing.reader_behind(here, session, token, links.PREFERENCES)
        words = _shown(session, reader, moment, form)
    words["unsubscribe"] = links.unsubscribe_path(here.settings.mail_key, reader.id, reader.nonce)
    if refusal is not None:
        return pages.refused("newsletter/preferences.html", refusal, **words)
    saved = request.args.get("after") == "saved"
    return pages.answer("newsletter/preferences.html", saved=saved, **words)


def _shown(session: Session, reader: Subscriber, moment: datetime, form: PreferForm | None) -> dict[str, Any]:
    """The reader's choice as it is kept, or as it was just typed."""
    own, asked = subscribers.choice_of(reader), from_json(reader.asked_for)
    shown = form if form and form.go.data == "save" else _kept(reader, own.kinds, own.places, moment)
    waits = bool(reader.asked_for) and asked != own
    return {
        "reader": reader,
        "form": shown,
        "wishes": shown.wishes(),
        "places": pages.offered_places(session, moment, own.places),
        "asked": choice_in_words(asked, subscribers.places_named(session, asked.places)) if waits else "",
        "paused": reader.paused_until if reader.paused_until and reader.paused_until > moment else None,
        "today": moment.astimezone(settings().zone).date(),
    }


def _kept(
    reader: Subscriber, kinds: tuple[str, ...], places: tuple[str, ...], moment: datetime
) -> PreferForm:
    paused = reader.paused_until
    until = paused.astimezone(settings().zone).date().isoformat() if paused and paused > moment else ""
    corrections_only = "y" if reader.corrections_only else ""
    return PreferForm(kinds=kinds, places=places, corrections_only=corrections_only, pause_until=until)
