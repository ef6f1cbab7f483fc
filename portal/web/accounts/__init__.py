"""Everything under /account: registering, logging in and out, passwords, invitations."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__, url_prefix="/account")

from portal.web.accounts import (  # noqa: E402  # they hang their views on the blueprint
    invitations,  # noqa: F401
    logins,  # noqa: F401
    passwords,  # noqa: F401
    registration,  # noqa: F401
)
