"""The newsroom: the moderation queue, and the one screen on which a release is read, checked and decided."""

from flask import Blueprint

blueprint = Blueprint("moderating", __name__, url_prefix="/newsroom")

from portal.web.moderating import (  # noqa: E402, F401  # the views join the blueprint
    after_steps,
    corrections,
    editing,
    numbers,
    pair_steps,
    queue,
    review,
    steps,
    timing,
)
