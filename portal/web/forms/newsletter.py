"""The forms of the daily e-mail: readers join, prefer, pause and leave; the newsroom words and orders an issue.

Those of readers need no session and carry no token: where they came from is looked at instead.
"""

from __future__ import annotations

from portal.actions.newsletter.subscribing import Wishes
from portal.web.forms.fields import Choice, Day, Email, Line, Mark, Places, Several, Text, Tick, Version
from portal.web.forms.protocol import PortalForm


class JoinForm(PortalForm):
    email = Email("Your e-mail address", required=True, autocomplete="email")
    kinds = Several("What would you like to read?")
    places = Several("From where?")


class LinkForm(PortalForm):
    """Asks for the link behind which a choice is changed."""

    email = Email(
        "Your e-mail address", "The one that the letters go to.", required=True, autocomplete="email"
    )


class ConfirmForm(PortalForm):
    """The button behind the mailed link; `again` where that has expired."""

    again = Tick()


class LeaveForm(PortalForm):
    """The button of the page, or what a mail program sends by RFC 8058."""

    one_click = Mark(name="List-Unsubscribe")

    @property
    def is_one_click(self) -> bool:
        return bool(self.one_click.data == "One-Click")


class PreferForm(PortalForm):
    """A reader's choice; or with `go=asked` what was asked for, or with the tick the end of everything."""

    go = Choice(default="save")
    kinds = Several("What would you like to read?")
    places = Several("From where?")
    corrections_only = Tick("Only corrections and removals of what I was sent")
    pause_until = Day("Pause until", "The day on which letters start again. Empty means no pause.")
    delete = Tick("Delete everything about me")

    def wishes(self) -> Wishes:
        return Wishes(
            tuple(self.kinds.data),
            tuple(self.places.data),
            self.corrections_only.is_ticked,
            self.pause_until.data,
        )


class IssueForm(PortalForm):
    """An act on an issue: of which day, and the version that the page showed, 0 or nothing while it has no row."""

    date = Line()
    version = Version()


class SaveIssueForm(IssueForm):
    intro = Line(
        "A line at its head", "In the desk’s own words. Stands above the news, in the mail and on the site."
    )
    order = Places("Order")


class LiftSuppressionForm(PortalForm):
    email = Email("Address to mail again", required=True, autocomplete="off")
    message = Text(
        "Why may it be mailed again?", "Kept in the records with your name.", required=True, rows=2
    )
