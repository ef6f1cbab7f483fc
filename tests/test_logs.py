"""What the log says, and what it never says."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
import structlog

from portal import logs
from portal.settings import Settings


@pytest.fixture
def lines(settings: Settings) -> Iterator[io.StringIO]:
    """Where the portal's log goes during a test of production."""
    logs.configure(replace(settings, env="production"))
    handler = next(each for each in logging.getLogger().handlers if each.get_name() == "portal")
    assert isinstance(handler, logging.StreamHandler)
    caught = io.StringIO()
    handler.setStream(caught)
    yield caught
    logging.getLogger().removeHandler(handler)


def test_production_writes_one_object_a_line(lines: io.StringIO) -> None:
    structlog.contextvars.bind_contextvars(request_id="abc")
    structlog.get_logger("portal.web").info("request", status=200)
    logging.getLogger("elsewhere").warning("a library\nspeaks")
    structlog.contextvars.clear_contextvars()

    first, second = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert (first["event"], first["status"], first["request_id"]) == ("request", 200, "abc")
    assert (second["event"], second["logger"], second["request_id"]) == (
        "a library\nspeaks",
        "elsewhere",
        "abc",
    )


def test_a_failure_is_named_with_its_places_and_without_its_message(lines: io.StringIO) -> None:
    try:
        int("dewi@selat.example")
    except ValueError as problem:
        structlog.get_logger("portal.web").error("a request failed", exc_info=problem)

    line = json.loads(lines.getvalue())
    assert line["failure"] == "ValueError"
    assert "test_logs.py" in line["places"][0]
    assert "dewi" not in lines.getvalue()


def test_development_writes_short_text() -> None:
    line = logs.short_text(
        None,
        "",
        {"timestamp": "2026-03-24T03:20:05Z", "level": "info", "logger": "portal", "event": "a\nb", "n": 1},
    )

    assert line == "03:20:05 info portal: a\\nb n=1"
