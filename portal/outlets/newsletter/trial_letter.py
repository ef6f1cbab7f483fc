"""A letter that is only looked at: the whole issue to one address, recorded nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from portal.outlets.mail.bulk_mail import Letter, ServerAway, line_from
from portal.outlets.newsletter.daily_email import DailyEmail, Reader
from portal.outlets.public_release import PublicRelease
from portal.rules import digest as rules
from portal.rules.digest import Picked, Wants
from portal.rules.mailing.mail_outcomes import SENT
from portal.rules.reader_choice import Choice
from portal.rules.release_states import LIVE
from portal.storage.tables import DigestIssue

NOBODY_GONE: Mapping[int, str] = MappingProxyType({})


def everything(
    issue: DigestIssue, public: Mapping[int, PublicRelease], gone: Mapping[int, str] = NOBODY_GONE
) -> Picked:
    """What somebody finds who chose everything and was sent everything before; `gone`: where those stand that are not public."""
    contents = rules.in_order(issue.contents, issue.chosen_order)
    off = {number for number, release in public.items() if release.banner}
    entries = [each for each in rules.entries_of(contents, off) if each.release_id in public]
    kept = rules.afterwords_of(issue.afterwards)
    names = {**dict.fromkeys(public, LIVE), **gone}
    afterwords = rules.that_hold(kept, names)
    return rules.pick(entries, afterwords, Wants(Choice()), {each.release_id for each in afterwords})


def written(email: DailyEmail, issue: DigestIssue, address: str, name: str, now: datetime) -> bytes:
    """The letter without a signature. Its links to leave or change belong to nobody and say so.

    Two of one `name` are the same letter to a mail program.
    """
    return email.unsigned(
        _nobody(address, name), everything(issue, email.material.releases, email.material.gone), now
    )


def send_test(email: DailyEmail, issue: DigestIssue, address: str, now: datetime) -> bool:
    """Straight to the mail server; True where it was taken."""
    reader = _nobody(address, f"test {now.isoformat()}")
    content = email.message(reader, everything(issue, email.material.releases, email.material.gone), now)
    line = line_from(email.settings)
    try:
        letter = Letter(0, email.envelope_from(reader), address, content)
        return all(answer.outcome == SENT for answer in line.hand_over([letter], lambda: True))
    except ServerAway:
        return False
    finally:
        line.close()


def _nobody(address: str, name: str) -> Reader:
    return Reader(rules.NOBODY, address, "test", Choice(), 0, name)
