"""What people type about themselves and their organisation, cleaned and checked. One place for the words of refusals."""

from portal.rules.issues import Issue, blocking
from portal.rules.reading import is_international_email
from portal.rules.refusals import Invalid
from portal.rules.values import NOT_SUPPORTED_YET
from portal.text.addresses import mail_address, web_address
from portal.text.plain import clean_line

CODE = "FIELD"
LONGEST_NAME = 200


def require(issues: list[Issue]) -> None:
    """Raises Invalid with all of them, or does nothing."""
    if issues:
        raise Invalid("Some of this cannot be taken yet.", issues)


def cleaned_name(typed: str, field: str, missing: str, issues: list[Issue]) -> str:
    """One line; an issue is added where nothing or too much is left."""
    name = clean_line(typed)
    if not name:
        issues.append(blocking(CODE, field, missing))
    elif len(name) > LONGEST_NAME:
        issues.append(
            blocking(CODE, field, f"This is longer than {LONGEST_NAME} characters. Make it shorter.")
        )
    return name


def cleaned_email(typed: str, issues: list[Issue]) -> str:
    address = mail_address(typed)
    if not typed.strip():
        issues.append(blocking(CODE, "email", "Write the e-mail address."))
    elif address is None and is_international_email(typed.strip()) and not typed.isascii():
        issues.append(blocking(CODE, "email", f"This address {NOT_SUPPORTED_YET}"))
    elif address is None:
        issues.append(
            blocking(
                CODE,
                "email",
                "This is not a mail address that we can write to. Type one such as dewi@example.org.",
            )
        )
    return address or ""


def cleaned_website(typed: str, issues: list[Issue]) -> str:
    address = web_address(clean_line(typed))
    if address is None:
        issues.append(
            blocking(
                CODE,
                "website",
                "This is not a web address. Type one such as https://example.org, or leave it empty.",
            )
        )
    return address or ""
