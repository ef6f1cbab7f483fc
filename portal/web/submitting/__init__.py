"""The sender's side: choosing a kind, writing, sending, and following a release."""

from flask import Blueprint

blueprint = Blueprint("submitting", __name__)

from portal.web.submitting import (  # noqa: E402  # the views join the blueprint
    corrections_and_appeals,  # noqa: F401
    editing,  # noqa: F401
    kinds,  # noqa: F401
    sending,  # noqa: F401
    timing,  # noqa: F401
    views,  # noqa: F401
)
