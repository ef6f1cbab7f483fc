"""The list of reasons is whole, in order, and written for people."""

import pytest

from portal.rules.reasons import REASONS

CODES = {
    "NOT_NEWS": "F/T", "ADVERT": "F", "HYPE": "F", "DIRECT_ADDRESS": "F", "NO_SOURCE": "F", "HEADLINE": "F",
    "WEAK_LEAD": "F", "WRITING": "F", "FORMAT": "F", "LENGTH": "F", "CONTACT": "F", "LINKS": "F/T", "MEDIA": "F",
    "FACTS": "F", "LEGAL_REF": "F", "THIRD_PARTY": "F", "IDENTITY": "F/T", "DUPLICATE": "T", "STALE": "T",
    "EMBARGO": "F", "DEFAMATORY": "T", "PROHIBITED": "T", "FINANCIAL": "T/F", "POLITICAL": "F/T", "SPAM": "T",
    "PRIVACY": "F/T", "OUT_OF_AREA": "T/F", "WRONG_TYPE": "F", "CONSENT_WITHDRAWN": "T",
}  # fmt: skip
OUTCOMES = {"F": "changes", "T": "final"}


def test_there_are_29_reasons_in_order_with_their_outcome():
    assert {code: reason.outcome for code, reason in REASONS.items()} == {
        code: OUTCOMES.get(marks, "either") for code, marks in CODES.items()
    }
    assert list(REASONS) == list(CODES)


@pytest.mark.parametrize("reason", REASONS.values(), ids=str)
def test_a_reason_says_what_it_means_and_how_to_mend_it(reason):
    texts = (reason.title, reason.meaning, reason.mend, reason.advice_to_editor)

    assert all(texts)
    assert not any("!" in text or "please note" in text.lower() for text in texts)
    assert all(text.endswith(".") for text in texts[1:])
    assert bool(reason.before) == bool(reason.after)


def test_an_example_shows_before_and_after():
    assert REASONS["HYPE"].example == (
        "Instead of: A revolutionary, world-class mill. Write: The mill cleans 40 tonnes of rice a day."
    )
    assert REASONS["WRITING"].example == ""
