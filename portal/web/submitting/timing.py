"""The act by which senders lift their own embargo."""

from portal.actions.publishing import rescheduling
from portal.web.access import access
from portal.web.answering import Answer
from portal.web.forms.submitting import MessageForm
from portal.web.forms.taking import takes
from portal.web.submitting import blueprint
from portal.web.submitting.steps import answered


@blueprint.post("/desk/releases/<reference>/lift-embargo")
@access("member")
@takes(MessageForm)
def lift_embargo(reference: str, form: MessageForm) -> Answer:
    """Public at once; nobody else can do this."""
    return answered(reference, form, rescheduling.lift_embargo)
