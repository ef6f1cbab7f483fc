"""Writes the mail of a delivery: subject, text and HTML from templates/email/<notice>, and the headers around them.

Every try of one delivery carries the same Message-ID, derived from what makes the delivery unique. Addresses in
links come from the settings; tokens are made here and stored nowhere. The newsroom's notes are not read here.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.outlets.mail import alarm_words, mail_words, newsletter_words, removal_words
from portal.outlets.mail.mail_bytes import SMTP
from portal.rules.flag_words import flag_word
from portal.rules.kinds import KINDS
from portal.rules.reasons import REASONS
from portal.rules.tokens import token_for
from portal.settings import Settings
from portal.storage.queries.mailing import TO_READERS, Occasion
from portal.storage.tables import Registration
from portal.text.reading_copy import changes

TEMPLATES = Path(__file__).resolve().parents[3] / "templates" / "email"
LONGEST_SUBJECT = 200


def compose(occasion: Occasion, settings: Settings, *, now: datetime) -> EmailMessage:
    """The whole message for the delivery's recipient."""
    context = _context(occasion, settings, now)
    notice = occasion.delivery.template
    message = EmailMessage(policy=SMTP)
    for name, value in _headers(occasion, settings, now).items():
        message[name] = value
    message["Subject"] = _subject(_rendered(f"{notice}/subject.txt", context))
    if notice in TO_READERS and "unsubscribe_page" in context:
        message["List-Unsubscribe"] = f"<{context['unsubscribe_page']}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(_rendered(f"{notice}/body.txt", context).strip() + "\n", cte="quoted-printable")
    message.add_alternative(_rendered(f"{notice}/body.html", context), subtype="html", cte="quoted-printable")
    return message


def message_id(occasion: Occasion, settings: Settings) -> str:
    """The Message-ID of a delivery: kept from its first try, or derived from what makes it unique."""
    delivery, outbox = occasion.delivery, occasion.outbox
    if delivery.message_id:
        return delivery.message_id
    key = (outbox.id, outbox.created_at.isoformat(), outbox.fact, delivery.template, delivery.recipient)
    return _id_of("delivery", "\x00".join(map(str, key)), settings)


def has_templates(notice: str) -> bool:
    """Are all three parts of a notice written?"""
    return all((TEMPLATES / notice / name).is_file() for name in ("subject.txt", "body.txt", "body.html"))


def _headers(occasion: Occasion, settings: Settings, now: datetime) -> dict[str, Any]:
    """In the order in which they are read. Values are one line each, whatever people call themselves."""
    headers: dict[str, Any] = {
        "From": _sender(settings),
        "To": _recipient(occasion),
        "Date": format_datetime(now),
        "Message-ID": message_id(occasion, settings),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if settings.duty_email:
        headers["Reply-To"] = Address(addr_spec=parseaddr(settings.duty_email)[1])
    if occasion.release is not None:
        thread = _id_of("release", occasion.release.reference, settings)
        headers |= {"In-Reply-To": thread, "References": thread}
    return headers


def _sender(settings: Settings) -> Address:
    name, address = parseaddr(settings.mail_from)
    return Address(mail_words.one_line(name or settings.site_name), addr_spec=address)


def _recipient(occasion: Occasion) -> Address:
    """The address alone: the library folds some long names so that they read as further addresses."""
    return Address(addr_spec=occasion.delivery.recipient)


def _subject(text: str) -> str:
    """One line, and nothing that a mail program would decode into something else."""
    return mail_words.one_line(text).replace("=?", "= ?")[:LONGEST_SUBJECT]


def _id_of(purpose: str, key: str, settings: Settings) -> str:
    code = hmac.digest(settings.mail_key.encode(), f"{purpose}\x00{key}".encode(), "sha256").hex()[:40]
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2]
    return f"<{purpose}.{code}@{domain}>"


def _context(occasion: Occasion, settings: Settings, now: datetime) -> dict[str, Any]:
    zone = mail_words.zone_of(occasion, settings)
    return {
        "site": settings.site_name,
        "home": settings.base_url.rstrip("/"),
        "hours": settings.promise_hours,
        "has_desk_hours": not settings.desk_hours.always,
        "now": now,
        "name": mail_words.one_line(occasion.recipient.name) if occasion.recipient else "",
        "recipient": occasion.delivery.recipient,
        "when": lambda instant: mail_words.when(instant, zone),
        "with_utc": lambda instant: mail_words.with_utc(instant, zone),
        "at": occasion.entry.at if occasion.entry else occasion.outbox.created_at,
        "who": mail_words.one_line(occasion.entry.actor_name) if occasion.entry else "",
        "message": occasion.message.body if occasion.message else "",
        **_release_words(occasion, settings),
        **_account_words(occasion, settings),
        **newsletter_words.words(occasion, settings, now),
        **alarm_words.words(occasion),
    }


def _release_words(occasion: Occasion, settings: Settings) -> dict[str, Any]:
    release, edition = occasion.release, occasion.edition
    if release is None or edition is None:
        return {}
    home, decision = settings.base_url.rstrip("/"), occasion.decision
    detail = occasion.entry.detail if occasion.entry else {}
    return {
        "reference": release.reference,
        "kind": release.kind,
        "headline": mail_words.headline(occasion),
        "organisation": mail_words.one_line(release.organisation.name),
        "status_page": f"{home}/desk/releases/{release.reference}",
        "newsroom_page": f"{home}/newsroom/releases/{release.reference}",
        "public_page": f"{home}/releases/{release.reference}/{release.slug or 'release'}",
        "promise_at": mail_words.instant(detail.get("promise_at")) or edition.promise_at,
        "due_at": mail_words.instant(detail.get("new_time")) or edition.due_at,
        "changes_due_at": edition.changes_due_at,
        "live_from": mail_words.instant(detail.get("live_from")) or release.live_from,
        "was": mail_words.instant(detail.get("was")),
        "why": str(detail.get("why", "")),
        "to_desk": str(detail.get("to_desk", "")),
        "first_editor": mail_words.one_line(str(detail.get("first", ""))),
        **removal_words.words(occasion, detail, home),
        "decision": decision.message if decision else "",
        "reasons": [_reason(each.code) for each in decision.reasons] if decision else [],
        **_removal_words(occasion),
        "submitted_at": edition.submitted_at,
        "is_first": edition.is_first and not edition.is_correction,
        "risk": ", ".join(flag_word(flag) for flag in edition.flags),
        "kind_label": KINDS[release.kind].label,
        "advice_count": edition.advice_count,
    }


def _removal_words(occasion: Occasion) -> dict[str, Any]:
    """Of corrections, of an editor's wording, of reminders."""
    release, edition = occasion.release, occasion.edition
    assert release is not None  # asked by the caller
    assert edition is not None
    detail = occasion.entry.detail if occasion.entry else {}
    before, after = occasion.before, occasion.revision
    return {
        "is_correction": edition.is_correction,
        **_named(mail_words.headline(occasion), edition.is_correction),
        "appealed": edition.appealed_at is not None,
        "correction_kind": edition.correction_kind,
        "correction_what": edition.correction_what,
        "correction_why": edition.correction_why,
        "signoff_due_at": mail_words.instant(detail.get("signoff_due_at")) or edition.signoff_due_at,
        "reminder": detail.get("number", 1),
        "changes": changes(release.kind, before.content, after.content) if before and after else [],
    }


def _named(headline: str, is_correction: bool) -> dict[str, str]:
    """What the mail is about: the release, or the correction of it. `untouched`: what has not happened meanwhile."""
    if is_correction:
        return {
            "item": "correction",
            "about": f"correction of {headline}",
            "named": f"the correction of “{headline}”",
            "named_first": f"The correction of “{headline}”",
            "untouched": "The public text stays as it is.",
        }
    quoted = f"“{headline}”"
    untouched = "Nothing is published."
    return {
        "item": "release",
        "about": headline,
        "named": quoted,
        "named_first": quoted,
        "untouched": untouched,
    }


def _reason(code: str) -> dict[str, str]:
    known = REASONS.get(code)
    return {"code": code, "title": known.title if known else code, "mend": known.mend if known else ""}


def _account_words(occasion: Occasion, settings: Settings) -> dict[str, Any]:
    home, token = settings.base_url.rstrip("/"), occasion.token
    words: dict[str, Any] = {
        "organisation": mail_words.one_line(occasion.organisation.name) if occasion.organisation else "",
        "login_page": f"{home}/account/login",
        "reset_page": f"{home}/account/reset",
        "organisation_is_proved": occasion.organisation_is_proved,
        "is_operators": token is not None and token.invited_by_id is None,
        "token_page": "",
        "token_expires_at": None,
        "token_asked_at": token.created_at if token else None,
        "registrations": [_registration(each, settings) for each in occasion.registrations],
    }
    if token is None:
        return words
    code = token_for(settings.mail_key, token.purpose, token.id, token.nonce)
    return words | {
        "token_page": f"{home}/account/{token.purpose}/{code}",
        "token_expires_at": token.expires_at,
    }


def _registration(typed: Registration, settings: Settings) -> dict[str, Any]:
    """One of several tries to register an address, with its own link."""
    token = typed.token
    code = token_for(settings.mail_key, token.purpose, token.id, token.nonce)
    return {
        "organisation": mail_words.one_line(typed.organisation),
        "asked_at": typed.asked_at,
        "page": f"{settings.base_url.rstrip('/')}/account/confirm/{code}",
    }


def _rendered(template: str, context: dict[str, Any]) -> str:
    environment = _html() if template.endswith(".html") else _text()
    return environment.get_template(template).render(context)


@cache
def _html() -> Environment:
    return _environment(escape=True)


@cache
def _text() -> Environment:
    return _environment(escape=False)


def _environment(*, escape: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=escape,  # noqa: S701  # off for the text part only, which no browser reads as HTML
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "quoted": mail_words.quoted,
        "marked": mail_words.marked,
        "one_line": mail_words.one_line,
    }
    return environment
