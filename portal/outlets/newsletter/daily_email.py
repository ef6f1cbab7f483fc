"""The daily e-mail as bytes. Every item is written once for all readers; what differs is joined to it for each.

Only what the one public query gives is written. Links go straight to the site and nothing in the mail tells that it
was opened.
"""

from __future__ import annotations

import hmac
import quopri
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.utils import format_datetime, parseaddr
from functools import cached_property, partial
from html import escape
from typing import Any
from urllib.parse import quote

from portal.outlets.mail import mail_words
from portal.outlets.mail.mail_bytes import headers, inside_a_line, plain_inside_a_line, whole_lines
from portal.outlets.mail.newsletter_words import choice_in_words
from portal.outlets.mail.signature import Signer, signer_from
from portal.outlets.newsletter import daily_words
from portal.outlets.newsletter.daily_items import AHEAD_ITEM, ahead_item, item_of, note_of, parts
from portal.outlets.public_release import FullRelease, whole
from portal.rules import newsletter_links as links
from portal.rules.digest import KILL, REMOVAL, Afterword, Picked
from portal.rules.kinds import KINDS
from portal.rules.reader_choice import Choice
from portal.rules.release_states import KILLED, TAKEN_DOWN
from portal.settings import Settings
from portal.storage.database import Session
from portal.storage.queries import event_dates
from portal.storage.queries.newsletter import digests, subscribers
from portal.storage.queries.public_releases import Tombstone
from portal.storage.tables import DigestIssue, Place

MOST_BYTES = 60_000
"""Of the HTML; rules/digest.py bounds how many items stand in it."""
MOST_FORMS = 2_000
"""Of some 20 kB each are kept; readers who find the same share one."""
_SLOTS = ("email", "preferences", "unsubscribe")


@dataclass(frozen=True)
class Reader:
    """Whose letter it is, and what makes the letter itself unique."""

    id: int
    email: str
    nonce: str
    choice: Choice
    letter_id: int
    letter_nonce: str


@dataclass(frozen=True)
class Material:
    """An issue with everything that its letters may speak of, read in one go."""

    date: str
    late: bool
    intro: str
    releases: Mapping[int, FullRelease]
    tombstones: Mapping[int, Tombstone]
    removed: Mapping[int, tuple[str, str]]
    starts: Mapping[int, datetime]

    @property
    def gone(self) -> dict[int, str]:
        """Where those stand that cannot be read any more."""
        return {**dict.fromkeys(self.removed, TAKEN_DOWN), **dict.fromkeys(self.tombstones, KILLED)}


def read_material(session: Session, issue: DigestIssue, now: datetime) -> Material:
    """What is public of an issue now; a killed release only as what is left of it."""
    killed = [each["reference"] for each in issue.afterwards if each["what"] == KILL]
    removed = {each["release_id"] for each in issue.afterwards if each["what"] == REMOVAL}
    ids = {each["release_id"] for each in [*issue.contents, *issue.afterwards]}
    found = digests.public_with_text(session, now, ids)
    return Material(
        issue.date,
        issue.late,
        issue.intro,
        {number: whole(row) for number, row in found.items()},
        digests.tombstones(session, killed),
        digests.suppliers(session, removed),
        {number: hours[0] for number, hours in event_dates.hours(session, list(found)).items()},
    )


@dataclass(frozen=True)
class _Form:
    """A letter in pieces: every second one is the name of what is a reader's own."""

    pieces: tuple[bytes, ...]

    def filled(self, own: Mapping[bytes, bytes]) -> bytes:
        written = list(self.pieces)
        written[1::2] = [own[name] for name in self.pieces[1::2]]
        return b"".join(written)


class DailyEmail:
    """One issue as letters. `message` is cheap; the rest is made on first use and kept."""

    def __init__(self, material: Material, settings: Settings, places: Mapping[str, Place]) -> None:
        self.material, self.settings, self.places = material, settings, places
        self.home = settings.base_url.rstrip("/")
        self._forms: dict[tuple[Picked, Choice], _Form] = {}
        self._date: tuple[datetime, str] | None = None
        self._pieces: dict[tuple[str, str, int], bytes] = {}
        self._opened: dict[Picked, tuple[bytes, bytes, bytes]] = {}

    def message(self, reader: Reader, picked: Picked, now: datetime) -> bytes:
        """The whole letter, its lines ended by CRLF, signed where there is a key."""
        letter = self.unsigned(reader, picked, now)
        return self._signer.signed(letter) if self._signer else letter

    def unsigned(self, reader: Reader, picked: Picked, now: datetime) -> bytes:
        """The letter for somebody else to sign."""
        form = self._forms.get((picked, reader.choice)) or self._form(picked, reader.choice)
        key = self.settings.mail_key
        unsubscribe = self.home + links.unsubscribe_path(key, reader.id, reader.nonce)
        preferences = self.home + links.preferences_path(key, reader.id, reader.nonce)
        return form.filled(
            {
                b"headers": self._own_headers(reader, unsubscribe, now),
                b"email": plain_inside_a_line(reader.email),
                b"email in html": plain_inside_a_line(escape(reader.email)),
                b"preferences": plain_inside_a_line(preferences),
                b"unsubscribe": plain_inside_a_line(unsubscribe),
            }
        )

    def subject(self, picked: Picked) -> str:
        """`Farmers open their own rice mill, and 4 more (Tue 24 March)`."""
        return daily_words.subject(self.material.date, picked, self._headline)

    def html(self, picked: Picked, choice: Choice, email: str) -> str:
        """The HTML part as one text, with links that lead to the form instead of a reader's own page."""
        return self._read("html", picked, choice, email)

    def text(self, picked: Picked, choice: Choice, email: str) -> str:
        return self._read("txt", picked, choice, email)

    def envelope_from(self, reader: Reader) -> str:
        """Where the mail system sends a letter back that it could not deliver: the token says which letter it was."""
        token = f"{self._code('bounce', reader, 16)}-{reader.letter_id}"
        return f"{self._mailbox}+{token}@{self._domain}"

    # What is the same for all readers

    @cached_property
    def _mailbox(self) -> str:
        return parseaddr(self.settings.mail_from)[1].rpartition("@")[0]

    @cached_property
    def _signer(self) -> Signer | None:
        return signer_from(self.settings)

    @cached_property
    def _mailbox_for_leaving(self) -> str:
        """Empty unless somebody reads it: a reader whose mail program writes there must not be left on the list."""
        return quote(parseaddr(self.settings.unsubscribe_mailbox)[1], safe="@+.-_")

    @cached_property
    def _domain(self) -> str:
        return parseaddr(self.settings.mail_from)[1].rpartition("@")[2]

    @cached_property
    def _boundary(self) -> str:
        return f"=_daily.{hmac.digest(self.settings.mail_key.encode(), self.material.date.encode(), 'sha256').hex()[:24]}"

    @cached_property
    def _fixed_headers(self) -> bytes:
        name, address = parseaddr(self.settings.mail_from)
        sender = Address(mail_words.one_line(name or self.settings.site_name), addr_spec=address)
        told = headers([("From", sender)])
        site = mail_words.one_line(self.settings.site_name)
        label = f'"{site}" ' if site.isascii() and '"' not in site and "\\" not in site else ""
        identity = "".join(letter for letter in self._domain if letter.isalnum())[:15]
        lines = [
            f"List-ID: {label}<daily.{self._domain}>",
            f"List-Archive: <{self._issue_page}>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "Auto-Submitted: auto-generated",
            "X-Auto-Response-Suppress: All",
            "Precedence: bulk",
            f"Feedback-ID: {self.material.date}:daily:newsletter:{identity}",
            "MIME-Version: 1.0",
            f'Content-Type: multipart/alternative; boundary="{self._boundary}"',
        ]
        return told + "".join(f"{line}\r\n" for line in lines).encode()

    @cached_property
    def _issue_page(self) -> str:
        return f"{self.home}/newsletter/issues/{self.material.date}"

    @cached_property
    def _to_text(self) -> bytes:
        return b"\r\n" + self._part("plain")

    @cached_property
    def _to_html(self) -> bytes:
        return b"\r\n" + self._part("html")

    @cached_property
    def _end(self) -> bytes:
        return f"\r\n--{self._boundary}--\r\n".encode()

    def _part(self, subtype: str) -> bytes:
        return (
            f"--{self._boundary}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        ).encode()

    # What is one reader's own

    def _own_headers(self, reader: Reader, unsubscribe: str, now: datetime) -> bytes:
        token = unsubscribe.rpartition("/")[2]
        by_mail = self._mailbox_for_leaving
        or_by_mail = f",\r\n <mailto:{by_mail}?subject=unsubscribe%20{token}>" if by_mail else ""
        return (
            f"To: {_checked(reader.email)}\r\n"
            f"Date: {self._written_date(now)}\r\n"
            f"Message-ID: <daily.{self._code('message', reader, 40)}@{self._domain}>\r\n"
            f"List-Unsubscribe: <{unsubscribe}>{or_by_mail}\r\n"
        ).encode()

    def _written_date(self, now: datetime) -> str:
        if self._date is None or self._date[0] != now:
            self._date = (now, format_datetime(now))
        return self._date[1]

    def _code(self, purpose: str, reader: Reader, length: int) -> str:
        """Made of what makes the letter unique, so that every try carries the same."""
        key = f"{purpose}\x00{self.material.date}\x00{reader.id}\x00{reader.letter_nonce}"
        return hmac.digest(self.settings.mail_key.encode(), key.encode(), "sha256").hex()[:length]

    # Forms, kept for all who find the same

    def _form(self, picked: Picked, choice: Choice) -> _Form:
        if len(self._forms) > MOST_FORMS:
            self._forms.clear()
        text, html = self._cut("txt", picked, choice), self._cut("html", picked, choice)
        pieces = (
            self._fixed_headers + self._opening(picked)[0],
            b"headers",
            self._to_text + text[0],
            *text[1:-1],
            text[-1] + self._to_html + html[0],
            *(b"email in html" if each == b"email" else each for each in html[1:-1]),
            html[-1] + self._end,
        )
        form = self._forms[picked, choice] = _Form(pieces)
        return form

    def _cut(self, form: str, picked: Picked, choice: Choice) -> tuple[bytes, ...]:
        """The body in pieces with a reader's own words between them."""
        foot = parts(form).foot(
            self.home,
            self.settings.site_name,
            choice_in_words(choice, self.places),
            *(f"\ue000{slot}\ue000" for slot in _SLOTS),
        )
        opening = self._opening(picked)[1 if form == "txt" else 2]
        begun = opening + b"".join(self._middle(form, picked))
        cut = str(foot).split("\ue000")
        return (begun + inside_a_line(cut[0]), *(_piece(each) for each in cut[1:-1]), whole_lines(cut[-1]))

    def _opening(self, picked: Picked) -> tuple[bytes, bytes, bytes]:
        """The Subject header and the top of both parts."""
        found = self._opened.get(picked)
        if found is None:
            subject = self.subject(picked)
            told = {form: whole_lines(str(self._top(form, picked, subject))) for form in ("txt", "html")}
            found = (headers([("Subject", subject)]), told["txt"], told["html"])
            self._opened[picked] = found
        return found

    def _top(self, form: str, picked: Picked, subject: str) -> str:
        preheader = daily_words.preheader(picked, self._headline)
        day = daily_words.long_day(self.material.date)
        top = parts(form).top(
            mail_words.one_line(self.settings.site_name),
            self.home,
            day,
            self.material.date,
            subject,
            preheader,
            self._issue_page,
            self.material.late,
        )
        intro = mail_words.one_line(self.material.intro)
        return str(top) + (str(parts(form).intro(intro)) if intro else "")

    def _middle(self, form: str, picked: Picked) -> Iterator[bytes]:
        for each in picked.afterwords:
            yield self._once(form, "note", each.release_id, partial(note_of, self, each))
        if picked.is_empty:
            yield whole_lines(str(parts(form).nothing()))
        if picked.lead:
            yield self._item(form, "lead", picked.lead)
        for kind, numbers in picked.by_kind:
            yield self._once(form, "head", 0, partial(getattr, KINDS[kind], "plural"), variant=kind)
            yield self._item(form, "first", numbers[0])
            yield from (self._item(form, "further", number) for number in numbers[1:])
        if picked.left_out:
            yield whole_lines(str(parts(form).rest(picked.left_out, self._issue_page)))
        if picked.ahead:
            yield self._once(form, "head", 0, lambda: "Dates ahead", variant="ahead")
            yield from (
                self._once(form, AHEAD_ITEM, number, partial(ahead_item, self, number))
                for number in picked.ahead
            )
            yield self._once(form, "gap", 0, lambda: None)

    def _item(self, form: str, shape: str, number: int) -> bytes:
        return self._once(form, shape, number, partial(item_of, self.material.releases[number], self.home))

    def _once(
        self,
        form: str,
        shape: str,
        number: int,
        words: Callable[[], Any],
        variant: str = "",
    ) -> bytes:
        """A piece, written when it is asked for first."""
        key = (form, shape + variant, number)
        if key not in self._pieces:
            given = words()
            macro = getattr(parts(form), shape)
            self._pieces[key] = whole_lines(str(macro() if given is None else macro(given)))
        return self._pieces[key]

    def _headline(self, each: int | Afterword) -> str:
        """With the word before it where the event is off: `Cancelled: Mekong Looms Fair`."""
        number = each.release_id if isinstance(each, Afterword) else each
        return mail_words.one_line(self.material.releases[number].marked_headline)

    def _read(self, form: str, picked: Picked, choice: Choice, email: str) -> str:
        page = f"{self.home}/newsletter/preferences".encode() + b"=\r\n"
        cut = self._cut(form, picked, choice)
        own = inside_a_line(escape(email) if form == "html" else email)
        filled = _Form(cut).filled({b"email": own, b"preferences": page, b"unsubscribe": page})
        found = quopri.decodestring(filled)
        return found.decode().replace("\r\n", "\n")


def daily_email(session: Session, issue: DigestIssue, settings: Settings, now: datetime) -> DailyEmail:
    """The letters of an issue as it may be read now."""
    chosen = {slug for choice in digests.choices(session).values() for slug in choice.places}
    places = subscribers.places_named(session, chosen)
    return DailyEmail(read_material(session, issue, now), settings, places)


def _piece(text: str) -> bytes:
    return text.encode() if text in _SLOTS else inside_a_line(text)


def _checked(email: str) -> str:
    """Nothing but the address may stand in its header. Raises ValueError for what is none."""
    name, _, domain = email.rpartition("@")
    if not (name and domain and email.isprintable() and not set(email) & set(' <>,;:"()[]\\')):
        raise ValueError("this address cannot stand in a header")
    return email
