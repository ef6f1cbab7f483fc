"""What a step or a page asks of the database again and again, asked once as long as nothing was written since.

Kept in the session, and so never longer than one transaction. The witness (storage/witness.py) sees every writing of a
unit of work and has all of it forgotten then; what waits to be flushed counts as written.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

Found = TypeVar("Found")
_KEPT = "asked_once"


def asked_once(session: Session, question: Hashable, ask: Callable[[], Found]) -> Found:
    """The answer to this question: the one that is known, or else what `ask` finds."""
    kept = _kept(session)
    if question in kept:
        found: Found = kept[question]
        return found
    found = ask()
    _kept(session)[question] = found
    return found


def known(session: Session, question: Hashable) -> Any:
    """The answer where somebody has asked already; else None, and nothing is asked."""
    return _kept(session).get(question)


def forget(session: Session) -> None:
    """Something was written, or taken back."""
    session.info.pop(_KEPT, None)


def _kept(session: Session) -> dict[Hashable, Any]:
    if session.new or session.dirty or session.deleted:
        forget(session)
    found: dict[Hashable, Any] = session.info.setdefault(_KEPT, {})
    return found
