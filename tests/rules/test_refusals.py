"""What a refusal carries, and words that have to be written."""

from datetime import UTC, datetime

import pytest

from portal.rules.issues import Issue
from portal.rules.refusals import (
    Conflict,
    Invalid,
    NotFound,
    Refused,
    Throttled,
    Winner,
    refused,
    required_words,
)

NOON = datetime(2026, 3, 24, 4, tzinfo=UTC)
WINNER = Winner("An Phan", "claimed", NOON)


@pytest.mark.parametrize(("kind", "said", "sentence"), [
    (Refused, ["No."], "No."), (NotFound, [], "There is nothing here."), (NotFound, ["Gone."], "Gone."),
    (Invalid, ["No."], "No."), (Conflict, ["Late."], "Late."), (Throttled, ["Wait.", 60], "Wait."),
])  # fmt: skip
def test_a_refusal_has_its_sentence(kind, said, sentence):
    refusal = kind(*said)

    assert isinstance(refusal, Refused)
    assert (refusal.sentence, str(refusal)) == (sentence, sentence)


def test_a_refusal_carries_what_goes_with_it():
    issue = Issue("FACTS", "date", "blocking", "No.")

    assert Invalid("No.", [issue]).issues == (issue,)
    assert Invalid("No.").issues == ()
    assert (Conflict("Late.", WINNER).winner, Conflict("Late.").winner) == (WINNER, None)
    assert Throttled("Wait.", 60).retry_after == 60


def test_the_refusal_of_one_field_stands_at_it_and_at_the_top():
    found = refused("note", "Say why.")

    assert (found.sentence, found.issues) == (
        "Say why.",
        (Issue("WRITING", "note", "blocking", "Say why."),),
    )
    assert refused("note", "Say why.", "LENGTH").issues[0].code == "LENGTH"


def test_words_are_taken_without_the_blanks_around_them():
    assert required_words("  Because.\n", "Say why.") == "Because."
    assert required_words(" 12345 ", "Say why.", most=5) == "12345"


@pytest.mark.parametrize(("text", "most", "field", "issue"), [
    (" \n", None, "message", Issue("WRITING", "message", "blocking", "Say why.")),
    ("", 5, "note", Issue("WRITING", "note", "blocking", "Say why.")),
    ("123456", 5, "note", Issue("LENGTH", "note", "blocking", "The message has 6 characters. Keep 5 or fewer.")),
])  # fmt: skip
def test_no_words_or_too_many_are_refused_at_their_field(text, most, field, issue):
    with pytest.raises(Invalid) as found:
        required_words(text, "Say why.", field=field, most=most)

    assert (found.value.sentence, found.value.issues) == (issue.message, (issue,))


def test_the_field_of_words_is_the_message_where_nothing_else_is_said():
    with pytest.raises(Invalid) as found:
        required_words("", "Say why.")

    assert found.value.issues[0].field == "message"
