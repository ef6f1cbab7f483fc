"""`/dev/mailbox`: the mails that a development machine wrote as files, newest first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from flask import Response, render_template

from portal.rules.refusals import NotFound
from portal.web.access import access, settings
from portal.web.operating import blueprint

NEWEST = 50
ADDRESS = re.compile(r"https?://[^\s<>\"]+")
FRAME_POLICY = (
    "default-src 'none'; "
    "style-src 'unsafe-inline'; "  # mails carry their styles; the frame is sandboxed and runs nothing
    "img-src data:; "
    "base-uri 'none'; "
    "form-action 'none'; "
    "frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)


@dataclass(frozen=True)
class Mail:
    """One mail as the page shows it; `pieces` are (text, is an address) in order."""

    name: str
    to: str
    subject: str
    date: str
    pieces: list[tuple[str, bool]]
    has_html: bool


@blueprint.get("/dev/mailbox")
@access("developer")
def mailbox() -> Response:
    folder = settings().mail_folder
    page = render_template("operating/mailbox.html", mails=newest_mails(folder), folder=folder)
    answer = Response(page)
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; frame-src 'self'; "
        "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    )
    return answer


@blueprint.get("/dev/mailbox/<name>/html")
@access("developer")
def mail_html(name: str) -> Response:
    """The HTML part in a frame of its own, where nothing of it can run."""
    part = _read(_file_called(name)).get_body(("html",))
    if not isinstance(part, EmailMessage):
        raise NotFound
    answer = Response(str(part.get_content()), content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = FRAME_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def newest_mails(folder: Path | None) -> list[Mail]:
    """The mails in a folder, newest first; names begin with the time."""
    if folder is None or not folder.is_dir():
        return []
    files = sorted(folder.glob("*.eml"), key=lambda file: file.name, reverse=True)
    return [_shown(file) for file in files[:NEWEST]]


def in_pieces(text: str) -> list[tuple[str, bool]]:
    """Text cut into addresses and what stands between them."""
    pieces: list[tuple[str, bool]] = []
    position = 0
    for found in ADDRESS.finditer(text):
        pieces += [(text[position : found.start()], False), (found.group(), True)]
        position = found.end()
    return [piece for piece in [*pieces, (text[position:], False)] if piece[0]]


def _file_called(name: str) -> Path:
    """Only names that stand in the folder, so that no path can be made up."""
    folder = settings().mail_folder
    found = [file for file in folder.glob("*.eml") if file.name == name] if folder and folder.is_dir() else []
    if not found:
        raise NotFound
    return found[0]


def _shown(file: Path) -> Mail:
    mail = _read(file)
    text = mail.get_body(("plain",))
    words = str(text.get_content()) if isinstance(text, EmailMessage) else ""
    return Mail(
        name=file.name,
        to=str(mail.get("X-Envelope-To") or mail.get("To") or ""),
        subject=str(mail.get("Subject") or ""),
        date=str(mail.get("Date") or ""),
        pieces=in_pieces(words),
        has_html=mail.get_body(("html",)) is not None,
    )


def _read(file: Path) -> EmailMessage:
    return BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(file.read_bytes())
