"""The POSTs of the newsroom. Each takes its form, hands it over and answers; a refusal keeps the editor's words."""

from flask import url_for

from portal.actions.moderating import reading
from portal.actions.releases import conversing
from portal.web.access import access
from portal.web.answering import Answer
from portal.web.forms.moderating import AnsweredForm, ClaimForm, DecideForm, NoteForm, TakeOverForm
from portal.web.forms.submitting import MessageForm, WriteForm
from portal.web.forms.taking import takes
from portal.web.moderating import blueprint, carrying
from portal.web.moderating.answers import answered


@blueprint.post("/releases/<reference>/claim")
@access("newsroom")
@takes(ClaimForm)
def claim(reference: str, form: ClaimForm) -> Answer:
    """Pressed again it is renewed, or taken anew once it has lapsed: so a repetition is judged by its effect."""
    return answered(
        reference, form, reading.claim, then=lambda _taken: carrying.along(reference, form), once=False
    )


@blueprint.post("/releases/<reference>/let-go")
@access("newsroom")
@takes(MessageForm)
def let_go(reference: str, form: MessageForm) -> Answer:
    return answered(reference, form, reading.let_go, then=_queue_after(reference, "let-go"))


@blueprint.post("/releases/<reference>/take-over")
@access("newsroom")
@takes(TakeOverForm)
def take_over(reference: str, form: TakeOverForm) -> Answer:
    return answered(
        reference,
        form,
        reading.take_over,
        then=lambda _taken: f"{carrying.along(reference, form)}?done=take-over",
    )


@blueprint.post("/releases/<reference>/hand-back")
@access("newsroom")
@takes(MessageForm)
def hand_back(reference: str, form: MessageForm) -> Answer:
    return answered(reference, form, reading.hand_back, then=_queue_after(reference, "hand-back"))


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
    return answered(reference, form, reading.add_note)


@blueprint.post("/releases/<reference>/message")
@access("newsroom")
@takes(WriteForm)
def message(reference: str, form: WriteForm) -> Answer:
    return answered(reference, form, conversing.write_to_sender)


@blueprint.post("/releases/<reference>/answered", endpoint="answered")
@access("newsroom")
@takes(AnsweredForm)
def ticked_off(reference: str, form: AnsweredForm) -> Answer:
    """The sender's message needs no answer."""
    return answered(reference, form, conversing.tick_off)


def _queue_after(reference: str, act: str) -> str:
    """The queue, which says what was done with which release."""
    return url_for("moderating.queue", done=reference, did=act)
