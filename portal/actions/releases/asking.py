"""How a release stands before somebody, and what it offers them: asked by every step, and by the pages that show buttons.

One answer for both, so that no page offers what a step refuses.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.rules import permissions
from portal.rules import release_states as states
from portal.rules.permissions import Matter, Person, Verdict
from portal.rules.release_states import PUBLICATION, REVIEW, Step, publication_step, review_step, who_takes
from portal.storage.queries import public_releases, releases, removal
from portal.storage.queries.releases import Case
from portal.storage.tables import Decision


def matter_of(session: Session, case: Case) -> Matter:
    """What the permission table is asked about."""
    decision, senior_exists = releases.decision_and_senior(session, case.edition)
    waits_for_second = case.edition.state == states.AWAITING_SECOND
    return Matter(
        organisation_id=case.release.organisation_id,
        holder_id=case.edition.holder_id,
        decider_id=releases.decider_id(session, case.edition, decision),
        edited_by_id=case.edition.edited_by_id if waits_for_second else None,
        asked_back=case.edition.asked_back_at is not None,
        senior_exists=senior_exists,
        never_sent=never_sent(case),
    )


def never_sent(case: Case) -> bool:
    """A draft that the desk never had. One that was taken back has been sent, and keeps the text that was."""
    return case.edition.revision_id is None and not case.edition.is_correction


def shown_publication(session: Session, case: Case, now: datetime) -> str:
    """The publication state that the second table is read with: scheduled, published and archived are shown states."""
    release = case.release
    return states.shown_publication(
        release.publication,
        visible=public_releases.is_visible(session, release, now),
        expired=release.expires_at is not None and release.expires_at <= now,
    )


# Of an approved edition these move the publication, too, so that both tables are asked.
MOVES_BOTH = ("withdraw", "unschedule")


@dataclass(frozen=True)
class Offers:
    """What one person may do with one release now: by state, by publication and by who they are.

    What a step asks besides (a claim that has not lapsed, words, a text that is current) the step says itself.
    """

    person: Person
    matter: Matter
    state: str
    publication: str
    # The one that stands on the edition, for whoever shows it.
    decision: Decision | None = None

    def may(self, who: str) -> Verdict:
        """The permission table's answer for a word of its rows, such as `editor` or `senior`."""
        return permissions.may(who, self.person, self.matter)

    def takes(self, step: str) -> bool:
        """May this person take this step of the review now?"""
        offered = self._is_offered(review_step(step, self.state), who_takes(step, REVIEW))
        asks_both = self.state == states.APPROVED and step in MOVES_BOTH
        return offered and (not asks_both or self.takes_in_public(step))

    def steps(self) -> frozenset[str]:
        """Every step of the review that this person may take now."""
        return frozenset(row.step for row in REVIEW if self.takes(row.step))

    def takes_in_public(self, step: str) -> bool:
        """May this person take this step of the publication now?"""
        return self._is_offered(publication_step(step, self.publication), who_takes(step, PUBLICATION))

    def without_kill_request(self) -> "Offers":
        """The same as if nobody had asked for a kill."""
        return replace(self, matter=replace(self.matter, kill_asked_by_id=None))

    def _is_offered(self, row: Step | None, who: str) -> bool:
        return row is not None and row.offered and self.may(who).allowed


def offers(session: Session, case: Case, person: Person, now: datetime) -> Offers:
    """What this person may do with this release now. Reads only."""
    # Nobody asks for a kill of what the public never saw.
    hidden = case.release.publication == states.HIDDEN
    asked = None if hidden else removal.kill_asked(session, case.release, now)
    return Offers(
        person=person,
        matter=replace(matter_of(session, case), kill_asked_by_id=asked.user_id if asked else None),
        state=case.edition.state,
        publication=shown_publication(session, case, now),
        decision=releases.decision_that_stands(session, case.edition),
    )
