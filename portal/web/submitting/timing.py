"""The act by which senders lift their own embargo."""

from portal.actions.publishing import rescheduling
from portal.web.access import access
from portal.web.answering import Answer
from portal.web.submitting import blueprint
from portal.web.submitting.steps import answered_with_words


@blueprint.post("/desk/releases/<reference>/lift-embargo")
@access("member")
def lift_embargo(reference: str) -> Answer:
    """Public at once; nobody else can do this."""
    return answered_with_words(reference, rescheduling.lift_embargo)
