"""What a sender sends besides the pages of a release: a beginning, a word to the desk, a correction, a sign-off."""

from __future__ import annotations

from typing import Any

from portal.actions.publishing.correcting import Correction
from portal.rules.refusals import refused
from portal.web.forms.fields import LONGEST_NUMBER, Choice, Line, Text
from portal.web.forms.protocol import PortalForm, VersionedForm


class StartForm(PortalForm):
    kind = Choice()
    organisation = Line()

    @property
    def organisation_id(self) -> int | None:
        """None where nothing was chosen: the sender's first. A number that is none of theirs is refused by the action.

        Raises Invalid for what no organisation has as its number.
        """
        chosen = self.organisation.data
        if not chosen:
            return None
        if not (chosen.isascii() and chosen.isdigit()) or len(chosen) >= LONGEST_NUMBER:
            raise refused("organisation", "Choose one of your organisations.", "FIELD")
        return int(chosen)


class KindForm(VersionedForm):
    """Another kind of news for a draft."""

    kind = Choice()


class WriteForm(PortalForm):
    """A message that changes nothing of the release, so that no version of it counts."""

    message = Text("Message", required=True)


class MessageForm(VersionedForm):
    """A step and the word that goes with it."""

    message = Text("Why")


class SignoffForm(MessageForm):
    answer = Choice()


class CorrectForm(VersionedForm):
    """What is corrected, by a sender or an editor."""

    correction_kind = Choice("What kind of correction")
    what = Text(
        "What was wrong and what is right",
        "Readers see these words as the note, with the date. For example: The release gave 120 jobs. It is 12.",
        required=True,
        rows=3,
    )
    why = Text(
        "Why", "How you know, or how it came about. Only you and the editors read it.", required=True, rows=3
    )

    def words(self) -> dict[str, Any]:
        correction = Correction(self.correction_kind.data, self.what.data, self.why.data)
        return {"correction": correction, "version": self.version.handed_over()}


STEPS: dict[str, type[PortalForm]] = {
    "message": WriteForm,
    "recall": MessageForm,
    "ask-back": MessageForm,
    "withdraw": MessageForm,
    "lift-embargo": MessageForm,
    "appeal": MessageForm,
    "signoff": SignoffForm,
    "correct": CorrectForm,
}
"""The forms of the page of one's own release, by the last part of their addresses."""
