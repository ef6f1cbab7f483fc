"""The forms of the organisation page."""

from __future__ import annotations

from portal.web.forms.fields import Email, Line, Text, Url, Version
from portal.web.forms.protocol import PortalForm


class OrganisationForm(PortalForm):
    about = Text(
        "About", "What readers should know of you in a few sentences. It stands under every release.", rows=6
    )
    website = Url("Website", autocomplete="url", inputmode="url")
    organisation = Line()
    version = Version()


class InviteForm(PortalForm):
    email = Email(
        "E-mail address",
        "We mail one link, good for 7 days. Whoever opens it can join.",
        required=True,
        autocomplete="off",
    )
    organisation = Line()


class RemoveForm(PortalForm):
    member = Line()
    organisation = Line()
