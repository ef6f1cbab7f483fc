"""Mail addresses as links: percent-encoded, with the name of the machine as the network knows it."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from portal.text.hosts import ascii_host

LONGEST_LOCAL_PART = 64  # RFC 5321, section 4.5.3.1.1
_LOCAL_PART = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+", re.ASCII)
_HOST = re.compile(r"[\w.-]+", re.ASCII)
# RFC 6068, section 2: the rest of what an address may hold has a meaning in the link, and is encoded.
_PLAIN_IN_A_LINK = "!$'*+-._~"
_LEFT_ALONE = "!#$%&()*+,-./:;=?@[]_~'"


def mailto(address: str) -> str:
    """The link to write to an address, or "" where it is none that can be linked: letters beyond ASCII before the
    `@`, more than 64 characters there, or a name that no machine has."""
    local, at, host = address.strip().rpartition("@")
    host = ascii_host(host)
    fits = at and len(local) <= LONGEST_LOCAL_PART and _LOCAL_PART.fullmatch(local) and _HOST.fullmatch(host)
    return f"mailto:{quote(local, safe=_PLAIN_IN_A_LINK)}@{host}" if fits else ""


def mailto_again(rest: str) -> str:
    """The same for what follows `mailto:` in a link that somebody wrote: its address may be encoded already, and begin
    with two slashes, as web addresses do."""
    address, mark, more = rest.removeprefix("//").partition("?")
    link = mailto(unquote(address))
    return f"{link}{mark}{quote(more, safe=_LEFT_ALONE)}" if link else ""
