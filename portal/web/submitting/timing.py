"""The act by which senders lift their own embargo."""

from werkzeug.wrappers import Response

from portal.actions import rescheduling
from portal.web.access import access
from portal.web.submitting import blueprint
from portal.web.submitting.sending import _step


@blueprint.post("/desk/releases/<reference>/lift-embargo")
@access("member")
def lift_embargo(reference: str) -> Response | tuple[str, int]:
    """Public at once; nobody else can do this."""
    return _step(reference, rescheduling.lift_embargo)
