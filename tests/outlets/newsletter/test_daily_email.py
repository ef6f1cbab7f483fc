"""The daily e-mail held against the strictest parser of the standard library, with hostile names in every place."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select

from portal.actions.newsletter import building
from portal.actions.portal import Portal
from portal.outlets.newsletter.daily_email import MOST_BYTES, DailyEmail, Reader, daily_email
from portal.outlets.newsletter.trial_letter import everything
from portal.rules import digest as rules
from portal.rules.reader_choice import Choice
from portal.rules.tokens import fits, read_token
from portal.storage.tables import DigestIssue, Release
from tests import builders

DUE = datetime(2026, 3, 23, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)
READER = Reader(7, "mai+news@reader.example", "n" * 32, Choice(("business",), ("cambodia",)), 70, "abc")
HOSTILE = (
    "Evil\r\nBcc: all@lotus.example",
    "=?utf-8?q?hidden?= words",
    "\u202egnihsif\u202c and \u2028 lines",
    "</a><script>alert(1)</script>",
    "“Quotes”; semicolons, <brackets@lotus.example>",
    ".\r\n.\r\nMAIL FROM:<x>",
    "ကလေးစာကြည့်တိုက်သစ် " * 8,
    "x" * 120,
)


@pytest.fixture
def here(sqlite_database: Any, settings: Any) -> Portal:
    return Portal(sqlite_database, replace(settings, database_url=sqlite_database.url))


def closed(here: Portal) -> tuple[DailyEmail, DigestIssue]:
    building.close_due(here, now=DUE)
    with here.database.reading() as session:
        issue = session.scalars(select(DigestIssue).order_by(DigestIssue.date.desc())).first()
        assert issue is not None
        return daily_email(session, issue, here.settings, DUE), issue


def letter(here: Portal, reader: Reader = READER) -> tuple[bytes, EmailMessage]:
    found, issue = closed(here)
    raw = found.message(reader, everything(issue, found.material.releases), DUE)
    message = email.message_from_bytes(raw, policy=email.policy.strict.clone(raise_on_defect=True))
    assert isinstance(message, EmailMessage)
    return raw, message


def part(message: EmailMessage, subtype: str) -> str:
    found = message.get_body((subtype,))
    assert found is not None
    assert found.defects == []
    return str(found.get_content())


def publish(here: Portal, *headlines: str, **values: Any) -> None:
    with here.work() as work:
        for number, headline in enumerate(headlines):
            at = DUE - HOUR - timedelta(minutes=number)
            builders.published_release(work, headline=headline, at=at, **values)
        work.commit()


def test_the_headers_are_those_of_a_list_that_can_be_left_at_once(here: Portal) -> None:
    publish(here, "Farmers open their own rice mill", "Coffee goes to Hanoi")

    raw, message = letter(here)

    assert message.defects == []
    assert [name for name in message if list(message).count(name) > 1] == []
    assert message["Subject"] == "Farmers open their own rice mill, and 1 more (Tue 24 March)"
    assert message["To"] == "mai+news@reader.example"
    assert message["List-ID"].endswith(f"<daily.{here.settings.mail_from.rpartition('@')[2].rstrip('>')}>")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    https = message["List-Unsubscribe"]
    assert re.fullmatch(r"<https?://\S+/newsletter/unsubscribe/7-[\w-]{43}>", https)
    assert (message["Auto-Submitted"], message["Precedence"]) == ("auto-generated", "bulk")
    assert re.fullmatch(r"2026-03-24:daily:newsletter:\w{1,15}", message["Feedback-ID"])
    assert re.fullmatch(r"<daily\.[0-9a-f]{40}@\S+>", message["Message-ID"])
    found = read_token(https.rpartition("/")[2].rstrip(">"))
    assert found is not None
    assert fits(here.settings.mail_key, "newsletter-unsubscribe", 7, READER.nonce, found[1])
    assert {len(line) <= 76 for line in raw.partition(b"\r\n\r\n")[2].split(b"\r\n")} == {True}
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_every_try_of_a_letter_carries_the_same_id_and_every_letter_another(here: Portal) -> None:
    publish(here, "Farmers open their own rice mill")
    found, issue = closed(here)
    picked = everything(issue, found.material.releases)

    def id_of(reader: Reader, at: datetime) -> bytes:
        return re.findall(rb"\r\nMessage-ID: (\S+)", found.message(reader, picked, at))[0]

    assert id_of(READER, DUE) == id_of(READER, DUE + HOUR)
    assert id_of(READER, DUE) != id_of(replace(READER, id=8), DUE)
    assert found.envelope_from(READER) != found.envelope_from(replace(READER, letter_id=71, letter_nonce="x"))


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_headlines_and_names_keep_one_header_each_and_are_shown_as_words(
    here: Portal, words: str
) -> None:
    with here.work() as work:
        house = builders.organisation(work, name=words)
        builders.published_release(
            work, headline=words, summary=words, city=words[:100], house=house, at=DUE - HOUR
        )
        work.commit()
    with here.work() as work:
        work.session.add(DigestIssue(date="2026-03-24", due_at=DUE, intro=words))
        work.commit()

    raw, message = letter(here)
    head = raw.partition(b"\r\n\r\n")[0]

    assert message.defects == []
    assert len(re.findall(rb"(?m)^[A-Za-z][\w-]*:", head)) == len(list(message)) == 15
    assert message["Bcc"] is None
    assert "<script" not in part(message, "html")
    assert part(message, "plain").count("PRESS RELEASE – supplied by") == 1


def test_both_parts_say_the_same_and_link_straight_to_the_site(here: Portal) -> None:
    publish(here, "Kinta Rovers beat Teluk Sari 2–1", "Farmers open their own rice mill")

    _, message = letter(here)
    text, html = part(message, "plain"), part(message, "html")

    home = here.settings.base_url.rstrip("/")
    links = set(re.findall(r'href="([^"]+)"', html))
    assert {link.startswith(home) for link in links} == {True}
    assert "<img" not in html
    assert [link for link in links if "/releases/" in link and link not in text] == []
    for words in (
        "Farmers open their own rice mill",
        "PRESS RELEASE – supplied by",
        "mai+news@reader.example",
    ):
        assert words in text
        assert words in html
    assert "You asked for business from Cambodia with the address" in text
    assert re.search(r"/newsletter/unsubscribe/7-[\w-]{43}", text)
    assert re.search(r"/newsletter/preferences/7-[\w-]{43}", html)
    assert "prefers-color-scheme: dark" in html


def test_the_longest_issue_stays_below_sixty_kilobytes(here: Portal) -> None:
    publish(
        here,
        *(f"{number} " + "မော်လမြိုင်မြို့တွင် ကလေးစာ" * 4 for number in range(rules.MOST_NEWS + 5)),
        summary="ကလေးများ အခမဲ့ ငှားရမ်းဖတ်ရှုနိုင်မည့် စာအုပ် " * 12,
        city="မော်လမြိုင်",
        language="my",
    )

    _, message = letter(here)

    assert len(part(message, "html").encode()) <= MOST_BYTES
    assert "5 more on the site" in part(message, "html")


def test_only_items_that_were_picked_are_in_a_letter(here: Portal) -> None:
    publish(here, "Farmers open their own rice mill")
    publish(here, "Kinta Rovers win", kind="sports")
    found, issue = closed(here)
    entries = rules.entries_of(issue.contents)
    picked = rules.pick(entries, (), rules.Wants(Choice(("sports",))), ())

    raw = found.message(READER, picked, DUE)

    assert b"Kinta Rovers win" in raw
    assert b"rice mill on" not in raw.replace(b"=\r\n", b"")
    assert b"Farmers" not in raw


def test_what_is_off_carries_the_word_before_its_headline_and_never_leads(here: Portal) -> None:
    publish(here, "Farmers open their own rice mill")
    publish(here, "Harbour festival opens on Friday", kind="event")
    with here.work() as work:
        release = work.session.scalars(select(Release).order_by(Release.id.desc())).first()
        assert release is not None
        release.notice_kind, release.notice_at = "postponed", release.live_from
        work.commit()

    _, message = letter(here)

    assert "Farmers open their own rice mill" in message["Subject"]
    assert "festival" not in message["Subject"]
    assert "Postponed: Harbour festival opens on Friday" in part(message, "plain")
    assert part(message, "html").index("Postponed:") < part(message, "html").index("Harbour festival opens")
    assert "Also: Postponed: Harbour festival" in part(message, "html")


def test_the_mailbox_for_leaving_stands_in_a_letter_only_where_somebody_reads_it(here) -> None:
    publish(here, "Farmers open their own rice mill")
    there = replace(
        here, settings=replace(here.settings, unsubscribe_mailbox="Leave <leave+post@post.example>")
    )

    _, without = letter(here)
    _, with_it = letter(there)

    assert "mailto:" not in without["List-Unsubscribe"]
    https, mailto = with_it["List-Unsubscribe"].split(", ")
    assert https == without["List-Unsubscribe"]
    assert re.fullmatch(r"<mailto:leave\+post@post\.example\?subject=unsubscribe%207-[\w-]{43}>", mailto)
