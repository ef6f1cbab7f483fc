"""An editor corrects what is public, a senior opens a no again, and everybody in the newsroom reads old versions."""

from flask import render_template, url_for

from portal.actions.publishing import correcting
from portal.actions.submitting import appealing
from portal.rules.refusals import NotFound
from portal.storage.queries import releases
from portal.web.access import access, current_person, now, portal
from portal.web.answering import Answer
from portal.web.moderating import blueprint
from portal.web.moderating.answers import answered
from portal.web.release_pages import posted
from portal.web.release_pages.preview import preview_of
from portal.web.submitting.afterwards import correction_posted


@blueprint.post("/releases/<reference>/correct")
@access("newsroom")
def correct(reference: str) -> Answer:
    """Begun and held in one step; what the sender had begun is closed."""
    return answered(
        reference,
        lambda: correcting.open_by_editor(
            portal(), current_person(), reference, correction_posted(), version=posted.version(), now=now()
        ),
    )


@blueprint.post("/releases/<reference>/reopen")
@access("newsroom")
def reopen(reference: str) -> Answer:
    return answered(
        reference,
        lambda: appealing.reopen(
            portal(),
            current_person(),
            reference,
            message=posted.words("message"),
            version=posted.version(),
            now=now(),
        ),
    )


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
