"""Names of machines in every script: IDNA 2008 with the mapping of UTS 46, as browsers and mail servers read them.

Nothing is taken over from IDNA 2003: `faß.example` is not `fass.example`, and joiners stay where their script needs
them (RFC 5892, appendix A). ASCII names stay as they were typed.
"""

from __future__ import annotations

import idna

LONGEST_HOST = 253
LONGEST_LABEL = 63
DOTS = ".。．｡"
"""What UTS 46 takes for a dot between the parts of a name."""


def ascii_host(host: str) -> str:
    """The name as the network knows it; "" where it has none. A port or brackets are no part of it."""
    if not host or len(host) > LONGEST_HOST:
        return ""
    if host.isascii():
        return host
    try:
        found = idna.encode(host, uts46=True, transitional=False).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""
    return found if len(found) <= LONGEST_HOST else ""
