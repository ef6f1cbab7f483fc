"""The forms of the organisation page."""

from __future__ import annotations

from portal.web.forms.fields import Email, Line, Text, Url, Version
from portal.web.forms.protocol import PortalForm

LONGEST_ID = 18


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


class MemberForm(PortalForm):
    """One of its members: to be removed, or to be made the owner."""

    member = Line()
    organisation = Line()

    @property
    def membership_id(self) -> int | None:
        chosen = self.member.data
        return int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) <= LONGEST_ID else None


class LeaveForm(PortalForm):
    organisation = Line()
