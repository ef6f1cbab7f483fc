"""What a mail server's no means, and for whom."""

import pytest

from portal.rules.mailing.mail_refusals import ADDRESS, CONTENT, OURS, PASSING, RECIPIENT, SENDER, meaning


@pytest.mark.parametrize(("step", "code", "said", "expected"), [
    (RECIPIENT, 550, "5.1.1 no such user", ADDRESS), (RECIPIENT, 550, "no such user", ADDRESS), (RECIPIENT, 500, "", ADDRESS),
    (RECIPIENT, 552, "5.2.2 mailbox full", PASSING), (RECIPIENT, 552, "4.2.2 mailbox full", PASSING),
    (RECIPIENT, 550, "5.2.1 mailbox disabled", ADDRESS), (RECIPIENT, 550, "5.7.1 not allowed", OURS),
    (RECIPIENT, 550, "5.7.26 not signed", OURS), (RECIPIENT, 550, "5.1.2 no such host", ADDRESS), (RECIPIENT, 550, "said 5.7.1", ADDRESS),
    (RECIPIENT, 499, "5.1.1 no", PASSING), (RECIPIENT, 450, "4.2.0 greylisted", PASSING),
    (CONTENT, 554, "5.1.1 spam", OURS), (CONTENT, 552, "5.2.2 too large", OURS), (CONTENT, 451, "later", PASSING),
    (SENDER, 550, "5.1.8 who are you", OURS), (SENDER, 421, "busy", PASSING),
])  # fmt: skip
def test_a_no_is_about_the_address_about_us_or_passes(step, code, said, expected):
    assert meaning(step, code, said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [("5.7.2 no", OURS), ("5.2.7 no", ADDRESS), ("5.3.2 no", ADDRESS), ("5.2.7", ADDRESS)],
)
def test_the_two_numbers_of_a_no_are_not_mixed_up(said, expected):
    assert meaning(RECIPIENT, 550, said) == expected
