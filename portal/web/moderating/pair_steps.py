"""The POSTs of the second pair of eyes and of second thoughts: endorse, flags, undo."""

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.actions import second_pair, undoing
from portal.actions.second_pair import Answer
from portal.rules.issues import blocking
from portal.rules.refusals import Invalid
from portal.web.access import access, current_person, now, portal
from portal.web.moderating import blueprint
from portal.web.moderating.steps import _answered, _words
from portal.web.submitting import posted

UNMARKED = "This form came without the mark of the text that you read. Open the page again."


@blueprint.post("/releases/<reference>/endorse")
@access("newsroom")
def endorse(reference: str) -> Response | tuple[str, int]:
    """A second editor's answer to a first yes."""
    return _answered(
        reference,
        lambda: second_pair.endorse(
            portal(), current_person(), reference, _answer(), version=posted.version(), now=now()
        ),
        then=url_for("moderating.queue", done=reference),
    )


@blueprint.post("/releases/<reference>/flags")
@access("newsroom")
def flags(reference: str) -> Response | tuple[str, int]:
    """The risk flags that stand afterwards."""
    return _answered(
        reference,
        lambda: second_pair.change_flags(
            portal(),
            current_person(),
            reference,
            flags=[flag for flag in request.form.getlist("flags") if flag],
            note=_words("note"),
            version=posted.version(),
            now=now(),
        ),
        then=url_for("moderating.review", reference=reference, _anchor="checks"),
    )


@blueprint.post("/releases/<reference>/undo")
@access("newsroom")
def undo(reference: str) -> Response | tuple[str, int]:
    """Take one's own decision back while its mail is held."""
    return _answered(
        reference,
        lambda: undoing.undo(
            portal(),
            current_person(),
            reference,
            message=_words("message"),
            version=posted.version(),
            now=now(),
        ),
    )


def _answer() -> Answer:
    revision_hash = request.form.get("revision_hash", "")
    if not revision_hash:
        raise Invalid(UNMARKED, [blocking("FORMAT", "revision_hash", UNMARKED)])
    return Answer(request.form.get("answer", ""), revision_hash, _words("message"))
