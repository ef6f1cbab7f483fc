"""What happened, in the past tense: the words of the timeline, and which notices each fact sets off.

`says` is read by both sides and may use {who}; `desk` facts are never shown to the sender.
A notice is a mail template (folder name in templates/email) and the group of people it goes to.
"""

from dataclasses import dataclass

SENDER = "sender"
DESK = "desk"
HOLDER = "holder"
PREVIOUS_HOLDER = "previous_holder"
DUTY = "duty"
EDITORS = "editors"
ADMINS = "administrators"
PERSON = "person"


@dataclass(frozen=True)
class Notice:
    """One kind of mail and who gets it."""

    template: str
    to: str


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


_ALL = (
    Fact("draft_started", "{who} started the draft."),
    Fact("submitted", "{who} sent the release.", (Notice("receipt", SENDER),)),
    Fact("examined", "Checks finished.", (Notice("desk_new", EDITORS),)),
    Fact("claimed", "An editor began to read.", did="{who} began to read it."),
    Fact("let_go", "The editor put it back in the queue.", did="{who} put it back in the queue."),
    Fact("claim_lapsed", "The editor’s time to read ran out; it waits in the queue again."),
    Fact(
        "taken_over",
        "Another editor took over.",
        (Notice("taken_over", PREVIOUS_HOLDER),),
        did="{who} took it over.",
    ),
    Fact("recalled", "{who} took the release back to edit it.", (Notice("recalled", SENDER),)),
    Fact("asked_back", "{who} asked the editor to give it back.", (Notice("asked_back", HOLDER),)),
    Fact(
        "handed_back",
        "The editor gave it back to edit.",
        (Notice("handed_back", SENDER),),
        did="{who} gave it back to edit.",
    ),
    Fact(
        "withdrawn",
        "{who} withdrew the release.",
        (Notice("withdrawn", SENDER), Notice("desk_withdrawn", DESK)),
    ),
    Fact("changes_requested", "{who} asked for changes.", (Notice("changes_requested", SENDER),)),
    Fact("rejected", "{who} decided not to publish it.", (Notice("rejected", SENDER),)),
    Fact("approved", "{who} approved the release.", (Notice("approved", SENDER),)),
    Fact("went_live", "It went public.", (Notice("published", SENDER),)),
    Fact("cloned", "{who} started a new release from this text."),
    Fact("message_sent", "{who} wrote to the desk.", (Notice("desk_message", DESK),)),
    Fact("message_answered", "{who} wrote to you.", (Notice("message", SENDER),)),
    Fact("promise_near", "The promised time comes near.", (Notice("promise_near", DUTY),), desk_only=True),
    Fact(
        "promise_missed",
        "We did not decide by the promised time.",
        (Notice("promise_missed", DUTY), Notice("delayed", SENDER)),
    ),
    Fact("editors_alerted", "All editors were told.", (Notice("promise_editors", EDITORS),), desk_only=True),
    Fact(
        "administrators_alerted",
        "The administrators were told.",
        (Notice("promise_administrators", ADMINS),),
        desk_only=True,
    ),
    Fact("saved", "{who} saved a change."),  # never a row: what the loser of a conflict is told of a saving
    # Accounts: these are written in account_events, not in a release's timeline.
    Fact("registered", "Registered.", (Notice("confirm", PERSON),)),
    Fact("registered_again", "Tried to register again.", (Notice("already_registered", PERSON),)),
    Fact("confirmed", "Confirmed the address."),
    Fact("logged_in", "Logged in."),
    Fact("login_failed", "Failed to log in."),
    Fact("logged_out", "Logged out."),
    Fact("logged_out_everywhere", "Logged out everywhere."),
    Fact("reset_asked", "Asked for a new password.", (Notice("reset", PERSON),)),
    Fact("reset_asked_unknown", "A new password was asked for an address without an account."),
    Fact("password_changed", "Changed the password.", (Notice("password_changed", PERSON),)),
    Fact("invited", "Was invited.", (Notice("invitation", PERSON),)),
    Fact("invitation_accepted", "Accepted the invitation."),
    Fact("member_removed", "Was removed from the organisation.", (Notice("member_removed", PERSON),)),
    Fact("organisation_changed", "Changed the organisation page."),
    Fact("user_created", "Was created by an operator."),
    Fact("user_blocked", "Was blocked."),
    Fact("user_unblocked", "Was unblocked."),
    Fact("mail_tested", "A test mail was asked for.", (Notice("test", PERSON),)),
)

FACTS = {fact.name: fact for fact in _ALL}
