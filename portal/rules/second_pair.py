"""When one editor is not enough: which recorded act each risk flag asks for in place of a second editor.

A newsroom of one is never stuck, because a recorded act always suffices. Without it an approval is a first yes.
"""

from collections.abc import Collection

IDENTITY, CONSENT, CHECK = "identity", "consent", "check"
FIRST_RELEASE = "first_release"

ASKS = {
    FIRST_RELEASE: IDENTITY,
    "minors": CONSENT,
    "third_party": CONSENT,
    "legal": CHECK,
    "listed": CHECK,
    "health": CHECK,
    "political": CHECK,
    "financial": CHECK,
}


def asked_by(flags: Collection[str]) -> tuple[str, ...]:
    """The recorded acts that these flags ask for, each once, in a fixed order."""
    asked = {ASKS[flag] for flag in flags if flag in ASKS}
    return tuple(act for act in (IDENTITY, CONSENT, CHECK) if act in asked)


def missing(flags: Collection[str], made: Collection[str]) -> tuple[str, ...]:
    """What still has to be recorded before one editor is enough; empty where one is."""
    return tuple(act for act in asked_by(flags) if act not in made)


def standing(
    stood: Collection[str],
    before: Collection[str],
    found: Collection[str],
    *,
    set_by_editors: Collection[str] = (),
    sent_anew: bool = False,
) -> frozenset[str]:
    """The flags that stand on a changed text.

    `stood` and `before`: what stood on the text before it, and what the checks had found there; `found`: what they
    find now. What an editor set or took off stays so; the checks add only what is new in the text. Only a text that
    its sender sent anew loses a flag by itself: one that the checks alone had raised and find no more.
    """
    gone = frozenset(before) - frozenset(found) - frozenset(set_by_editors) if sent_anew else frozenset()
    return (frozenset(stood) - gone) | (frozenset(found) - frozenset(before))


def flags_asking(act: str, flags: Collection[str]) -> tuple[str, ...]:
    """The flags among these that ask for one act, in the order in which they are listed."""
    return tuple(flag for flag in ASKS if flag in flags and ASKS[flag] == act)
