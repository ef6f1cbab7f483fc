"""The POST that moves an approved release to another time, or takes it off its time."""

from portal.actions.publishing import rescheduling
from portal.web.access import access
from portal.web.answering import Answer
from portal.web.forms.moderating import RescheduleForm
from portal.web.forms.taking import takes
from portal.web.moderating import blueprint
from portal.web.moderating.answers import answered


@blueprint.post("/releases/<reference>/reschedule")
@access("newsroom")
@takes(RescheduleForm)
def reschedule(reference: str, form: RescheduleForm) -> Answer:
    """With the tick it waits for a decision again; without, it goes public at the time that was typed."""
    ticked = form.unschedule.is_ticked
    return answered(reference, form, rescheduling.unschedule if ticked else rescheduling.reschedule)
