"""Mails are signed so that a receiver believes them: checked by the library that reads signatures, with the DNS
record that `portal doctor` says to publish."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import select

from portal.actions.mailing import notifying
from portal.actions.newsletter import building
from portal.actions.portal import Portal
from portal.commands.examining import machine
from portal.outlets.mail import notices
from portal.outlets.mail.senders import Outgoing, sender_from
from portal.outlets.mail.signature import UnusableKey, signer_from
from portal.outlets.newsletter.daily_email import Reader, daily_email
from portal.outlets.newsletter.trial_letter import everything
from portal.rules.reader_choice import Choice
from portal.settings import Settings
from portal.storage.queries import mailing
from portal.storage.tables import DigestIssue
from tests import builders
from tests.builders import NOON
from tests.rigs import signing_keys
from tests.rigs.mailroom import happen, newsroom

MATTERS = {"from", "to", "subject", "date", "message-id", "mime-version", "content-type", "auto-submitted"}
OF_A_LIST = {
    "list-id",
    "list-archive",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "feedback-id",
    "precedence",
}


def signing(settings: Settings, kind: str = "rsa", **more: Any) -> Settings:
    return replace(settings, dkim_key=signing_keys.pem(kind), dkim_selector="press2026", **more)


def a_letter(database: Any, settings: Settings) -> bytes:
    here = Portal(database, replace(settings, database_url=database.url))
    with here.work() as work:
        builders.published_release(work, headline="Farmers’ own rice mill " * 6, at=NOON)
        work.commit()
    building.close_due(here, now=NOON.replace(day=NOON.day + 1))
    with here.database.reading() as session:
        issue = session.scalars(select(DigestIssue)).one()
        email = daily_email(session, issue, here.settings, issue.due_at)
    reader = Reader(7, "mai@reader.example", "n" * 32, Choice(), 70, "abc")
    return email.message(reader, everything(issue, email.material.releases), issue.due_at)


def a_decision(database: Any, settings: Settings, folder: Path) -> bytes:
    """As it is written by the way that mails leave."""
    portal = Portal(database, settings)
    (delivery_id,) = notifying.relay(portal, happen(portal, newsroom(portal), "approved"), now=NOON)
    with portal.database.reading() as session:
        occasion = mailing.occasion(session, delivery_id)
        assert occasion is not None
        message = notices.compose(occasion, settings, now=NOON)
    sender_from(settings).deliver(Outgoing(delivery_id, occasion.delivery.recipient, message))
    (file,) = folder.glob("*.eml")
    return file.read_bytes().split(b"\r\n", 2)[2]


def signed_names(mail: bytes) -> list[str]:
    found = re.search(rb"[; ]h=([^;]+);", mail.partition(b"\r\n\r\n")[0])
    assert found is not None
    return found[1].decode().replace("\r\n", "").replace(" ", "").split(":")


def verifies(mail: bytes, settings: Settings) -> bool:
    return bool(dkim.verify(mail, dnsfunc=signing_keys.dns_of(settings)))


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_a_letter_is_signed_with_the_headers_by_which_a_list_is_left(
    sqlite_database: Any, settings: Settings, kind: str
) -> None:
    signing_settings = signing(settings, kind, mail_from="The Post <press@News.Example>")

    mail = a_letter(sqlite_database, signing_settings)

    assert mail.startswith(b"DKIM-Signature: ")
    assert b" d=news.example; s=press2026;" in mail.replace(b"\r\n", b"")
    assert verifies(mail, signing_settings)
    assert set(signed_names(mail)) == MATTERS | OF_A_LIST
    assert {name: signed_names(mail).count(name) for name in ("from", "list-unsubscribe", "message-id")} == {
        "from": 2,
        "list-unsubscribe": 2,
        "message-id": 1,
    }


def test_a_decision_mail_is_signed(sqlite_database: Any, settings: Settings, tmp_path: Path) -> None:
    signing_settings = signing(settings, mail_url=f"file:{tmp_path}/mails", duty_email="duty@post.example")

    mail = a_decision(sqlite_database, signing_settings, tmp_path / "mails")

    assert verifies(mail, signing_settings)
    assert set(signed_names(mail)) == MATTERS | {"reply-to", "in-reply-to", "references"}


def test_a_change_or_another_sender_is_noticed(sqlite_database: Any, settings: Settings) -> None:
    signing_settings = signing(settings)
    mail = a_letter(sqlite_database, signing_settings)
    head, blank, body = mail.partition(b"\r\n\r\n")
    changed = (
        head + blank + body.replace(b"rice mill", b"rice hill", 1),
        mail.replace(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b""),
        mail.replace(b"\r\nTo: mai@", b"\r\nTo: may@"),
        mail.replace(b"\r\nTo: ", b"\r\nFrom: evil@lotus.example\r\nTo: "),
        mail.replace(b"\r\nSubject: ", b"\r\nSubject: Another\r\nSubject: "),
    )

    assert verifies(mail, signing_settings)
    assert [each == mail or verifies(each, signing_settings) for each in changed] == [False] * 5
    assert not dkim.verify(mail, dnsfunc=lambda name, timeout=5: None)


def test_without_a_key_nothing_is_signed(sqlite_database: Any, settings: Settings) -> None:
    assert b"DKIM-Signature" not in a_letter(sqlite_database, settings)


def test_the_doctor_reads_the_key_and_prints_the_record_to_publish(settings: Settings) -> None:
    (found,) = machine.signature(signing(settings))
    (modern,) = machine.signature(signing(settings, "ed25519"))
    (broken,) = machine.signature(replace(signing(settings), dkim_key=_elliptic()))

    signer = signer_from(signing(settings))
    assert signer is not None
    assert (found.state, found.text) == (
        "ok",
        f'The key can be read. Publish this in the DNS: {signer.name} TXT "{signer.record}"',
    )
    assert signer.name == "press2026._domainkey.portal.example"
    assert signer.record.startswith("v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA")
    assert modern.state == "advice"
    assert "v=DKIM1; k=ed25519; p=" in modern.text
    assert (broken.state, broken.text) == (
        "wrong",
        "PORTAL_DKIM_KEY must be an RSA or an Ed25519 key; mail servers read no other.",
    )
    assert list(machine.signature(settings)) == []


def test_a_key_that_cannot_sign_stops_whatever_sends(settings: Settings) -> None:
    with pytest.raises(UnusableKey, match="need mending before the portal can start"):
        sender_from(replace(signing(settings), dkim_key=_elliptic()))


def _elliptic() -> str:
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
