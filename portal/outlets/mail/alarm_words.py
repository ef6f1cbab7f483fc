"""What the mails about a late or silent clock, and about refused jobs, say."""

from __future__ import annotations

from typing import Any

from portal.outlets.mail import mail_words
from portal.storage.queries.mailing import Occasion


def words(occasion: Occasion) -> dict[str, Any]:
    """For these mails alone; nothing for every other."""
    alarm = occasion.alarm
    if alarm is None:
        return {}
    late = occasion.outbox.created_at - alarm.first if alarm.first else None
    return {
        "last_tick": alarm.last_tick,
        "waiting": _counted(alarm.waiting, "release is", "releases are") if alarm.waiting else "",
        "recorded": _counted(alarm.recorded, "release was", "releases were"),
        "first_due": alarm.first,
        "by": _counted(int(late.total_seconds() // 60), "minute", "minutes") if late else "",
        "refused": _counted(alarm.refused, "job was", "jobs were"),
        "reasons": alarm.reasons,
        "to_call": [(mail_words.one_line(each.name), each.email) for each in alarm.administrators],
    }


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
