"""The newsroom: the moderation queue, and the one screen on which a release is read, checked and decided."""

from flask import Blueprint

blueprint = Blueprint("moderating", __name__, url_prefix="/newsroom")

from portal.web.moderating import after_steps, corrections, editing, pair_steps, queue, review, steps, timing  # noqa: E402, F401  # the views join the blueprint
