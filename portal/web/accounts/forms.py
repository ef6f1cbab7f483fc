"""The fields of the account pages. What is right and wrong about them is decided by the actions, in one place."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import EmailField, Field, HiddenField, PasswordField, StringField

from portal.rules.refusals import Invalid

CHOOSE_WELL = "15 characters or more. Four plain words are fine; paste and password managers work."


class AccountForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF comes without types
    """A form that shows what an action refused, at the fields it is about."""

    def show(self, refusal: Invalid) -> None:
        for issue in refusal.issues:
            field: Field | None = self._fields.get(issue.field)
            if field is None:
                self.form_errors.append(issue.message)
            else:
                field.errors = [*field.errors, issue.message]

    def typed(self, name: str) -> str:
        """What was typed into a field, never None."""
        return str(self._fields[name].data or "")


class RegistrationForm(AccountForm):
    name = StringField("Your name")
    email = EmailField(
        "E-mail address",
        description="Best one at your organisation’s own domain: it makes the first check quicker.",
    )
    password = PasswordField("Password", description=CHOOSE_WELL)
    organisation = StringField("Organisation", description="As it should stand in “supplied by …”.")
    website = StringField("Website")


class LoginForm(AccountForm):
    email = EmailField("E-mail address")
    password = PasswordField("Password")
    next = HiddenField()


class ResetRequestForm(AccountForm):
    email = EmailField("E-mail address", description="The one you log in with.")


class NewPasswordForm(AccountForm):
    password = PasswordField("New password", description=CHOOSE_WELL)


class PasswordForm(AccountForm):
    current_password = PasswordField("Present password")
    password = PasswordField("New password", description=CHOOSE_WELL)


class InvitationForm(AccountForm):
    name = StringField("Your name")
    password = PasswordField("Password", description=CHOOSE_WELL)


class ButtonForm(AccountForm):
    """A page with one button."""
