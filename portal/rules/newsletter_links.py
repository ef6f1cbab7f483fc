"""The mailed links of the daily e-mail: what each is bound to, and how long the confirming one is good.

A link to leave or to change lives as long as its reader's row. One that confirms is bound to its asking, so that a
link from before somebody left, or from an asking that expired, never puts anybody on the list.
"""

from datetime import UTC, datetime, timedelta

from portal.rules.tokens import hash_of, token_for

CONFIRM = "newsletter-confirm"
UNSUBSCRIBE = "newsletter-unsubscribe"
PREFERENCES = "newsletter-preferences"

GOOD_FOR = timedelta(days=7)
"""How long a confirming link works."""


def good_until(asked_at: datetime) -> datetime:
    """Until when the confirming link of an asking works."""
    return asked_at + GOOD_FOR


def is_expired(asked_at: datetime, now: datetime) -> bool:
    return now >= good_until(asked_at)


def begins_anew(asked_at: datetime, now: datetime) -> bool:
    """Does asking once more make a new link? While most of its time is left the first one stays, so that strangers
    who ask for an address cannot spoil the link that lies in its mailbox."""
    return now >= asked_at + GOOD_FOR / 2


def asking(nonce: str, asked_at: datetime) -> str:
    """What a confirming link is bound to."""
    return f"{nonce} {asked_at.astimezone(UTC).isoformat()}"


def confirm_path(key: str, reader_id: int, nonce: str, asked_at: datetime) -> str:
    return f"/newsletter/confirm/{token_for(key, CONFIRM, reader_id, asking(nonce, asked_at))}"


def unsubscribe_path(key: str, reader_id: int, nonce: str) -> str:
    """A page with one button; by POST with `List-Unsubscribe=One-Click` it unsubscribes at once."""
    return f"/newsletter/unsubscribe/{token_for(key, UNSUBSCRIBE, reader_id, nonce)}"


def unsubscribe_hash(key: str, reader_id: int, nonce: str) -> str:
    """What is kept of an erased reader's link: enough to know it again, too little to make it."""
    return hash_of(token_for(key, UNSUBSCRIBE, reader_id, nonce))


def preferences_path(key: str, reader_id: int, nonce: str) -> str:
    return f"/newsletter/preferences/{token_for(key, PREFERENCES, reader_id, nonce)}"
