"""What happened, in the past tense: the words of the timeline, and which notices each fact sets off.

`says` is read by both sides and may use {who}; `desk` facts are never shown to the sender.
A notice is a mail template (folder name in templates/email), the group of people it goes to, and while what it holds.
"""

from dataclasses import dataclass

from portal.rules.mailing import mail_truth as holds
from portal.rules.mailing.mail_truth import HoldsWhile, Standing

SENDER = "sender"
DESK = "desk"
# Everybody on the sender's side who was mailed about the release, as the deliveries say.
RECEIVED = "received"
SENDERS_SIDE = (SENDER, RECEIVED)
# Everybody, wherever, to whom a mail that it is public was really sent, besides the sender; and who was told of its kill.
READERS = "readers"
READERS_OF_KILL = "readers_of_kill"
HOLDER = "holder"
PREVIOUS_HOLDER = "previous_holder"
DUTY = "duty"
EDITORS = "editors"
OTHER_EDITORS = "other_editors"
ADMINS = "administrators"
PERSON = "person"
# The same where it may be nobody: who asked with an address is answered alike whether it is known.
ASKER = "asker"
# The reader of the daily e-mail whom the fact is about; no user, so no account decides what they get.
READER = "reader"
READERSHIP = (READER, READERS, READERS_OF_KILL)


@dataclass(frozen=True)
class Notice:
    """One kind of mail, who gets it, and while what it says still holds: asked again when a hold ends and at sending."""

    template: str
    to: str
    holds_while: HoldsWhile


@dataclass(frozen=True)
class Fact:
    """One kind of happening."""

    name: str
    says: str
    notices: tuple[Notice, ...] = ()
    desk_only: bool = False
    # The same with its actor, for whoever came second: there the name always counts.
    did: str = ""

    def told_of(self, who: str) -> str:
        """The fact as a sentence that names its actor."""
        return (self.did or self.says).replace("{who}", who)

    def why_not(self, standing: Standing, template: str = "") -> str:
        """Empty while one of its notices (or the one of this template) still holds; else why it does not."""
        asked = [notice for notice in self.notices if template in ("", notice.template)]
        answers = [notice.holds_while(standing) for notice in asked]
        return "" if not answers or "" in answers else answers[0]

    def tells_sender_by(self, template: str) -> bool:
        """Does this notice go to the side that sent the release?"""
        return any(notice.template == template and notice.to in SENDERS_SIDE for notice in self.notices)


_ALL = (
    Fact("draft_started", "{who} started the draft."),
    Fact("kind_changed", "{who} made it another kind of news."),
    Fact("submitted", "{who} sent the release.", (Notice("receipt", SENDER, holds.happened),)),
    Fact("examined", "Checks finished.", (Notice("desk_new", EDITORS, holds.waiting),)),
    Fact("claimed", "An editor began to read.", did="{who} began to read it."),
    Fact("let_go", "The editor put it back in the queue.", did="{who} put it back in the queue."),
    Fact("claim_lapsed", "The editor’s time to read ran out; it waits in the queue again."),
    Fact(
        "taken_over",
        "Another editor took over.",
        (Notice("taken_over", PREVIOUS_HOLDER, holds.happened),),
        did="{who} took it over.",
    ),
    Fact(
        "recalled", "{who} took the release back to edit it.", (Notice("recalled", SENDER, holds.happened),)
    ),
    Fact(
        "asked_back",
        "{who} asked the editor to give it back.",
        (Notice("asked_back", HOLDER, holds.happened),),
    ),
    Fact(
        "handed_back",
        "The editor gave it back to edit.",
        (Notice("handed_back", SENDER, holds.happened),),
        did="{who} gave it back to edit.",
    ),
    Fact(
        "withdrawn",
        "{who} withdrew the release.",
        (Notice("withdrawn", SENDER, holds.happened), Notice("desk_withdrawn", DESK, holds.happened)),
    ),
    Fact(
        "changes_requested", "{who} asked for changes.", (Notice("changes_requested", SENDER, holds.decided),)
    ),
    Fact("rejected", "{who} decided not to publish it.", (Notice("rejected", SENDER, holds.decided),)),
    Fact("approved", "{who} approved the release.", (Notice("approved", SENDER, holds.approved),)),
    Fact("went_live", "It went public.", (Notice("published", SENDER, holds.public),)),
    Fact(
        "first_yes",
        "An editor said yes; a second editor will confirm.",
        (Notice("first_yes", OTHER_EDITORS, holds.awaiting_second),),
        did="{who} gave the first yes; a second editor has to confirm.",
    ),
    Fact("confirmed", "{who} confirmed the approval.", (Notice("confirmed", SENDER, holds.approved),)),
    Fact(
        "dissented",
        "A second editor did not confirm it; it waits in the queue again.",
        (Notice("dissented", PREVIOUS_HOLDER, holds.happened),),
        did="{who} did not confirm it.",
    ),
    Fact(
        "decision_undone",
        "The editor took the decision back and reads it again.",
        did="{who} took the decision back.",
    ),
    Fact("flags_changed", "{who} changed the risk flags.", desk_only=True),
    Fact("rescheduled", "{who} moved its time.", (Notice("rescheduled", SENDER, holds.happened),)),
    Fact(
        "unscheduled",
        "{who} took it off its time; it waits for a decision again.",
        (Notice("unscheduled", SENDER, holds.happened),),
    ),
    Fact(
        "embargo_lifted", "{who} lifted the embargo.", (Notice("desk_embargo_lifted", DESK, holds.happened),)
    ),
    Fact(
        "correction_started",
        "{who} began a correction.",
        (Notice("desk_correction_started", DESK, holds.happened),),
    ),
    Fact(
        "correction_opened",
        "An editor began a correction of the public text.",
        (Notice("correction_opened", SENDER, holds.happened),),
        did="{who} began a correction of the public text.",
    ),
    Fact(
        "correction_closed",
        "The correction was closed; its text is kept.",
        (Notice("correction_closed", SENDER, holds.happened),),
    ),
    Fact(
        "correction_published",
        "The correction went public.",
        (Notice("correction_published", RECEIVED, holds.public),),
    ),
    Fact("text_edited", "An editor changed the wording.", did="{who} changed the wording."),
    Fact(
        "signoff_asked",
        "An editor changed the text and asks for your sign-off.",
        (Notice("signoff_asked", SENDER, holds.happened),),
        did="{who} changed the text and asked for the sender’s sign-off.",
    ),
    Fact("signed_off", "{who} agreed to the editor’s text.", (Notice("signed_off", HOLDER, holds.happened),)),
    Fact(
        "objected",
        "{who} objected to the editor’s text; the sender’s own text counts again.",
        (Notice("objected", HOLDER, holds.happened),),
    ),
    Fact(
        "signoff_lapsed",
        "No answer came in two days; the editor’s text counts as agreed.",
        (
            Notice("signoff_lapsed", SENDER, holds.happened),
            Notice("desk_signoff_lapsed", HOLDER, holds.happened),
        ),
    ),
    Fact(
        "appealed",
        "{who} appealed against the decision.",
        (Notice("appeal_received", SENDER, holds.happened), Notice("appealed", EDITORS, holds.happened)),
    ),
    Fact("reopened", "{who} opened it again.", (Notice("reopened", SENDER, holds.happened),)),
    Fact("reminded", "We reminded you of the changes.", (Notice("reminder", SENDER, holds.decided),)),
    Fact(
        "expired",
        "No changes came by the date; it lapsed, and its text is kept.",
        (Notice("expired", SENDER, holds.happened),),
    ),
    Fact("examined_again", "Checks finished on the changed text."),
    # After publication. What is removed is never named in a mail by its headline.
    Fact(
        "kill_asked",
        "{who} asked for a kill; another editor has to confirm it.",
        (Notice("kill_asked", OTHER_EDITORS, holds.happened),),
        desk_only=True,
    ),
    Fact(
        "kill_lapsed",
        "Nobody confirmed the kill in 24 hours; the request fell.",
        (Notice("kill_lapsed", PREVIOUS_HOLDER, holds.happened),),
        desk_only=True,
    ),
    Fact(
        "killed",
        "Our editors removed the release.",
        (
            Notice("killed", SENDER, holds.removed),
            Notice("killed_reader", READERS, holds.removed),
            Notice("desk_killed", OTHER_EDITORS, holds.removed),
        ),
        did="{who} killed the release.",
    ),
    Fact(
        "reverted",
        "Our editors put the release back; the removal was taken back.",
        (
            Notice("reverted", SENDER, holds.public),
            Notice("reverted_reader", READERS_OF_KILL, holds.public),
            Notice("desk_reverted", OTHER_EDITORS, holds.public),
        ),
        did="{who} took the kill back.",
    ),
    Fact(
        "taken_down",
        "Our editors took the release down.",
        (Notice("taken_down", SENDER, holds.removed),),
        did="{who} took the release down.",
    ),
    Fact(
        "put_back",
        "Our editors put the release back on the site.",
        (Notice("put_back", SENDER, holds.public),),
        did="{who} put the release back on the site.",
    ),
    Fact(
        "notice_set",
        "Our editors changed the notice over the release.",
        (Notice("notice_set", SENDER, holds.happened),),
        did="{who} changed the notice over the release.",
    ),
    Fact(
        "expiry_set",
        "Our editors set how long it stays in the lists.",
        (Notice("expiry_set", SENDER, holds.happened),),
        did="{who} set how long it stays in the lists.",
    ),
    Fact("archived", "It left the lists and the feeds; its address stays."),
    Fact("cloned", "{who} started a new release from this text."),
    Fact("message_sent", "{who} wrote to the desk.", (Notice("desk_message", DESK, holds.happened),)),
    Fact(
        "message_answered",
        "{who} wrote to you.",
        (Notice("message", SENDER, holds.happened),),
        did="{who} wrote to the sender.",
    ),
    Fact(
        "promise_near",
        "The promised time comes near.",
        (Notice("promise_near", DUTY, holds.waiting),),
        desk_only=True,
    ),
    Fact(
        "promise_missed",
        "We did not decide by the promised time.",
        (Notice("promise_missed", DUTY, holds.waiting), Notice("delayed", SENDER, holds.waiting)),
    ),
    Fact(
        "editors_alerted",
        "All editors were told.",
        (Notice("promise_editors", EDITORS, holds.waiting),),
        desk_only=True,
    ),
    Fact(
        "administrators_alerted",
        "The administrators were told.",
        (Notice("promise_administrators", ADMINS, holds.waiting),),
        desk_only=True,
    ),
    Fact("answer_ticked_off", "{who} ticked off the sender’s message: no answer is wanted.", desk_only=True),
    Fact("saved", "{who} saved a change."),  # never a row: what the loser of a conflict is told of a saving
    # Accounts: these are written in account_events, not in a release's timeline.
    Fact("registered", "Registered.", (Notice("confirm", PERSON, holds.link_is_good),)),
    Fact(
        "registered_again",
        "Tried to register again.",
        (Notice("already_registered", PERSON, holds.happened),),
    ),
    Fact(
        "confirmation_asked_again",
        "Asked for the confirming link once more.",
        (Notice("confirm_again", ASKER, holds.link_is_good),),
    ),
    # Of the mail only: the row in account_events is the one above, whatever the address.
    Fact(
        "confirmed_already",
        "Asked for the confirming link of a confirmed address.",
        (Notice("confirmed_already", ASKER, holds.happened),),
    ),
    Fact("address_confirmed", "Confirmed the address."),
    Fact("logged_in", "Logged in."),
    Fact("login_failed", "Failed to log in."),
    Fact("logged_out", "Logged out."),
    Fact("logged_out_everywhere", "Logged out everywhere."),
    Fact("reset_asked", "Asked for a new password.", (Notice("reset", PERSON, holds.link_is_good),)),
    Fact("reset_asked_unknown", "A new password was asked for an address without an account."),
    Fact("password_changed", "Changed the password.", (Notice("password_changed", PERSON, holds.happened),)),
    Fact("invited", "Was invited.", (Notice("invitation", PERSON, holds.link_is_good),)),
    Fact("invitation_accepted", "Accepted the invitation."),
    Fact(
        "member_removed",
        "Was removed from the organisation.",
        (Notice("member_removed", PERSON, holds.happened),),
    ),
    Fact(
        "owner_changed",
        "Was made the owner of the organisation.",
        (Notice("owner_changed", PERSON, holds.happened),),
    ),
    Fact(
        "passed_on",
        "Passed the organisation on.",
        (Notice("organisation_passed_on", PERSON, holds.happened),),
    ),
    Fact("member_left", "Left the organisation.", (Notice("member_left", PERSON, holds.happened),)),
    Fact("organisation_changed", "Changed the organisation page."),
    Fact("user_created", "Was created by an operator."),
    Fact("user_blocked", "Was blocked."),
    Fact("user_unblocked", "Was unblocked."),
    # The clock’s guard: written in account_events, too.
    Fact(
        "clock_held",
        "Time jumped; publishing is held.",
        (
            Notice("clock_held", DUTY, holds.happened),
            Notice("clock_held_administrators", ADMINS, holds.happened),
        ),
    ),
    Fact(
        "clock_silent",
        "The clock stopped ticking.",
        (
            Notice("clock_silent", DUTY, holds.happened),
            Notice("clock_silent_administrators", ADMINS, holds.happened),
        ),
    ),
    Fact(
        "recorded_late",
        "Releases were recorded late.",
        (
            Notice("recorded_late", DUTY, holds.happened),
            Notice("recorded_late_administrators", ADMINS, holds.happened),
        ),
    ),
    Fact(
        "jobs_refused",
        "Refused jobs that somebody else wrote.",
        (Notice("jobs_refused", ADMINS, holds.happened),),
    ),
    Fact("clock_hold_lifted", "Lifted the hold on publishing."),
    Fact("records_taken_over", "The records vouch for everything as it stands."),
    # A copy that was put back says so on the health page and in the log. It mails nobody: not even this.
    Fact("restore_held", "A restored copy was noticed; everything is held."),
    Fact("restore_confirmed", "Confirmed what a restored copy may send."),
    Fact("mail_tested", "A test mail was asked for.", (Notice("test", PERSON, holds.happened),)),
    # The daily e-mail: no row of a timeline; the reader's own row keeps the times.
    Fact(
        "newsletter_asked",
        "Asked for the daily e-mail.",
        (Notice("newsletter_confirm", READER, holds.asked),),
    ),
    Fact(
        "newsletter_link_asked",
        "Asked for the link to change or leave the daily e-mail.",
        (Notice("newsletter_link", READER, holds.happened),),
    ),
    Fact("issue_saved", "Changed the introduction or the order of an issue."),
    Fact("issue_held", "Held an issue of the daily e-mail."),
    Fact("issue_let_go", "Let an issue of the daily e-mail go."),
    Fact("suppression_lifted", "Let an address be mailed again."),
)

FACTS = {fact.name: fact for fact in _ALL}

DECISIVE = frozenset(
    (
        "approved",
        "first_yes",
        "confirmed",
        "dissented",
        "changes_requested",
        "rejected",
        "reopened",
        "decision_undone",
        "unscheduled",
        "rescheduled",
        "correction_published",
        "notice_set",
        "expiry_set",
        "kill_asked",
        "killed",
        "reverted",
        "taken_down",
        "put_back",
    )
)
"""What editors decide: each leaves a line in the log with how far the records had come."""


def templates_to(groups: tuple[str, ...]) -> frozenset[str]:
    """The notices that go to one of these groups."""
    return frozenset(notice.template for fact in _ALL for notice in fact.notices if notice.to in groups)
