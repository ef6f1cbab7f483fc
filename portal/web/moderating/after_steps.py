"""The POSTs after publication: kill, take down and put back, revert, a notice over the text, an end date."""

from collections.abc import Callable

from flask import request, url_for

from portal.actions.publishing import killing, removing
from portal.actions.publishing.killing import Kill
from portal.web.access import access, current_person, now, portal
from portal.web.answering import Answer
from portal.web.moderating import blueprint
from portal.web.moderating.answers import answered
from portal.web.release_pages import posted

PLACE = "after-publication"


@blueprint.post("/releases/<reference>/kill")
@access("newsroom")
def kill(reference: str) -> Answer:
    """The first editor asks, the second one kills; a senior kills alone."""
    return _answered(
        reference,
        lambda: killing.kill(
            portal(), current_person(), reference, _kill(), version=posted.version(), now=now()
        ),
    )


@blueprint.post("/releases/<reference>/take-down")
@access("newsroom")
def take_down(reference: str) -> Answer:
    return _with_message(reference, "take-down")


@blueprint.post("/releases/<reference>/put-back")
@access("newsroom")
def put_back(reference: str) -> Answer:
    return _with_message(reference, "put-back")


@blueprint.post("/releases/<reference>/revert")
@access("newsroom")
def revert(reference: str) -> Answer:
    return _with_message(reference, "revert")


@blueprint.post("/releases/<reference>/notice")
@access("newsroom")
def notice(reference: str) -> Answer:
    return _answered(
        reference,
        lambda: removing.set_notice(
            portal(),
            current_person(),
            reference,
            kind=request.form.get("notice_kind", ""),
            text=posted.words("notice_text"),
            version=posted.version(),
            now=now(),
        ),
    )


@blueprint.post("/releases/<reference>/expire")
@access("newsroom")
def expire(reference: str) -> Answer:
    return _answered(
        reference,
        lambda: removing.expire_on(
            portal(),
            current_person(),
            reference,
            expires_at=posted.words("expires_at"),
            version=posted.version(),
            now=now(),
        ),
    )


def _with_message(reference: str, act: str) -> Answer:
    step = removing.STEPS[act]
    return _answered(
        reference,
        lambda: step(
            portal(),
            current_person(),
            reference,
            message=posted.words("message"),
            version=posted.version(),
            now=now(),
        ),
    )


def _answered(reference: str, step: Callable[[], object]) -> Answer:
    return answered(reference, step, then=url_for("moderating.review", reference=reference, _anchor=PLACE))


def _kill() -> Kill:
    """The tick has an empty companion: a form without either did not ask."""
    ticks = request.form.getlist("mail_readers")
    return Kill(
        message=posted.words("message"),
        reasons=posted.chosen("reasons"),
        public_text=posted.words("public_text"),
        mail_readers="y" in ticks if ticks else None,
    )
