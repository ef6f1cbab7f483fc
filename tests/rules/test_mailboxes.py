"""Whose mailbox an address is, and how many mails strangers can have sent there."""

from __future__ import annotations

import pytest

from portal.rules.mailboxes import MOST, mailbox_of, most_for


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("victim@x.example", "victim@x.example"),
        ("victim+1@x.example", "victim@x.example"),
        ("victim+a+b@x.example", "victim@x.example"),
        ("victim+@x.example", "victim@x.example"),
        ("+victim@x.example", "+victim@x.example"),
        ("vic.tim@x.example", "vic.tim@x.example"),
        ("vic-tim@x.example", "vic-tim@x.example"),
        ("v.i.c.tim+9@gmail.com", "victim@gmail.com"),
        ("victim@googlemail.com", "victim@gmail.com"),
        ("vic-tim@gmail.com", "vic-tim@gmail.com"),
        ("vic_t.i-m@protonmail.com", "victim@proton.me"),
        ("victim+x@pm.me", "victim@proton.me"),
        ("victim@sub.gmail.com", "victim@sub.gmail.com"),
    ],
)
def test_what_follows_a_plus_is_the_owners_own_mark(address: str, mailbox: str) -> None:
    assert mailbox_of(address) == mailbox


def test_some_of_it_is_kept_for_the_owner() -> None:
    assert (MOST.hour, MOST.day) == (6, 20)
    assert (most_for(at_home=True).hour, most_for(at_home=True).day) == (6, 20)
    assert (most_for(at_home=False).hour, most_for(at_home=False).day) == (5, 18)
