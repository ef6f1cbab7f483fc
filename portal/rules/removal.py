"""Why a public release was removed, in words for its readers, and what may be said over one that stays.

The words are fixed for each class of reasons, so that a notice names the cause and never repeats the claim.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from types import MappingProxyType

KILL_REQUEST_STANDS = timedelta(hours=24)
LONGEST_PUBLIC_TEXT = 1_000

_UNTRUE = "What it said was wrong, or could not be confirmed."
_NOT_THEIRS = "The organisation named as its sender had not authorised it."
_RIGHTS = "It used words or pictures without the right to use them."
_PEOPLE = "It named or showed people who had not agreed to that."
_HARM = "It could harm somebody, or break the law, if it stayed."
_EARLY = "It was public before the time for which it was meant."
_TWICE = "It was not news: it had run before, or was out of date."
_OTHER = "It should not have run."

_CAUSES = {
    "FACTS": _UNTRUE,
    "NO_SOURCE": _UNTRUE,
    "IDENTITY": _NOT_THEIRS,
    "MEDIA": _RIGHTS,
    "PRIVACY": _PEOPLE,
    "CONSENT_WITHDRAWN": _PEOPLE,
    "THIRD_PARTY": _PEOPLE,
    "DEFAMATORY": _HARM,
    "PROHIBITED": _HARM,
    "LEGAL_REF": _HARM,
    "FINANCIAL": _HARM,
    "POLITICAL": _HARM,
    "EMBARGO": _EARLY,
    "DUPLICATE": _TWICE,
    "STALE": _TWICE,
}
KILL_REASONS = tuple(_CAUSES)
"""What the form offers, the commonest first; any other code of the one list is taken too."""


def causes(codes: Iterable[str]) -> tuple[str, ...]:
    """The public sentences for these reason codes, each once; there is always one."""
    found = dict.fromkeys(_CAUSES.get(code, _OTHER) for code in codes)
    named = tuple(sentence for sentence in found if sentence != _OTHER)
    return named or (_OTHER,)


def cause_of(code: str) -> str:
    return _CAUSES.get(code, _OTHER)


NO_NOTICE = "none"
NOTICE_WORDS: Mapping[str, str] = MappingProxyType(
    {"cancelled": "Cancelled", "postponed": "Postponed", "outdated": "Out of date"}
)
_NOTICE_TEXTS = {
    "cancelled": "What this release announces will not take place.",
    "postponed": "What this release announces will take place later.",
    "outdated": "What this release says no longer holds.",
}


def notice_text(kind: str, written: str) -> str:
    """The editor's words, or the fixed sentence where there are none."""
    return written.strip() or _NOTICE_TEXTS[kind]
