"""One line a request, without what was typed, tokens or addresses."""

from __future__ import annotations

import pytest

from tests.rigs.people import PASSWORD, People
from tests.rigs.visitor import Visitor


def test_a_request_is_logged_by_its_route_and_id_only(
    stranger: Visitor, people: People, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    people.registered()
    token = people.link("confirm")

    answer = stranger.open(f"/account/confirm/{token}?secret=word")
    stranger.log_in("dewi@selat.example", PASSWORD)

    said = str([record.msg for record in caplog.records]) + capfd.readouterr().err
    assert "/account/confirm/<token>" in said
    assert answer.headers["X-Request-Id"] in said
    for unsaid in (token, "secret=word", "dewi@selat.example", PASSWORD, "198.51.100.7"):
        assert unsaid not in said
