"""How much is taken from a socket, and for how long it is waited for."""

from __future__ import annotations

from dataclasses import dataclass

from portal.web.protection import LARGEST_REQUEST

LARGEST_BODY = LARGEST_REQUEST + 64 * 1024
"""Bytes. Just above what the application takes, so that a form a little too large still gets its page."""
IN_MEMORY = 64 * 1024
"""Bytes of one body; the rest of it waits in a file. Two thousand sockets then hold 130 MB at the most."""
LARGEST_HEAD = 64 * 1024
"""Bytes of a request line with its headers."""
MOST_WAITING = 16
"""Requests that one socket may send before it has read its answers."""


@dataclass(frozen=True)
class Limits:
    """Seconds and counts. The defaults are what the portal runs with."""

    connections: int = 2000
    patience: float = 30.0
    """In which a request has to come whole, and the longest silence within one."""
    slowest: int = 8 * 1024
    """Bytes a second: every so many that have come give a body one more second. A phone at the edge of its network is
    faster; somebody who drips a byte at a time is not."""
    idle: float = 60.0
    """Between two requests of one socket."""
    unread: float = 60.0
    """For which an answer waits in front of a reader who takes none of it."""
    heard_out: float = 10.0
    """For which what follows a refusal is read and thrown away."""
    finishing: float = 30.0
    """For what is being answered when the process is told to stop."""
