"""One press of a button, so that its second coming makes no second effect.

A form is drawn with a key of its own. The same key and the same words again are the same press: a double press, or a
reload of what was sent. The same words through another form that stood open already when they were first sent come
from a second tab. Words that were changed, or a form that was opened afterwards, are a press of their own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

SECOND_TAB_FOR = timedelta(hours=1)
"""How long the same words through a form that was open before count as the same press."""
KEPT_FOR = timedelta(days=7)
LONGEST_KEY = 64


@dataclass(frozen=True)
class Press:
    """Who pressed is in `words` and `mark`: hashes of what came, with its address, without and with the form's key.

    `version`: what the form says the release was; None for a form that moves none. `drawn` and `pressed`: when the
    form was drawn and sent, in seconds of real time; `drawn` is None where the form does not say.
    """

    user_id: int
    words: str
    mark: str
    version: int | None
    drawn: float | None
    pressed: float
    now: datetime

    def is_second_tab_of(self, pressed: float) -> bool:
        """Did this form stand open when the same words were sent at `pressed`?"""
        if self.drawn is None:
            return False
        return self.drawn < pressed and self.pressed - pressed < SECOND_TAB_FOR.total_seconds()


def fresh_key(seconds: float) -> str:
    """The key of a form that is drawn now."""
    return f"{int(seconds * 1_000_000):x}.{token_urlsafe(12)}"


def drawn_at(key: str) -> float | None:
    """When the form with this key was drawn, in seconds of real time; None where the key does not say."""
    head, dot, _ = key.partition(".")
    try:
        return int(head, 16) / 1_000_000 if dot and len(head) < 20 else None
    except ValueError:
        return None


def hashed(*parts: str) -> str:
    """One hash of several texts, which no two different lists of texts share."""
    return sha256("".join(f"{len(part)}:{part}" for part in parts).encode("utf-8", "replace")).hexdigest()
