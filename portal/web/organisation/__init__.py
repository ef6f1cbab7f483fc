"""/desk/organisation: the page of one's own organisation, for its members."""

from flask import Blueprint

blueprint = Blueprint("organisation", __name__, url_prefix="/desk/organisation")

from portal.web.organisation import views  # noqa: E402, F401  # it hangs its views on the blueprint
