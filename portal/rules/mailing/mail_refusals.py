"""What a mail server's no to one letter means: for the address, for this once, or for us."""

import re

ADDRESS, PASSING, OURS = "address", "passing", "ours"
RECIPIENT, CONTENT, SENDER = "recipient", "content", "sender"
"""At which step it was said: to RCPT, after the text, to MAIL."""

_ENHANCED = re.compile(r"^[45]\.(\d{1,3})\.(\d{1,3})")
_ABOUT_SPACE = ("2", "2")
_ABOUT_POLICY = "7"


def meaning(step: str, code: int, said: str) -> str:
    """ADDRESS: no such mailbox, never try again. PASSING: it may pass. OURS: the fault is not the reader's.

    A no for good to the text or to the sender is about us: suppressing readers for it could empty the whole list
    in one morning. A full mailbox (5.2.2) is emptied one day.
    """
    if code < 500:
        return PASSING
    if step != RECIPIENT:
        return OURS
    found = _ENHANCED.match(said)
    if found and (found[1] == _ABOUT_POLICY or (found[1], found[2]) == _ABOUT_SPACE):
        return PASSING if found[1] == _ABOUT_SPACE[0] else OURS
    return ADDRESS
