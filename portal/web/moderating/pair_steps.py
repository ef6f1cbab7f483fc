"""The POSTs of the second pair of eyes and of second thoughts: endorse, flags, undo."""

from flask import url_for

from portal.actions.moderating import second_pair, undoing
from portal.web.access import access
from portal.web.answering import Answer
from portal.web.forms.moderating import EndorseForm, FlagsForm
from portal.web.forms.submitting import MessageForm
from portal.web.forms.taking import takes
from portal.web.moderating import blueprint
from portal.web.moderating.answers import answered


@blueprint.post("/releases/<reference>/endorse")
@access("newsroom")
@takes(EndorseForm)
def endorse(reference: str, form: EndorseForm) -> Answer:
    """A second editor's answer to a first yes."""
    return answered(reference, form, second_pair.endorse, then=url_for("moderating.queue", done=reference))


@blueprint.post("/releases/<reference>/flags")
@access("newsroom")
@takes(FlagsForm)
def flags(reference: str, form: FlagsForm) -> Answer:
    """The risk flags that stand afterwards."""
    return answered(reference, form, second_pair.change_flags)


@blueprint.post("/releases/<reference>/undo")
@access("newsroom")
@takes(MessageForm)
def undo(reference: str, form: MessageForm) -> Answer:
    """Take one's own decision back while its mail is held."""
    return answered(reference, form, undoing.undo)
