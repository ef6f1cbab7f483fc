"""What a status page adds once there is more than one text: corrections, an editor's wording, an appeal, versions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.actions.releases.asking import never_sent
from portal.rules import release_states as states
from portal.storage.queries.releases import Case
from portal.storage.tables import User
from portal.web.release_pages.status_page import Story
from portal.web.release_pages.versions import Version, public_word, versions_of, wording


@dataclass(frozen=True)
class Parts:
    """`public` is published, archived or empty. `changes` is the editor's wording against the sender's own text."""

    public: str
    may_write: bool
    may_correct: bool
    may_appeal: bool
    asks_signoff: bool
    editor: str
    changes: list[tuple[str, str]]
    versions: list[Version]
    forms: frozenset[str]
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def left_over(self) -> Mapping[str, str]:
        """What was typed into a form that this page no longer has, so that no word of it is lost."""
        return {} if self.typed.get("form", "message") in self.forms else self.typed


def parts_of(
    session: Session,
    case: Case,
    told: Story,
    moment: datetime,
    *,
    steps: Collection[str],
    typed: Mapping[str, str] | None = None,
) -> Parts:
    """Read with the rest of the page; `typed` is what stood in a form that was refused, `form` says in which.

    `steps`: those of the state table that the page offers.
    """
    edition, public = case.edition, public_word(case, told.visible, moment)
    asks = {
        "correct": bool(public) and edition.state not in states.OPEN_STATES,
        "appeal": edition.state == states.REJECTED and edition.appealed_at is None,
        "signoff": edition.state == states.AWAITING_SIGNOFF,
        "message": not never_sent(case),
    }
    return Parts(
        public=public,
        may_write=asks["message"],
        may_correct=asks["correct"],
        may_appeal=asks["appeal"],
        asks_signoff=asks["signoff"],
        forms=_forms(asks, steps, told.state),
        editor=_name(session, edition.edited_by_id),
        changes=wording(session, case),
        versions=versions_of(session, case, told.revisions, visible=told.visible),
        typed=typed or {},
    )


def _forms(asks: Mapping[str, bool], steps: Collection[str], state: str) -> frozenset[str]:
    """The forms of the page, by the last part of their addresses."""
    others = {step.replace("_", "-") for step in steps} - asks.keys()
    lift = {"lift-embargo"} if state == states.SCHEDULED else set()
    return frozenset({form for form, is_there in asks.items() if is_there} | others | lift)


def _name(session: Session, user_id: int | None) -> str:
    return session.scalar(select(User.name).where(User.id == user_id)) or ""
