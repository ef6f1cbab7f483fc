"""The POSTs after publication: kill, take down and put back, revert, a notice over the text, an end date."""

from portal.actions.publishing import killing, removing
from portal.web.access import access
from portal.web.answering import Answer
from portal.web.forms.moderating import ExpireForm, KillForm, NoticeForm
from portal.web.forms.submitting import MessageForm
from portal.web.forms.taking import takes
from portal.web.moderating import blueprint
from portal.web.moderating.answers import answered


@blueprint.post("/releases/<reference>/kill")
@access("newsroom")
@takes(KillForm)
def kill(reference: str, form: KillForm) -> Answer:
    """The first editor asks, the second one kills; a senior kills alone."""
    return answered(reference, form, killing.kill)


@blueprint.post("/releases/<reference>/take-down")
@access("newsroom")
@takes(MessageForm)
def take_down(reference: str, form: MessageForm) -> Answer:
    return answered(reference, form, removing.take_down)


@blueprint.post("/releases/<reference>/put-back")
@access("newsroom")
@takes(MessageForm)
def put_back(reference: str, form: MessageForm) -> Answer:
    return answered(reference, form, removing.put_back)


@blueprint.post("/releases/<reference>/revert")
@access("newsroom")
@takes(MessageForm)
def revert(reference: str, form: MessageForm) -> Answer:
    return answered(reference, form, removing.revert)


@blueprint.post("/releases/<reference>/notice")
@access("newsroom")
@takes(NoticeForm)
def notice(reference: str, form: NoticeForm) -> Answer:
    return answered(reference, form, removing.set_notice)


@blueprint.post("/releases/<reference>/expire")
@access("newsroom")
@takes(ExpireForm)
def expire(reference: str, form: ExpireForm) -> Answer:
    return answered(reference, form, removing.expire_on)
