"""The POSTs of the second pair of eyes and of second thoughts: endorse, flags, undo."""

from flask import request, url_for

from portal.actions.moderating import second_pair, undoing
from portal.web.access import access, current_person, now, portal
from portal.web.answering import Answer
from portal.web.moderating import blueprint
from portal.web.moderating.answers import answered, text_read
from portal.web.release_pages import posted


@blueprint.post("/releases/<reference>/endorse")
@access("newsroom")
def endorse(reference: str) -> Answer:
    """A second editor's answer to a first yes."""
    return answered(
        reference,
        lambda: second_pair.endorse(
            portal(), current_person(), reference, _answer(), version=posted.version(), now=now()
        ),
        then=url_for("moderating.queue", done=reference),
    )


@blueprint.post("/releases/<reference>/flags")
@access("newsroom")
def flags(reference: str) -> Answer:
    """The risk flags that stand afterwards."""
    return answered(
        reference,
        lambda: second_pair.change_flags(
            portal(),
            current_person(),
            reference,
            flags=posted.chosen("flags"),
            note=posted.words("note"),
            version=posted.version(),
            now=now(),
        ),
        then=url_for("moderating.review", reference=reference, _anchor="checks"),
    )


@blueprint.post("/releases/<reference>/undo")
@access("newsroom")
def undo(reference: str) -> Answer:
    """Take one's own decision back while its mail is held."""
    return answered(
        reference,
        lambda: undoing.undo(
            portal(),
            current_person(),
            reference,
            message=posted.words("message"),
            version=posted.version(),
            now=now(),
        ),
    )


def _answer() -> second_pair.Answer:
    return second_pair.Answer(request.form.get("answer", ""), text_read(), posted.words("message"))
