"""Opaque cursors for keyset pages: where the last row of a page stood."""

import base64
import binascii
import json
from datetime import UTC, datetime


def cursor(at: datetime, row_id: int) -> str:
    """A cursor for the row (at, id)."""
    text = json.dumps([at.astimezone(UTC).isoformat(), row_id], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str | None) -> tuple[datetime, int] | None:
    """The position that a cursor names; None for no cursor and for one that was never ours."""
    if not text or len(text) > 200:
        return None
    try:
        at, row_id = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        position = datetime.fromisoformat(at), int(row_id)
    except (ValueError, TypeError, binascii.Error):
        return None
    if position[0].tzinfo is None or not 0 <= position[1] < 2**63:
        return None
    return position
