"""The public sentence for why a release was removed, and what may be said over one that stays."""

import pytest

from portal.rules.reasons import REASONS
from portal.rules.removal import KILL_REASONS, NOTICE_WORDS, cause_of, causes, notice_text

UNTRUE = "What it said was wrong, or could not be confirmed."
HARM = "It could harm somebody, or break the law, if it stayed."
OTHER = "It should not have run."


@pytest.mark.parametrize(("codes", "expected"), [
    (["FACTS"], (UNTRUE,)), (["FACTS", "NO_SOURCE"], (UNTRUE,)), (["DEFAMATORY", "FACTS"], (HARM, UNTRUE)),
    (["HYPE"], (OTHER,)), (["HYPE", "FACTS"], (UNTRUE,)), ([], (OTHER,)),
])  # fmt: skip
def test_each_cause_is_said_once_and_there_is_always_one(codes, expected):
    assert causes(codes) == expected


def test_every_reason_has_a_cause():
    assert [cause_of(code) for code in ("FACTS", "DEFAMATORY", "HYPE")] == [UNTRUE, HARM, OTHER]
    assert set(KILL_REASONS) <= set(REASONS)
    assert OTHER not in {cause_of(code) for code in KILL_REASONS}


@pytest.mark.parametrize("kind", NOTICE_WORDS)
def test_a_notice_has_the_editors_words_or_a_sentence_of_its_own(kind):
    assert notice_text(kind, " It moves to May. ") == "It moves to May."
    assert notice_text(kind, " ").startswith("What this release ")


def test_the_sentences_of_notices_differ():
    assert len({notice_text(kind, "") for kind in NOTICE_WORDS}) == len(NOTICE_WORDS) == 3
