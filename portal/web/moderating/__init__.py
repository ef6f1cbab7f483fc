"""The newsroom: the moderation queue, and the one screen on which a release is read, checked and decided."""

from flask import Blueprint

blueprint = Blueprint("moderating", __name__, url_prefix="/newsroom")

from portal.web.moderating import (  # noqa: E402  # the views join the blueprint
    corrections,  # noqa: F401
    editing,  # noqa: F401
    numbers,  # noqa: F401
    pair_steps,  # noqa: F401
    public_steps,  # noqa: F401
    queue,  # noqa: F401
    review,  # noqa: F401
    steps,  # noqa: F401
    timing,  # noqa: F401
)
