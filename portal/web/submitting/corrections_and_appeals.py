"""What a sender does after a decision or an editor's wording: correct, appeal, agree or object."""

from flask import url_for

from portal.actions.publishing import correcting
from portal.actions.submitting import appealing, signing_off
from portal.web.access import access
from portal.web.answering import Answer
from portal.web.forms.submitting import CorrectForm, MessageForm, SignoffForm
from portal.web.forms.taking import takes
from portal.web.submitting import blueprint
from portal.web.submitting.steps import answered


@blueprint.post("/desk/releases/<reference>/correct")
@access("member")
@takes(CorrectForm)
def correct(reference: str, form: CorrectForm) -> Answer:
    """A draft with the public text in it; readers see the public text until the desk says yes."""
    there = url_for("submitting.edit", reference=reference, page="news")
    return answered(reference, form, correcting.start, then=there)


@blueprint.post("/desk/releases/<reference>/appeal")
@access("member")
@takes(MessageForm)
def appeal(reference: str, form: MessageForm) -> Answer:
    return answered(reference, form, appealing.appeal)


@blueprint.post("/desk/releases/<reference>/signoff")
@access("member")
@takes(SignoffForm)
def signoff(reference: str, form: SignoffForm) -> Answer:
    return answered(reference, form, signing_off.answer)
