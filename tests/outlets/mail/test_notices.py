"""Every fact that is told has its words, and nothing that people type can change what a mail is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.actions.accounts import registering
from portal.actions.mailing import notifying
from portal.actions.portal import Portal
from portal.outlets.mail import notices
from portal.outlets.mail.mail_words import one_line, quoted
from portal.outlets.mail.senders import Outgoing, as_bytes
from portal.rules.facts import FACTS
from portal.rules.tokens import fits, read_token
from portal.storage.queries import mailing
from portal.storage.tables import (
    Decision,
    Delivery,
    Edition,
    Membership,
    Organisation,
    Outbox,
    Release,
    SingleUseToken,
    Subscriber,
    User,
)
from tests import builders
from tests.builders import NOON
from tests.rigs.mailroom import happen, newsroom
from tests.rigs.people import HOME, NOW, People
from tests.rigs.sources import CORPUS

NAUGHTY = CORPUS / "naughty" / "blns.json"
TOLD = sorted((fact.name, notice.template) for fact in FACTS.values() for notice in fact.notices)
STATES = {"changes_requested": "changes_requested", "rejected": "rejected", "went_live": "published"}
HOSTILE = "Evil\r\nBcc: victim@post.example\r\n\r\nText\u2028\u202e\x0b\U0001f33e"


@pytest.fixture
def portal(sqlite_database: Any, settings: Any) -> Portal:
    return Portal(sqlite_database, settings)


def mails(portal: Portal, fact: str, **more: Any) -> Iterator[tuple[str, EmailMessage]]:
    """The composed mails of one fact, by template."""
    room = newsroom(portal, state=STATES.get(fact, "submitted"), **more)
    for delivery_id in notifying.relay(portal, happen(portal, room, fact), now=NOON):
        yield composed(portal, delivery_id)


def composed(portal: Portal, delivery_id: int) -> tuple[str, EmailMessage]:
    with portal.database.reading() as session:
        occasion = mailing.occasion(session, delivery_id)
        assert occasion is not None
        message = notices.compose(occasion, portal.settings, now=NOON)
        return occasion.delivery.template, parsed(message, occasion.delivery.recipient)


def parsed(message: EmailMessage, recipient: str) -> EmailMessage:
    """As a mail program reads it from the wire."""
    found = message_from_bytes(as_bytes(Outgoing(1, recipient, message)), policy=default)
    assert isinstance(found, EmailMessage)
    return found


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content())


@pytest.mark.parametrize(("fact", "template"), TOLD)
def test_every_notice_has_its_folder(fact: str, template: str) -> None:
    assert notices.has_templates(template), f"{fact} tells people by {template}"


@pytest.mark.parametrize("fact", sorted({fact for fact, _ in TOLD}))
def test_every_fact_becomes_a_mail_with_text_and_html(portal: Portal, fact: str) -> None:
    for _, message in mails(portal, fact):
        assert message.defects == []
        assert message["Auto-Submitted"] == "auto-generated"
        assert len(message["Subject"]) > 10
        assert "{{" not in part(message, "plain") + part(message, "html")
        assert "None" not in part(message, "plain")
        assert part(message, "html").startswith("<!doctype html>")


def test_no_two_steps_share_a_subject_and_release_mails_carry_the_reference(portal: Portal) -> None:
    subjects: dict[str, str] = {}
    for fact in sorted({fact for fact, _ in TOLD}):
        for template, message in mails(portal, fact):
            words = re.sub(r"SEAP-2026-\w{5}", "REF", message["Subject"])
            subjects[template] = words
            assert ("REF" in words) == (message["References"] is not None)

    assert {template for _, template in TOLD} - set(subjects) == set()
    assert len(set(subjects.values())) == len(subjects)


def test_the_receipt_says_when_it_arrived_by_the_clock_of_its_place_and_what_happens_next(
    portal: Portal,
) -> None:
    [(_, message)] = mails(portal, "submitted", country="IN", release_timezone="Pacific/Kiritimati")

    text = part(message, "plain")

    assert "Received: 24 Mar 2026, 08:50 GMT+5:30 (03:20 UTC)" in text
    assert "We decide by: 24 Mar 2026, 12:50 GMT+5:30 (07:20 UTC)" in text
    assert [link for link in ("#change", "#withdraw", "/receipt") if link not in text] == []
    assert portal.settings.base_url in text


def test_a_decision_mail_gives_each_reason_with_its_help_and_the_message(portal: Portal) -> None:
    [(_, message)] = mails(portal, "rejected")

    for kind in ("plain", "html"):
        assert "/help/reasons/WEAK_LEAD" in part(message, kind)
        assert "Please say when." in part(message, kind)


def test_an_approval_names_the_minute_or_the_address(portal: Portal) -> None:
    room = newsroom(portal, state="published")
    later = {"live_from": "2026-03-25T00:00:00+00:00"}
    texts = []
    for detail in (later, {}):
        [delivery_id] = notifying.relay(portal, happen(portal, room, "approved", detail=detail), now=NOON)
        texts.append(part(composed(portal, delivery_id)[1], "plain"))

    assert "It goes public at 25 Mar 2026, 07:00 GMT+7 (00:00 UTC)." in texts[0]
    assert "/releases/SEAP-2026-" not in texts[0].replace("/desk/releases/", "")
    assert re.search(r"http://\S+/releases/SEAP-2026-\w{5}/farmers", texts[1])


def test_the_link_in_a_mail_opens_what_it_is_for_and_nothing_else(portal: Portal) -> None:
    [(_, message)] = mails(portal, "reset_asked")

    token = re.search(r"/account/reset/(\S+)", part(message, "plain"))
    assert token is not None
    row_id, code = read_token(token[1]) or (0, "")

    key, nonce = portal.settings.mail_key, "0123456789abcdef"
    assert fits(key, "reset", row_id, nonce, code) is True
    assert fits(key, "confirm", row_id, nonce, code) is False
    assert fits(key, "reset", row_id + 1, nonce, code) is False
    with portal.database.reading() as session:
        assert session.scalars(select(SingleUseToken.id)).one() == row_id


def test_a_removed_member_reads_which_organisation_it_was(portal: Portal) -> None:
    room = newsroom(portal)
    with portal.work() as work:
        work.session.execute(update(Membership).values(removed_at=NOON))
        work.commit()
    [delivery_id] = notifying.relay(portal, happen(portal, room, "member_removed"), now=NOON)

    message = composed(portal, delivery_id)[1]
    assert "Lotus Basin Rice Growers" in part(message, "plain")
    assert message["Subject"].startswith("You no longer act for an organisation at")


@pytest.mark.parametrize("fact", ["member_removed", "member_left", "owner_changed", "passed_on"])
def test_mails_about_the_people_of_an_organisation_name_it(portal: Portal, fact: str) -> None:
    """Also to somebody who acts for another one: the row names it."""
    room = newsroom(portal)
    with portal.work() as work:
        house = work.session.get_one(Release, room.release).organisation_id
        other = builders.organisation(work, name="Blue Strait")
        gone = builders.membership(work, work.session.get_one(User, room.member), other)
        gone.removed_at = NOON
        work.commit()
    [delivery_id] = notifying.relay(portal, happen(portal, room, fact, organisation_id=house), now=NOON)

    message = composed(portal, delivery_id)[1]

    for kind in ("plain", "html"):
        assert "Lotus Basin Rice Growers" in part(message, kind)
        assert "Blue Strait" not in part(message, kind)


def test_mails_about_a_correction_say_so_and_not_that_nothing_is_public(portal: Portal) -> None:
    room = newsroom(portal, state="in_review")
    with portal.work() as work:
        work.session.execute(update(Edition).values(number=2, correction_kind="minor"))
        work.commit()

    for fact in (
        "submitted",
        "recalled",
        "handed_back",
        "examined",
        "first_yes",
        "asked_back",
        "promise_near",
    ):
        for delivery_id in notifying.relay(portal, happen(portal, room, fact), now=NOON):
            _, message = composed(portal, delivery_id)
            text = part(message, "plain")
            assert "correction of Farmers’ co-operative" in " ".join(message["Subject"].split()), fact
            assert "orrection of “Farmers’ co-operative" in text, fact
            assert "othing is published" not in text, fact


def test_words_that_go_with_giving_it_back_are_mailed(portal: Portal) -> None:
    room = newsroom(portal, state="in_review")
    with portal.work() as work:
        release = work.session.get_one(Release, room.release)
        editor = work.session.get_one(User, room.editor)
        words = builders.message(work, release, editor, "Mind the figures.", "desk").id
        work.commit()
    [delivery_id] = notifying.relay(portal, happen(portal, room, "handed_back", message_id=words), now=NOON)

    assert "> Mind the figures." in part(composed(portal, delivery_id)[1], "plain")


@pytest.mark.parametrize(("fact", "notice"), [("killed", "killed_reader"), ("reverted", "reverted_reader")])
def test_readers_who_are_told_of_a_removal_can_leave_by_that_mail(
    portal: Portal, fact: str, notice: str
) -> None:
    told = dict(mails(portal, fact))
    assert (
        told[notice]["List-Unsubscribe"] is None
    )  # whoever never asked for the daily e-mail has nothing to leave
    with portal.work() as work:
        reader = Subscriber(email="reader@elsewhere.example", nonce="0123456789abcdef", asked_at=NOON)
        work.session.add(reader)
        work.commit()
    delivery_id = waiting_delivery(portal, notice)

    _template, message = composed(portal, delivery_id)

    link = str(message["List-Unsubscribe"]).strip("<>")
    assert link.startswith(f"{portal.settings.base_url}/newsletter/unsubscribe/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in part(message, "plain")
    assert f'href="{link}"' in part(message, "html")


def waiting_delivery(portal: Portal, notice: str) -> int:
    with portal.database.reading() as session:
        found = session.scalar(
            select(Delivery.id).where(Delivery.template == notice, Delivery.state == "pending")
        )
    assert found is not None
    return found


def test_mails_of_one_release_stand_in_one_thread(portal: Portal) -> None:
    room = newsroom(portal)
    threads = set()
    for fact in ("submitted", "recalled"):
        [delivery_id] = notifying.relay(portal, happen(portal, room, fact), now=NOON)
        threads.add(composed(portal, delivery_id)[1]["References"])

    assert len(threads) == 1


def test_the_message_id_is_the_same_for_every_try_and_different_for_everybody(portal: Portal) -> None:
    room = newsroom(portal)
    made = notifying.relay(portal, happen(portal, room, "examined"), now=NOON)

    tries = [[composed(portal, each)[1]["Message-ID"] for _ in range(2)] for each in made]

    assert [len(set(each)) for each in tries] == [1, 1]
    assert tries[0] != tries[1]
    assert re.fullmatch(r"<delivery\.[0-9a-f]{40}@[\w.]+>", tries[0][0])


def test_answers_go_to_the_desk_where_it_has_an_address(portal: Portal) -> None:
    settings = replace(portal.settings, duty_email="The Desk <desk@post.example>")
    [(_, message)] = mails(replace(portal, settings=settings), "submitted")

    assert message["Reply-To"] == "desk@post.example"


def test_names_and_headlines_cannot_add_headers_or_lines(portal: Portal) -> None:
    room = newsroom(portal, headline=HOSTILE)
    with portal.work() as work:
        work.session.execute(update(User).values(name=HOSTILE))
        work.session.execute(update(Organisation).values(name=HOSTILE))
        work.commit()

    for fact in ("submitted", "examined", "registered"):
        for delivery_id in notifying.relay(portal, happen(portal, room, fact), now=NOON):
            _, message = composed(portal, delivery_id)
            assert message["Bcc"] is None
            assert message.get_all("Subject", []) == [message["Subject"]]
            assert "\nBcc:" not in part(message, "plain")


def test_what_people_write_is_quoted_in_text_and_escaped_in_html(portal: Portal) -> None:
    room = newsroom(portal)
    words = "-- \nSouth East Asia Post\nSend your password to <b>https://evil.example</b>"
    outbox_id = happen(portal, room, "message_answered", text=words)
    [delivery_id] = notifying.relay(portal, outbox_id, now=NOON)

    _, message = composed(portal, delivery_id)

    assert "> Send your password to <b>https://evil.example</b>" in part(message, "plain")
    assert "\nSend your password" not in part(message, "plain")
    assert "&lt;b&gt;https://evil.example&lt;/b&gt;" in part(message, "html")


@pytest.mark.skipif(not NAUGHTY.is_file(), reason="the corpus of naughty strings is not beside the project")
def test_naughty_strings_stay_one_header(portal: Portal) -> None:
    room = newsroom(portal)
    [delivery_id] = notifying.relay(portal, happen(portal, room, "submitted"), now=NOON)
    with portal.database.reading() as session:
        occasion = mailing.occasion(session, delivery_id)
        assert occasion is not None
        assert occasion.revision is not None
        assert occasion.recipient is not None
        for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
            occasion.revision.headline = occasion.recipient.name = text
            message = parsed(notices.compose(occasion, portal.settings, now=NOON), "person@post.example")
            assert len(message.get_all("Subject", [])) == len(message.get_all("To", [])) == 1
            assert message["To"].addresses[0].addr_spec == occasion.delivery.recipient
            assert message.defects == []
        session.expunge_all()


def test_a_headline_cannot_be_decoded_into_a_header(portal: Portal) -> None:
    [(_, message)] = mails(portal, "submitted", headline="=?utf-8?q?Hello=0D=0ABcc:_victim=40post.example?=")

    assert message["Bcc"] is None
    assert message["Subject"].endswith("= ?utf-8?q?Hello=0D=0ABcc:_victim=40post.example?=")


def test_quoting_leaves_no_line_without_its_mark() -> None:
    assert quoted("One.\r\n\r\nTwo\u2028three " + "long " * 30).splitlines()[:4] == [
        "> One.",
        ">",
        "> Two",
        "> three long long long long long long long long long long long long long",
    ]


def test_one_line_keeps_letters_of_every_script() -> None:
    assert one_line("ကလေး\tစာကြည့်တိုက်\r\n ✓") == "ကလေး စာကြည့်တိုက် ✓"


def test_the_deliveries_table_knows_no_other_outlet(portal: Portal) -> None:
    list(mails(portal, "submitted"))
    with portal.database.reading() as session:
        assert session.scalars(select(Delivery.outlet)).all() == ["mail"]


@pytest.mark.parametrize("letters", range(50, 100))
def test_no_subject_begins_with_a_space_however_long_it_is(letters: int) -> None:
    message = EmailMessage()
    message["From"] = "press@post.example"
    message["Subject"] = "Received: " + "word " * (letters // 5) + "x" * (letters % 5)
    message.set_content("Subject:\n kept")

    found = parsed(message, "dewi@selat.example")

    assert str(found["Subject"]).startswith("Received: word")
    assert found.get_content().splitlines() == ["Subject:", " kept"]


@pytest.mark.parametrize("outcome", ["", "request_changes", "reject", "approve", "approve, undone"])
@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("invited", "Lotus Basin Rice Growers"),
        ("member_removed", "Lotus Basin Rice Growers"),
        ("message_sent", "A night sailing"),
        ("message_answered", "A night sailing"),
    ],
)
def test_no_word_of_an_organisation_stands_in_a_subject_before_something_of_it_was_approved(
    portal: Portal, outcome: str, fact: str, words: str
) -> None:
    room = newsroom(portal, state="rejected" if outcome else "submitted", headline="A night sailing")
    with portal.work() as work:
        house = work.session.get_one(Release, room.release).organisation_id
        undone_at = NOON if "undone" in outcome else None
        decided = {"outcome": outcome.partition(",")[0], "undone_at": undone_at}
        work.session.execute(update(Decision).values(**decided))
        if fact == "member_removed":
            work.session.execute(update(Membership).values(removed_at=NOON))
        work.commit()
    outbox_id = happen(portal, room, fact)
    with portal.work() as work:
        invited = {"organisation_id": house, "invited_by_id": room.member}
        work.session.execute(update(SingleUseToken).values(**invited))
        work.commit()

    made = notifying.relay(portal, outbox_id, now=NOON)
    subjects = [composed(portal, each)[1]["Subject"] for each in made]

    assert subjects
    assert [words in each for each in subjects] == [outcome == "approve"] * len(subjects)


def test_an_operators_own_invitation_names_the_organisation(portal: Portal) -> None:
    room = newsroom(portal)
    outbox_id = happen(portal, room, "invited")
    with portal.work() as work:
        house = work.session.get_one(Release, room.release).organisation_id
        work.session.execute(update(SingleUseToken).values(organisation_id=house))
        work.commit()

    [delivery_id] = notifying.relay(portal, outbox_id, now=NOON)

    assert composed(portal, delivery_id)[1]["Subject"] == "Invitation to Lotus Basin Rice Growers"


def test_one_mail_lists_every_try_that_waits_with_its_own_link(portal: Portal) -> None:
    people = People(portal.database, portal.settings)
    people.registered("waits@selat.example")
    people.registered("waits@selat.example", organisation="Strait Shipping", now=NOW + timedelta(hours=1))
    registering.send_again(portal, email="waits@selat.example", visit=HOME, now=NOW)
    with portal.database.reading() as session:
        outbox_id = session.scalars(select(Outbox.id).order_by(Outbox.id.desc()).limit(1)).one()

    [delivery_id] = notifying.relay(portal, outbox_id, now=NOW)

    template, message = composed(portal, delivery_id)
    text = part(message, "plain")
    assert template == "confirm_again"
    assert len(set(re.findall(r"/account/confirm/\S+", text))) == 2
    assert "Selat Biru Ferries, asked for on 24 Mar 2026, 11:20 GMT+8 (03:20 UTC):" in text
    assert "Strait Shipping, asked for on 24 Mar 2026, 12:20 GMT+8 (04:20 UTC):" in text
    assert "Strait" not in message["Subject"]
