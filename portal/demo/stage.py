"""Where the demo story is played: the portal, the moment of loading, and who and what has appeared so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from portal.actions.portal import Portal
from portal.rules.permissions import Person
from portal.storage.queries import people, releases
from portal.storage.queries.releases import Case


@dataclass
class Stage:
    """`desk` and `organisations` are the rows of the data files by their keys."""

    portal: Portal
    moment: datetime
    desk: Mapping[str, dict[str, str]]
    organisations: Mapping[str, dict[str, Any]]
    references: dict[str, str] = field(default_factory=dict)
    called_back: set[str] = field(default_factory=set)

    def person(self, email: str) -> Person:
        """Somebody as the permission table sees them now."""
        with self.portal.database.reading() as session:
            user = people.by_email(session, email)
            if user is None:
                raise LookupError(f"{email} has not appeared yet")
            return people.person(session, user)

    def editor(self, key: str) -> Person:
        return self.person(self.desk[key]["email"])

    def revision_hash(self, key: str) -> str:
        """The hash of the text that an editor reads now."""
        revision = self.case(key).edition.revision
        return revision.hash if revision else ""

    def case(self, key: str) -> Case:
        """A release as it stands now: every act reads its version and hash anew, as a page would."""
        with self.portal.database.reading() as session:
            found = releases.find(session, self.references[key])
            if found is None:
                raise LookupError(f"{key} has not been started")
            return found


@dataclass(frozen=True)
class Act:
    """One thing that somebody does. `at` is an offset from the moment of loading."""

    at: timedelta
    do: Callable[[datetime], object]
