"""The POSTs of the newsroom. Each parses, hands over and answers; a refusal keeps the editor's words."""

from flask import request, url_for

from portal.actions.moderating import reading
from portal.actions.moderating.deciding import Verdict
from portal.actions.releases import conversing
from portal.web.access import access, current_person, now, portal
from portal.web.answering import Answer
from portal.web.moderating import blueprint, carrying
from portal.web.moderating.answers import answered, text_read
from portal.web.release_pages import posted


@blueprint.post("/releases/<reference>/claim")
@access("newsroom")
def claim(reference: str) -> Answer:
    return answered(
        reference,
        lambda: reading.claim(portal(), current_person(), reference, version=posted.version(), now=now()),
        then=lambda _taken: carrying.along(reference),
    )


@blueprint.post("/releases/<reference>/let-go")
@access("newsroom")
def let_go(reference: str) -> Answer:
    return answered(
        reference,
        lambda: reading.let_go(
            portal(),
            current_person(),
            reference,
            message=posted.words("message"),
            version=posted.version(),
            now=now(),
        ),
        then=url_for("moderating.queue"),
    )


@blueprint.post("/releases/<reference>/take-over")
@access("newsroom")
def take_over(reference: str) -> Answer:
    return answered(
        reference,
        lambda: reading.take_over(
            portal(),
            current_person(),
            reference,
            message=posted.words("message"),
            version=posted.version(),
            now=now(),
        ),
        then=lambda _taken: carrying.along(reference),
    )


@blueprint.post("/releases/<reference>/hand-back")
@access("newsroom")
def hand_back(reference: str) -> Answer:
    return answered(
        reference,
        lambda: reading.hand_back(
            portal(),
            current_person(),
            reference,
            message=posted.words("message"),
            version=posted.version(),
            now=now(),
        ),
        then=url_for("moderating.queue"),
    )


@blueprint.post("/releases/<reference>/decide")
@access("newsroom")
def decide(reference: str) -> Answer:
    """Approve, ask for changes or reject the text whose hash the form carries."""
    return answered(
        reference,
        lambda: reading.decide(
            portal(), current_person(), reference, _verdict(), version=posted.version(), now=now()
        ),
        then=url_for("moderating.queue", done=reference),
    )


@blueprint.post("/releases/<reference>/note")
@access("newsroom")
def note(reference: str) -> Answer:
    return answered(
        reference,
        lambda: reading.add_note(portal(), current_person(), reference, note=posted.words("note"), now=now()),
        then=url_for("moderating.review", reference=reference, _anchor="notes"),
    )


@blueprint.post("/releases/<reference>/message")
@access("newsroom")
def message(reference: str) -> Answer:
    return answered(
        reference,
        lambda: conversing.write_to_sender(
            portal(), current_person(), reference, message=posted.words("message"), now=now()
        ),
        then=url_for("moderating.review", reference=reference, _anchor="timeline"),
    )


def _verdict() -> Verdict:
    return Verdict(
        decision=request.form.get("decision", ""),
        revision_hash=text_read(),
        reasons=posted.chosen("reasons"),
        message=posted.words("message"),
        publish_at=request.form.get("publish_at", ""),
        publish_timezone=request.form.get("publish_timezone", ""),
        publish_fold=request.form.get("publish_fold", ""),
        identity_person=posted.line("identity_person"),
        identity_number=posted.line("identity_number"),
        identity_source=posted.line("identity_source"),
        consent_note=posted.words("consent_note"),
        check_note=posted.words("check_note"),
    )
