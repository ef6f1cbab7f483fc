"""Probes, and the mails of a development machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.settings import Settings
from portal.storage.unit_of_work import silent
from portal.web.operating.mailbox import in_pieces
from tests.rigs.visitor import Visitor


@pytest.fixture
def without_tables(settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    made = create_app(
        replace(settings, database_url=f"sqlite:///{tmp_path / 'empty.sqlite3'}"), doorbell=silent
    )
    yield made
    made.extensions["portal"].database.dispose()


def test_the_process_answers(stranger: Visitor) -> None:
    answer = stranger.open("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_without_redis_it_is_degraded_and_serves(stranger: Visitor) -> None:
    answer = stranger.open("/readyz")

    assert answer.status_code == 200
    assert answer.json == {
        "status": "degraded",
        "checks": {"database": "ok", "migrations": "ok", "storage": "ok", "redis": "missing"},
    }


def test_with_redis_all_is_well(portal_settings: Settings, valkey_url: str) -> None:
    app = create_app(replace(portal_settings, redis_url=valkey_url), doorbell=silent)

    answer = app.test_client().get("/readyz")

    assert answer.json is not None
    assert answer.json["status"] == "ok"
    app.extensions["portal"].database.dispose()


def test_without_tables_it_is_down(without_tables: Flask) -> None:
    answer = without_tables.test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.json is not None
    assert (answer.json["status"], answer.json["checks"]["database"]) == ("down", "ok")


def write_mail(folder: Path, name: str, subject: str) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["To"], mail["X-Envelope-To"] = subject, "dewi@selat.example", "dewi@selat.example"
    mail.set_content("Open http://127.0.0.1:8000/account/confirm/1-abc\n\n<script>alert(1)</script>\n")
    mail.add_alternative("<style>p{}</style><p>Open it</p><script>alert(2)</script>", subtype="html")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(mail.as_bytes())


def test_the_mailbox_shows_the_newest_first_with_links(stranger: Visitor, portal_settings: Settings) -> None:
    assert portal_settings.mail_folder is not None
    write_mail(portal_settings.mail_folder, "20260324T032000Z-1.eml", "The older")
    write_mail(portal_settings.mail_folder, "20260324T032100Z-2.eml", "The newer")

    page = stranger.open("/dev/mailbox").text

    assert page.index("The newer") < page.index("The older")
    assert '<a href="http://127.0.0.1:8000/account/confirm/1-abc">' in page
    assert "<script>alert(1)" not in page


def test_the_html_part_stands_in_a_sandbox(stranger: Visitor, portal_settings: Settings) -> None:
    assert portal_settings.mail_folder is not None
    write_mail(portal_settings.mail_folder, "20260324T032000Z-1.eml", "A mail")

    part = stranger.open("/dev/mailbox/20260324T032000Z-1.eml/html")

    assert "sandbox" in part.headers["Content-Security-Policy"]
    assert "default-src 'none'" in part.headers["Content-Security-Policy"]
    assert "script-src" not in part.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["nothing.eml", "..%2F..%2Fportal.sqlite3", "..", "portal.toml"])
def test_no_other_file_is_shown(stranger: Visitor, portal_settings: Settings, name: str) -> None:
    assert portal_settings.mail_folder is not None
    write_mail(portal_settings.mail_folder, "20260324T032000Z-1.eml", "A mail")

    assert stranger.open(f"/dev/mailbox/{name}/html").status_code == 404


def test_text_is_cut_into_words_and_addresses() -> None:
    assert in_pieces("See https://a.example/x now") == [
        ("See ", False),
        ("https://a.example/x", True),
        (" now", False),
    ]
