"""The POST that moves an approved release to another time, or takes it off its time."""

from flask import request

from portal.actions.publishing import rescheduling
from portal.web.access import access, current_person, now, portal
from portal.web.answering import Answer
from portal.web.moderating import blueprint
from portal.web.moderating.answers import answered
from portal.web.release_pages import posted


@blueprint.post("/releases/<reference>/reschedule")
@access("newsroom")
def reschedule(reference: str) -> Answer:
    """With the tick it waits for a decision again; without, it goes public at the time that was typed."""
    return answered(reference, lambda: _unschedule(reference) if _is_ticked() else _reschedule(reference))


def _reschedule(reference: str) -> object:
    return rescheduling.reschedule(
        portal(),
        current_person(),
        reference,
        publish_at=request.form.get("publish_at", ""),
        publish_timezone=request.form.get("publish_timezone", ""),
        publish_fold=request.form.get("publish_fold", ""),
        version=posted.version(),
        now=now(),
    )


def _unschedule(reference: str) -> None:
    rescheduling.unschedule(
        portal(),
        current_person(),
        reference,
        message=posted.words("message"),
        version=posted.version(),
        now=now(),
    )


def _is_ticked() -> bool:
    return "y" in request.form.getlist("unschedule")
