"""What the newsroom sends about a release: a decision, a second yes, flags, times, notes, and what follows publication."""

from __future__ import annotations

from typing import Any

from portal.actions.moderating.deciding import Verdict
from portal.actions.moderating.second_pair import Answer
from portal.actions.publishing.going_live import LocalTime
from portal.actions.publishing.killing import Kill
from portal.rules.issues import blocking
from portal.rules.refusals import Invalid
from portal.web.forms.fields import Choice, Day, Line, Mark, Moment, Several, Text, Tick, Zone
from portal.web.forms.protocol import PortalForm, VersionedForm
from portal.web.forms.raw import Pairs, fit_to_keep
from portal.web.forms.submitting import CorrectForm, MessageForm, WriteForm

UNMARKED = "This form came without the mark of the text that you read. Open the page again."
CARRIED = "kept-"
"""How the names begin under which the words of a decision go along with the button that takes the release."""


class TextRead(Mark):
    """The hash of the text that the editor had before them."""

    def handed_over(self) -> str:
        """Raises Invalid where the form lost it."""
        if not self.data:
            raise Invalid(UNMARKED, [blocking("FORMAT", self.name, UNMARKED)])
        return str(self.data)


class CarryingForm(VersionedForm):
    """A form that takes a release, and the words of a decision that came too early."""

    def carried(self) -> Pairs:
        """Under the names of the form that decides, fit to be kept."""
        pairs = [pair for pair in self._came.items(multi=True) if pair[0].startswith(CARRIED)]
        return fit_to_keep([(name.removeprefix(CARRIED), value) for name, value in pairs])


class ClaimForm(CarryingForm):
    """Hold a release for reading."""


class TakeOverForm(CarryingForm):
    message = Text("Why", required=True)


class DecideForm(VersionedForm):
    """A decision on the text whose hash it names, with the recorded acts that make one editor enough."""

    decision = Choice()
    revision_hash = TextRead()
    reasons = Several("Reasons")
    message = Text("Message to the sender", required=True)
    publish_at = Moment("Public from")
    publish_timezone = Zone("Time zone")
    publish_fold = Choice("The clock shows this time twice")
    identity_person = Line("Who was called")
    identity_number = Line("On which number")
    identity_source = Line("Where that number was found")
    consent_note = Text("Consent that was seen")
    check_note = Text("What was checked")
    effect = Choice()
    go = Choice()

    def words(self) -> dict[str, Any]:
        sent = [field for field in self if field is not self.version]
        named = {field.short_name: field.handed_over() for field in sent}
        verdict = Verdict(**named, records="y" if self.identity_person.was_posted else "")
        return {"verdict": verdict, "version": self.version.handed_over()}


class EndorseForm(VersionedForm):
    """A second editor's answer to a first yes."""

    answer = Choice()
    revision_hash = TextRead()
    message = Text("Why not", required=True)
    publish_at = Moment("Public from")
    publish_timezone = Zone("Time zone")
    publish_fold = Choice("The clock shows this time twice")
    effect = Choice()

    def words(self) -> dict[str, Any]:
        time = LocalTime(self.publish_at.data, self.publish_timezone.data, self.publish_fold.data)
        said, read = self.answer.data, self.revision_hash.handed_over()
        answer = Answer(said, read, self.message.data, time, self.effect.data)
        return {"answer": answer, "version": self.version.handed_over()}


class FlagsForm(VersionedForm):
    """The flags that stand afterwards; a note where one is taken off."""

    flags = Several("What this release touches")
    note = Text("Why a flag is taken off")


class NoteForm(PortalForm):
    note = Text("Add a note", required=True)


class RescheduleForm(VersionedForm):
    """Another time; or with the tick off its time, and why."""

    publish_at = Moment("Public from")
    publish_timezone = Zone("Time zone")
    publish_fold = Choice("The clock shows this time twice")
    unschedule = Tick(
        "Take it off its time instead: the approval is taken back, and it waits for a decision again"
    )
    message = Text("Why it is taken off its time")

    def words(self) -> dict[str, Any]:
        """Of the one act or the other."""
        names = (
            ("message",) if self.unschedule.is_ticked else ("publish_at", "publish_timezone", "publish_fold")
        )
        return {name: self[name].handed_over() for name in (*names, "version")}


class KillForm(VersionedForm):
    """The tick has an empty companion: a form without either did not ask."""

    reasons = Several("Cause, as readers see it")
    public_text = Text("More for readers")
    message = Text("Why", required=True)
    mail_readers = Tick("Tell everyone who received mail that it is public")

    def words(self) -> dict[str, Any]:
        asked = self.mail_readers.was_posted
        sent = Kill(
            message=self.message.data,
            reasons=self.reasons.data,
            public_text=self.public_text.data,
            mail_readers=self.mail_readers.is_ticked if asked else None,
        )
        return {"sent": sent, "version": self.version.handed_over()}


class NoticeForm(VersionedForm):
    notice_kind = Choice("What it says")
    notice_text = Text("In words")

    def words(self) -> dict[str, Any]:
        return {
            "kind": self.notice_kind.data,
            "text": self.notice_text.data,
            "version": self.version.handed_over(),
        }


class ExpireForm(VersionedForm):
    expires_at = Day("First day out of the lists")


class AnsweredForm(PortalForm):
    """The sender's message needs no answer. `seen`: how far the page's timeline went."""

    seen = Mark()


ACTS: dict[str, type[PortalForm]] = {
    "request_changes": DecideForm,
    "reject": DecideForm,
    "approve": DecideForm,
    "timed": DecideForm,
    "dissent": EndorseForm,
    "confirm": EndorseForm,
    "let-go": MessageForm,
    "hand-back": MessageForm,
    "take-over": TakeOverForm,
    "undo": MessageForm,
    "reopen": MessageForm,
    "note": NoteForm,
    "message": WriteForm,
    "flags": FlagsForm,
    "reschedule": RescheduleForm,
    "correct": CorrectForm,
    "notice": NoticeForm,
    "expire": ExpireForm,
    "take-down": MessageForm,
    "put-back": MessageForm,
    "revert": MessageForm,
    "kill": KillForm,
}
"""The forms on the newsroom's page of one release: by the last part of their addresses, or by the answer they give."""
