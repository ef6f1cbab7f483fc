"""Facts in sentences, and whom their notices reach."""

import pytest

from portal.rules.facts import DUTY, FACTS, READER, SENDERS_SIDE, Fact, templates_to


@pytest.mark.parametrize(("fact", "sentence"), [
    (Fact("x", "{who} sent it."), "An sent it."), (Fact("x", "An editor began.", did="{who} began."), "An began."),
    (Fact("x", "Checks finished."), "Checks finished."),
])  # fmt: skip
def test_whoever_came_second_is_told_with_the_name(fact, sentence):
    assert fact.told_of("An") == sentence


@pytest.mark.parametrize(("fact", "template", "tells"), [
    ("submitted", "receipt", True), ("submitted", "desk_new", False), ("examined", "desk_new", False), ("claimed", "receipt", False),
])  # fmt: skip
def test_a_notice_goes_to_the_senders_side_or_not(fact, template, tells):
    assert FACTS[fact].tells_sender_by(template) is tells


def test_templates_are_found_by_whom_they_reach():
    assert templates_to((READER,)) == {"newsletter_confirm", "newsletter_link"}
    assert "receipt" in templates_to(SENDERS_SIDE)
    assert templates_to((DUTY,)) & templates_to(SENDERS_SIDE) == frozenset()
    assert templates_to(()) == frozenset()
