"""What a sender does after a decision or an editor's wording: correct, appeal, agree or object."""

from flask import url_for

from portal.actions.publishing import correcting
from portal.actions.publishing.correcting import Correction
from portal.actions.submitting import appealing, signing_off
from portal.web.access import access, current_person, now, portal
from portal.web.answering import Answer
from portal.web.release_pages import posted
from portal.web.submitting import blueprint
from portal.web.submitting.steps import answered, answered_with_words


@blueprint.post("/desk/releases/<reference>/correct")
@access("member")
def correct(reference: str) -> Answer:
    """A draft with the public text in it; readers see the public text until the desk says yes."""
    return answered(
        reference,
        lambda: correcting.start(
            portal(), current_person(), reference, correction_posted(), version=posted.version(), now=now()
        ),
        then=url_for("submitting.edit", reference=reference, page="news"),
    )


@blueprint.post("/desk/releases/<reference>/appeal")
@access("member")
def appeal(reference: str) -> Answer:
    return answered_with_words(reference, appealing.appeal)


@blueprint.post("/desk/releases/<reference>/signoff")
@access("member")
def signoff(reference: str) -> Answer:
    return answered(
        reference,
        lambda: signing_off.answer(
            portal(),
            current_person(),
            reference,
            answer=posted.fields().get("answer", ""),
            message=posted.words("message"),
            version=posted.version(),
            now=now(),
        ),
    )


def correction_posted() -> Correction:
    """What a form of either side says of a correction."""
    return Correction(posted.fields().get("correction_kind", ""), posted.words("what"), posted.words("why"))
