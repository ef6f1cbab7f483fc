"""What the mails after publication say of a removal, a notice or an end date; a killed release is never named by its headline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.outlets.mail import mail_words
from portal.outlets.removed_release import REQUEST, address_of
from portal.rules.removal import NOTICE_WORDS, causes
from portal.storage.queries.mailing import Occasion
from portal.storage.tables import Release


def words(occasion: Occasion, detail: Mapping[str, Any], home: str) -> dict[str, Any]:
    """For every mail about a release; what does not apply is empty."""
    release = occasion.release
    if release is None:
        return {}
    return {
        "notice_page": home + address_of(release.reference),
        "causes": causes(detail.get("codes", release.removal_reasons)),
        "public_text": _public_text(release),
        "request_to_readers": REQUEST,
        "readers_told": bool(detail.get("mail_readers")),
        "falls_at": mail_words.instant(detail.get("falls_at")),
        "removed_at": release.removed_at,
        "went_public": release.live_from,
        "notice": NOTICE_WORDS.get(str(detail.get("notice", "")), ""),
        "notice_text": str(detail.get("notice_text", "")),
        "expires_at": mail_words.instant(detail.get("expires_at")),
        "asked_by": mail_words.one_line(str(detail.get("asked_by", ""))),
    }


def _public_text(release: Release) -> str:
    return mail_words.one_line(release.removal_text)
