"""For those who run the portal: probes, numbers, the mails of a development machine, and what crawlers ask first."""

from flask import Blueprint

blueprint = Blueprint("operating", __name__)

from portal.web.operating import health, mailbox, views  # noqa: E402, F401  # they hang their views on the blueprint
