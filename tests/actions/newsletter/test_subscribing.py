"""Joining, changing and leaving: what a stranger asks for changes nothing, what the mailbox's owner taps does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes

import pytest
from sqlalchemy import func, select

from portal.actions.accounts.sessions import Visit
from portal.actions.mailing import suppressing
from portal.actions.newsletter import subscribing
from portal.actions.newsletter.subscribing import Wishes
from portal.actions.portal import Portal
from portal.rules import mailboxes
from portal.rules.login_limits import LIMITS, NEWSLETTER
from portal.rules.refusals import Conflict, Invalid, NotFound, Throttled
from portal.storage.tables import Outbox
from tests import builders
from tests.builders import NOON
from tests.rigs.readers import READER, Readers, text_of

DAY = timedelta(days=1)


@pytest.fixture
def readers(database, settings):
    return Readers(Portal(database, settings))


def fields_of(refusal):
    return {issue.field for issue in refusal.value.issues}


def test_asking_puts_nobody_on_the_list(readers):
    readers.ask(kinds=["sports"], places=["cambodia"])

    assert readers.reader().state == "asked"
    assert readers.choice() == ((), ())


def test_the_mail_announces_the_one_tap_and_the_tap_confirms_what_was_chosen(readers):
    readers.ask("Reader@Home.example", kinds=["sports", "event", "sports"], places=["cambodia"])
    [mail] = readers.mails()

    assert mail["To"] == READER
    assert mail["Subject"].startswith("One more tap")
    assert "sport and events from Cambodia" in text_of(mail)
    assert "You are not on the list yet." in text_of(mail)

    token = text_of(mail).partition("/confirm/")[2].split()[0]
    assert subscribing.confirm(readers.portal, token, now=NOON + DAY)

    reader = readers.reader()
    assert (reader.state, reader.confirmed_at, reader.asked_for) == ("confirmed", NOON + DAY, {})
    assert readers.choice() == (("sports", "event"), ("cambodia",))


def test_confirming_twice_is_no_fault_and_changes_nothing_more(readers):
    readers.ask()
    token = readers.links()["confirm"]
    subscribing.confirm(readers.portal, token, now=NOON)

    assert subscribing.confirm(readers.portal, token, now=NOON + 30 * DAY)
    assert (readers.reader().confirmed_at, readers.reader().version) == (NOON, 2)


def test_an_expired_link_confirms_nobody_and_a_fresh_one_does(readers):
    readers.ask(kinds=["event"])
    old = readers.links()["confirm"]
    later = NOON + 7 * DAY

    assert not subscribing.confirm(readers.portal, old, now=later)
    assert readers.reader().state == "asked"

    subscribing.ask_again(readers.portal, old, visit=Visit(), now=later)
    fresh = readers.links(now=later)["confirm"]
    with pytest.raises(NotFound):
        subscribing.confirm(readers.portal, old, now=later)
    assert subscribing.confirm(readers.portal, fresh, now=later)
    assert readers.choice() == (("event",), ())


def test_a_stranger_who_asks_again_does_not_spoil_the_link_in_the_mailbox(readers):
    readers.ask()
    token = readers.links()["confirm"]

    readers.ask(kinds=["sports"], visit=Visit("", "elsewhere"), now=NOON + DAY)

    assert subscribing.confirm(readers.portal, token, now=NOON + DAY)


def test_asking_again_leaves_a_reader_as_they_are(readers):
    readers.confirmed(kinds=["sports"], places=["cambodia"])

    readers.ask(kinds=["event"], places=["laos"])
    [mail] = readers.mails()

    assert readers.reader().state == "confirmed"
    assert readers.choice() == (("sports",), ("cambodia",))
    assert "You are a reader already, and nothing has changed" in text_of(mail)
    assert "/newsletter/preferences/" in text_of(mail)
    assert "/newsletter/confirm/" not in text_of(mail)


def test_what_was_asked_counts_when_the_reader_taps_for_it(readers):
    readers.confirmed(kinds=["sports"])
    readers.ask(kinds=["event"], places=["laos"])

    subscribing.take_what_was_asked(readers.portal, readers.links()["preferences"])

    assert readers.choice() == (("event",), ("laos",))
    assert readers.reader().asked_for == {}


def test_leaving_is_at_once_and_twice_is_no_fault(readers):
    readers.confirmed()
    readers.ask_for_link()
    token = readers.links()["unsubscribe"]

    subscribing.leave(readers.portal, token, now=NOON + DAY)
    subscribing.leave(readers.portal, token, now=NOON + 2 * DAY)

    assert (readers.reader().state, readers.reader().left_at) == ("left", NOON + DAY)


def test_no_old_link_puts_back_who_has_left(readers):
    readers.ask(kinds=["sports"])
    confirming = readers.links()["confirm"]
    subscribing.confirm(readers.portal, confirming, now=NOON)
    readers.ask_for_link()
    leaving = readers.links()["unsubscribe"]
    subscribing.leave(readers.portal, leaving, now=NOON + timedelta(hours=1))

    with pytest.raises(NotFound):
        subscribing.confirm(readers.portal, confirming, now=NOON + DAY)
    readers.ask(now=NOON + DAY)  # by anybody
    with pytest.raises(NotFound):
        subscribing.confirm(readers.portal, confirming, now=NOON + DAY)

    assert subscribing.confirm(readers.portal, readers.links(now=NOON + DAY)["confirm"], now=NOON + DAY)
    assert readers.reader().left_at is None
    subscribing.leave(readers.portal, leaving, now=NOON + 2 * DAY)
    assert readers.reader().state == "left"


def test_a_link_works_for_its_own_purpose_and_reader_only(readers):
    readers.confirmed("one@home.example")
    readers.confirmed("two@home.example")
    readers.ask_for_link("one@home.example")
    links = readers.links()
    number, _, code = links["unsubscribe"].partition("-")

    for wrong in (
        links["preferences"], f"{int(number) + 1}-{code}", f"{number}-{code[:-1]}x", "1-x", "x" * 5000, f"{10**18}-{code}",
    ):  # fmt: skip
        with pytest.raises(NotFound):
            subscribing.leave(readers.portal, wrong, now=NOON)
    assert {readers.reader(f"{name}@home.example").state for name in ("one", "two")} == {"confirmed"}


def test_preferences_are_kept_as_chosen(readers):
    readers.confirmed(kinds=["sports"], places=["cambodia", "laos"])
    readers.ask_for_link()
    token = readers.links()["preferences"]

    wishes = Wishes(("sports", "business"), ("laos",), corrections_only=True, pause_until="2026-04-14")
    subscribing.prefer(readers.portal, token, wishes, now=NOON)

    reader, zone = readers.reader(), readers.portal.settings.zone
    assert readers.choice() == (("sports", "business"), ("laos",))
    assert reader.corrections_only
    assert reader.paused_until.astimezone(zone).date() == date(2026, 4, 14)
    assert reader.paused_until.astimezone(zone).hour == 0
    subscribing.prefer(readers.portal, token, Wishes(), now=NOON)
    assert (readers.choice(), readers.reader().paused_until) == (((), ()), None)


@pytest.mark.parametrize("until", ["soon", "2026-03-24", "2026-03-23", "2027-12-24", "2026-02-30"])
def test_a_pause_that_makes_no_sense_is_refused_and_changes_nothing(readers, until):
    readers.confirmed(kinds=["sports"])
    readers.ask_for_link()

    with pytest.raises(Invalid) as refusal:
        subscribing.prefer(
            readers.portal, readers.links()["preferences"], Wishes(pause_until=until), now=NOON
        )

    assert fields_of(refusal) == {"pause_until"}
    assert readers.choice() == (("sports",), ())


def test_who_is_not_on_the_list_has_no_preferences(readers):
    readers.confirmed()
    readers.ask_for_link()
    links = readers.links()
    subscribing.leave(readers.portal, links["unsubscribe"], now=NOON)

    with pytest.raises(Conflict):
        subscribing.prefer(readers.portal, links["preferences"], Wishes(("event",)), now=NOON)
    assert readers.reader().state == "left"


def test_a_bad_address_an_unknown_kind_and_place_are_told_together(readers):
    with pytest.raises(Invalid) as refusal:
        readers.ask("nobody", kinds=["gossip"], places=["atlantis"])

    assert fields_of(refusal) == {"email", "kinds", "places"}
    assert readers.find("nobody") is None


def test_a_place_that_nobody_may_know_of_is_refused_like_one_that_never_was(readers):
    with readers.portal.work() as work:
        builders.scheduled_release(work, live_from=NOON + DAY, city="Pailin", country="KH")
        builders.published_release(work, city="Kampot", country="KH", at=NOON - DAY)
        work.commit()

    for hidden in ("cambodia-pailin", "cambodia-nowhere"):
        with pytest.raises(Invalid):
            readers.ask(places=[hidden])
    readers.ask(places=["cambodia-kampot", "brazil"])
    assert "from Kampot, Cambodia or Brazil" in text_of(readers.mails()[-1])


def test_a_suppressed_address_is_answered_alike_and_mailed_nothing(readers):
    with readers.portal.work() as work:
        suppressing.suppress(work, READER, reason="refused", detail="550 no", now=NOON)
        work.commit()

    readers.ask()
    readers.ask_for_link()

    assert (readers.mails(), readers.find()) == ([], None)


def test_unknown_addresses_are_answered_alike_and_mailed_nothing(readers):
    readers.ask_for_link("nobody@home.example")

    assert (readers.mails(), readers.find("nobody@home.example")) == ([], None)


def test_who_asked_and_did_not_confirm_is_mailed_the_confirming_link_again(readers):
    readers.ask()
    first = readers.links()["confirm"]

    readers.ask_for_link()

    assert readers.links()["confirm"] == first


def test_asking_is_throttled_for_one_address_and_from_one_place(readers):
    for _ in range(LIMITS[NEWSLETTER].account.most):
        readers.ask()
    with pytest.raises(Throttled):
        readers.ask()
    with pytest.raises(Throttled):
        readers.ask_for_link()

    for number in range(LIMITS[NEWSLETTER].address.most - LIMITS[NEWSLETTER].account.most):
        readers.ask(f"reader{number}@home.example")
    with pytest.raises(Throttled):
        readers.ask("other@home.example")
    readers.ask("other@home.example", visit=Visit("", "elsewhere"))


def test_strangers_cannot_fill_a_mailbox_and_are_told(readers):
    most = mailboxes.most_for(at_home=False).day
    for hour in range(most):
        readers.ask(now=NOON + timedelta(hours=hour))

    with pytest.raises(Throttled, match="asked for many times"):
        readers.ask(now=NOON + timedelta(hours=most))
    with readers.portal.database.reading() as session:
        mailed = session.scalar(select(func.count()).where(Outbox.subscriber_id.is_not(None)))
    assert mailed == most


@pytest.mark.parametrize(
    "hostile",
    ["a@b.example\r\nBcc: v@x.example", "a\u2028@b.example", "“a”@b.example, v@x.example", "a@b.example\x00"],
)
def test_an_address_that_would_make_a_header_of_its_own_is_refused(readers, hostile):
    with pytest.raises(Invalid):
        readers.ask(hostile)


def test_headers_stay_one_each_for_odd_addresses_and_site_names(readers):
    settings = replace(readers.portal.settings, site_name="Post\r\nBcc: v@x.example")
    odd = Readers(replace(readers.portal, settings=settings))
    odd.ask("o'dd+name@home.example")

    [mail] = odd.mails()
    wire = message_from_bytes(mail.as_bytes())

    assert {name: len(wire.get_all(name)) for name in ("From", "To", "Subject", "Message-ID")} == {
        "From": 1, "To": 1, "Subject": 1, "Message-ID": 1
    }  # fmt: skip
    assert (wire["Bcc"], wire["To"]) == (None, "o'dd+name@home.example")
