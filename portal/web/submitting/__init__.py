"""The sender's side: choosing a kind, writing, sending, and following a release."""

from flask import Blueprint

blueprint = Blueprint("submitting", __name__)

from portal.web.submitting import afterwards, editing, sending, timing, views  # noqa: E402, F401  # the views join the blueprint
