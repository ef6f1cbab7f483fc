"""The POSTs of the newsroom. Each takes its form, hands it over and answers; a refusal keeps the editor's words."""

from flask import url_for

from portal.actions.moderating import reading
from portal.actions.releases import conversing
from portal.web.access import access
from portal.web.answering import Answer
from portal.web.forms.moderating import ClaimForm, DecideForm, NoteForm, TakeOverForm
from portal.web.forms.submitting import MessageForm, WriteForm
from portal.web.forms.taking import takes
from portal.web.moderating import blueprint, carrying
from portal.web.moderating.answers import answered


@blueprint.post("/releases/<reference>/claim")
@access("newsroom")
@takes(ClaimForm)
def claim(reference: str, form: ClaimForm) -> Answer:
    return answered(reference, form, reading.claim, then=lambda _taken: carrying.along(reference, form))


@blueprint.post("/releases/<reference>/let-go")
@access("newsroom")
@takes(MessageForm)
def let_go(reference: str, form: MessageForm) -> Answer:
    return answered(reference, form, reading.let_go, then=url_for("moderating.queue"))


@blueprint.post("/releases/<reference>/take-over")
@access("newsroom")
@takes(TakeOverForm)
def take_over(reference: str, form: TakeOverForm) -> Answer:
    return answered(reference, form, reading.take_over, then=lambda _taken: carrying.along(reference, form))


@blueprint.post("/releases/<reference>/hand-back")
@access("newsroom")
@takes(MessageForm)
def hand_back(reference: str, form: MessageForm) -> Answer:
    return answered(reference, form, reading.hand_back, then=url_for("moderating.queue"))


@blueprint.post("/releases/<reference>/decide")
@access("newsroom")
@takes(DecideForm)
def decide(reference: str, form: DecideForm) -> Answer:
    """Approve, ask for changes or reject the text whose hash the form carries."""
    return answered(reference, form, reading.decide, then=url_for("moderating.queue", done=reference))


@blueprint.post("/releases/<reference>/note")
@access("newsroom")
@takes(NoteForm)
def note(reference: str, form: NoteForm) -> Answer:
    there = url_for("moderating.review", reference=reference, _anchor="notes")
    return answered(reference, form, reading.add_note, then=there)


@blueprint.post("/releases/<reference>/message")
@access("newsroom")
@takes(WriteForm)
def message(reference: str, form: WriteForm) -> Answer:
    there = url_for("moderating.review", reference=reference, _anchor="timeline")
    return answered(reference, form, conversing.write_to_sender, then=there)
