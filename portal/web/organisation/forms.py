"""The forms of the organisation page."""

from __future__ import annotations

from wtforms import EmailField, HiddenField, StringField, TextAreaField

from portal.web.accounts.forms import AccountForm


class OrganisationForm(AccountForm):
    about = TextAreaField(
        "About",
        description="What readers should know of you in a few sentences. It stands under every release.",
    )
    website = StringField("Website")
    organisation = HiddenField()
    version = HiddenField()


class InviteForm(AccountForm):
    email = EmailField(
        "E-mail address", description="We mail one link, good for 7 days. Whoever opens it can join."
    )
    organisation = HiddenField()


class RemoveForm(AccountForm):
    member = HiddenField()
    organisation = HiddenField()
