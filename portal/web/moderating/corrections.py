"""An editor corrects what is public, a senior opens a no again, and everybody in the newsroom reads old versions."""

from flask import render_template, url_for

from portal.actions.publishing import correcting
from portal.actions.submitting import appealing
from portal.rules.refusals import NotFound
from portal.storage.queries import releases
from portal.web.access import access, portal
from portal.web.answering import Answer
from portal.web.forms.submitting import CorrectForm, MessageForm
from portal.web.forms.taking import takes
from portal.web.moderating import blueprint
from portal.web.moderating.answers import answered
from portal.web.release_pages.preview import preview_of


@blueprint.post("/releases/<reference>/correct")
@access("newsroom")
@takes(CorrectForm)
def correct(reference: str, form: CorrectForm) -> Answer:
    """Begun and held in one step; what the sender had begun is closed."""
    there = url_for("moderating.review", reference=reference)
    return answered(reference, form, correcting.open_by_editor, then=there)


@blueprint.post("/releases/<reference>/reopen")
@access("newsroom")
@takes(MessageForm)
def reopen(reference: str, form: MessageForm) -> Answer:
    return answered(reference, form, appealing.reopen)


@blueprint.get("/releases/<reference>/versions/<int:number>")
@access("newsroom")
def version(reference: str, number: int) -> str:
    """One version as it was sent or worded."""
    with portal().database.reading() as session:
        case = releases.find(session, reference)
        texts = releases.revisions(session, case.release) if case else []
        found = next((each for each in texts if each.number == number), None)
        if case is None or found is None:
            raise NotFound
        preview = preview_of(case.release, found.content)
        back = url_for("moderating.review", reference=reference)
        return render_template(
            "submitting/version.html", case=case, revision=found, preview=preview, back=back
        )
