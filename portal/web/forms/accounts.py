"""The forms of the account pages. What is right and wrong about them is decided by the actions, in one place."""

from __future__ import annotations

from portal.web.forms.fields import Email, Line, Mark, Secret, Url
from portal.web.forms.protocol import PortalForm

CHOOSE_WELL = "15 characters or more. Four plain words are fine; paste and password managers work."


class RegistrationForm(PortalForm):
    name = Line("Your name", required=True, autocomplete="name")
    email = Email(
        "E-mail address",
        "Best one at your organisation’s own domain: it makes the first check quicker.",
        required=True,
        autocomplete="username",
    )
    password = Secret("Password", CHOOSE_WELL, required=True, autocomplete="new-password")
    organisation = Line(
        "Organisation",
        "As it should stand in “supplied by …”.",
        required=True,
        autocomplete="organization",
    )
    website = Url("Website", autocomplete="url", inputmode="url")
    next = Mark()


class LoginForm(PortalForm):
    email = Email("E-mail address", required=True, autocomplete="username")
    password = Secret("Password", required=True, autocomplete="current-password")
    next = Mark()
    kept_to = Mark()


class SendAgainForm(PortalForm):
    email = Email("E-mail address", "The one you registered with.", required=True, autocomplete="username")


class ResetRequestForm(PortalForm):
    email = Email("E-mail address", "The one you log in with.", required=True, autocomplete="username")


class NewPasswordForm(PortalForm):
    password = Secret("New password", CHOOSE_WELL, required=True, autocomplete="new-password")


class PasswordForm(PortalForm):
    current_password = Secret("Present password", required=True, autocomplete="current-password")
    password = Secret("New password", CHOOSE_WELL, required=True, autocomplete="new-password")


class InvitationForm(PortalForm):
    name = Line("Your name", required=True, autocomplete="name")
    password = Secret("Password", CHOOSE_WELL, required=True, autocomplete="new-password")
