"""What a public answer says of itself, so that it may be kept. Whoever says nothing is never kept."""

from __future__ import annotations

from dataclasses import dataclass

KEEP = "portal.keep"
"""Name in the WSGI environment under which the application leaves its `Keep`."""
MARK = "portal.mark"
"""Name in the WSGI environment under which the application finds the mark that was read before it was asked."""
A_MINUTE = 60.0
AN_HOUR = 3600.0


@dataclass(frozen=True)
class Keep:
    """`seconds`: how long at the most, beside what `public_changes` and the next due instant allow.

    `by_program_alone`: nothing in the database changes it, such as a file of the program.
    """

    seconds: float = A_MINUTE
    by_program_alone: bool = False
