"""What this browser has said of itself on the way in: an address, and what it came for.

Both stand in its own cookie until a login, so that nobody types an address twice, and each page says to which one we
mailed. Nothing is told by it: every answer is the same whatever the address.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from flask import session

from portal.actions.accounts.registering import LONGEST_PATH
from portal.web.access import now
from portal.web.accounts.visiting import same_site_path

KEY = "way_in"
LONGEST_ADDRESS = 254
AGAIN_AFTER = timedelta(minutes=1)
FORGOTTEN_AFTER = timedelta(hours=24)  # as long as a confirming link is good


@dataclass(frozen=True)
class WayIn:
    """`email`: what was typed last. `wanted`: a path of this site. `mailed_to`: where a mail was asked for, and `mailed_at`
    when, in seconds since 1970. What is not known is empty or nought."""

    email: str = ""
    wanted: str = ""
    mailed_to: str = ""
    mailed_at: int = 0
    typed_at: int = 0

    @property
    def is_fresh(self) -> bool:
        """Was the mail asked for within the last minute? It may still be on its way."""
        return _now() - self.mailed_at < AGAIN_AFTER.total_seconds()


def way_in() -> WayIn:
    """What is known; nothing where nobody has said anything, or long ago."""
    found: Any = session.get(KEY)
    if not isinstance(found, dict) or _now() - found.get("typed_at", 0) > FORGOTTEN_AFTER.total_seconds():
        return WayIn()
    return WayIn(**found)


def remember(email: str, wanted: str | None = None, *, mailed: bool = False) -> None:
    """`wanted` of None leaves what this browser came for as it was; `mailed`: a mail was asked for."""
    address = email.strip()[:LONGEST_ADDRESS]
    known = replace(way_in(), email=address, typed_at=_now())
    if wanted is not None:
        known = replace(known, wanted=wanted if len(wanted) <= LONGEST_PATH else "")
    if mailed:
        known = replace(known, mailed_to=address, mailed_at=_now())
    session[KEY] = asdict(known)


def login_after(what: str) -> str:
    """The address of the login that follows a step; what this browser came for goes along."""
    wanted = same_site_path(way_in().wanted)
    return f"/account/login?after={what}" + (f"&next={quote(wanted, safe='/')}" if wanted else "")


def _now() -> int:
    return int(now().timestamp())
