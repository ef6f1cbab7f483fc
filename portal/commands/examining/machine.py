"""The machine around the portal: its versions, clock, folders, Redis and mail server."""

from __future__ import annotations

import os
import platform
import smtplib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from portal.clock import ClockFileUnreadable, clock_from
from portal.commands.examining.findings import Finding, advice, ok, wrong
from portal.settings import DERIVED, Settings

OLDEST_SQLITE = (3, 35, 0)
PATIENCE = 5
"""Seconds to wait for another machine."""


def versions(settings: Settings) -> Iterator[Finding]:
    yield ok("python", platform.python_version())
    if not settings.database_url.startswith("sqlite"):
        return
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        yield wrong("sqlite", f"{sqlite3.sqlite_version} is too old; 3.35 or newer is needed.")
    else:
        yield ok("sqlite", sqlite3.sqlite_version)


def time(settings: Settings) -> Iterator[Finding]:
    try:
        shown = clock_from(settings).now().astimezone(settings.zone).isoformat(timespec="seconds")
    except ClockFileUnreadable as problem:
        yield wrong("clock", str(problem))
        return
    if settings.test_clock is None:
        yield ok("clock", shown)
    else:
        yield advice(
            "clock", f"{shown}, read from {settings.test_clock}. It stands still until that file changes."
        )


def storage(settings: Settings) -> Iterator[Finding]:
    if settings.storage_folder is None:
        yield advice("storage", "Attachments go to an object store, which is not examined from here.")
    else:
        yield _folder("storage", settings.storage_folder)


def mail(settings: Settings) -> Iterator[Finding]:
    if settings.mail_folder is not None:
        yield _folder("mail", settings.mail_folder)
        return
    from portal.outlets.mail.senders import LoginInClear, SmtpSender

    parts = urlsplit(settings.mail_url)
    sender = SmtpSender(settings.mail_url, "", answer_seconds=PATIENCE, whole_seconds=PATIENCE)
    try:
        sender.open().close()
    except LoginInClear as refusal:
        yield wrong("mail", str(refusal))
    except smtplib.SMTPResponseException as answer:
        yield wrong("mail", f"{parts.hostname} answers, but takes no mail from us ({_said(answer)}).")
    except (OSError, smtplib.SMTPException) as problem:
        yield wrong("mail", f"{parts.hostname} does not answer ({problem}). Mails wait until it does.")
    else:
        yield ok("mail", f"{parts.hostname} answers{', and takes the user name' if parts.username else ''}.")


def _said(answer: smtplib.SMTPResponseException) -> str:
    from portal.outlets.mail.senders import said

    return said(answer.smtp_code, answer.smtp_error)


def signature(settings: Settings) -> Iterator[Finding]:
    """Whether mails are signed, and what has to stand in the DNS so that receivers believe it."""
    from portal.outlets.mail.signature import BITS_TO_HAVE, UnusableKey, signer_from

    if not settings.dkim_key:
        if settings.dkim_selector:
            yield advice("signature", "PORTAL_DKIM_SELECTOR has no effect: set PORTAL_DKIM_KEY, too.")
        elif settings.is_production:
            yield advice(
                "signature", "Mails leave unsigned. Set PORTAL_DKIM_KEY unless your mail server signs them."
            )
        return
    try:
        signer = signer_from(settings)
    except UnusableKey as problem:
        yield wrong("signature", problem.problems[0])
        return
    assert signer is not None  # there is a key
    record = f'Publish this in the DNS: {signer.name} TXT "{signer.record}"'
    if "k=ed25519" in signer.record:
        yield advice("signature", f"Few mail servers can read an Ed25519 key; RSA is read by all. {record}")
    elif signer.bits < BITS_TO_HAVE:
        yield advice("signature", f"The key has {signer.bits} bits; {BITS_TO_HAVE} are safer. {record}")
    else:
        yield ok("signature", f"The key can be read. {record}")


def redis(settings: Settings) -> Iterator[Finding]:
    if _redis_answers(settings):
        yield ok("redis", "It answers.")
    elif settings.redis_is_embedded:
        yield advice("redis", "The embedded server does not run. `portal up` starts it.")
    else:
        yield wrong(
            "redis", "PORTAL_REDIS_URL does not answer. Everything still happens, up to a minute later."
        )


def _redis_answers(settings: Settings) -> bool:
    from redis import Redis, RedisError
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    client = Redis.from_url(
        settings.redis_url, socket_connect_timeout=1, socket_timeout=1, retry=Retry(NoBackoff(), 0)
    )
    try:
        return bool(client.ping())
    except (RedisError, OSError):
        return False
    finally:
        client.close()


def keys(settings: Settings) -> Iterator[Finding]:
    """What is allowed but will be missed later."""
    if not settings.is_production:
        return
    if settings.sources["mail_key"] == DERIVED:
        yield advice(
            "mail key", "Set PORTAL_MAIL_KEY, so that links in mails survive a change of PORTAL_SECRET_KEY."
        )
    if not settings.metrics_token:
        yield advice("metrics", "Set PORTAL_METRICS_TOKEN to read /metrics.")
    if not settings.duty_email:
        yield advice("duty", "Set PORTAL_DUTY_EMAIL to be told before a promise is missed.")


def _folder(name: str, folder: Path) -> Finding:
    standing = next(path for path in (folder, *folder.parents) if path.exists())
    if os.access(standing, os.W_OK | os.X_OK) and standing.is_dir():
        return ok(name, f"{folder} can be written to.")
    return wrong(name, f"{folder} cannot be written to. Give its owner the right to, or name another folder.")
