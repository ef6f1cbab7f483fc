"""When a mail may still leave: each notice of rules/facts.py names one of these, and no other place decides it.

A mail is asked twice: when a hold ends, and in the moment of its sending. What merely happened stays true; what says
how something stands goes only while it stands so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal.rules.release_states import AWAITING_SECOND, LIVE, WAITING_STATES


@dataclass(frozen=True)
class Standing:
    """How everything stands now that a mail may speak of; empty where it speaks of nothing of the kind.

    `state` is the edition's, `became` the one that the fact led to. `said_from` is from when the mail says that the
    release is public, `live_from` from when it is. `reader` is the state of a reader of the daily e-mail.
    """

    state: str = ""
    became: str = ""
    undone: bool = False
    publication: str = ""
    live_from: datetime | None = None
    said_from: datetime | None = None
    link_used: bool = False
    link_expired: bool = False
    reader: str = ""


HoldsWhile = Callable[[Standing], str]
"""Empty while the mail holds; else why it does not, for the operator."""


def happened(_standing: Standing) -> str:
    """It says what happened, and that does not change."""
    return ""


def waiting(standing: Standing) -> str:
    """It says that nobody has decided yet."""
    return "" if standing.state in WAITING_STATES else "it is no longer waiting for a decision"


def awaiting_second(standing: Standing) -> str:
    """It asks for the second editor's answer."""
    return "" if standing.state == AWAITING_SECOND else "it is no longer waiting for a decision"


def decided(standing: Standing) -> str:
    """It tells of a decision that stands."""
    if standing.state != standing.became:
        return "the decision no longer stands"
    return "the decision was taken back" if standing.undone else ""


def approved(standing: Standing) -> str:
    """It tells of a yes, and from when the release is public."""
    moved = standing.said_from not in (None, standing.live_from)
    return decided(standing) or public(standing) or ("its time was moved" if moved else "")


def public(standing: Standing) -> str:
    """It says that the release is public, or will be."""
    return "" if standing.publication == LIVE else "it is no longer public"


def removed(standing: Standing) -> str:
    """It says that the release is not on the site."""
    return "it is public again" if standing.publication == LIVE else ""


def link_is_good(standing: Standing) -> str:
    """It carries a link that works once."""
    return "its link was used or replaced" if standing.link_used else ""


def asked(standing: Standing) -> str:
    """It asks a reader to confirm."""
    if standing.reader != "asked":
        return "the reader has answered"
    return "its link has expired" if standing.link_expired else ""
