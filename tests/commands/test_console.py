"""The terminal that all parts share: lines for people, or one JSON object a line."""

from __future__ import annotations

import io
import json

import pytest

from portal.commands.supervising.console import Console, JsonConsole, console_for


class Terminal(io.StringIO):
    def fileno(self) -> int:
        raise OSError


def written(console_class: type[Console], *said: tuple[str, str]) -> list[str]:
    terminal = Terminal()
    console = console_class(terminal)
    for name, line in said:
        console.say(name, line)
    console.plain("Ready: https://press.example.org")
    return terminal.getvalue().splitlines()


def test_people_read_a_short_name_before_each_line():
    assert written(Console, ("web", "hello")) == ["web     | hello", "Ready: https://press.example.org"]


@pytest.mark.parametrize(
    "line",
    [
        "hello",
        "",
        "{",
        "{}",
        "[1]",
        '"x"',
        "null",
        '{"event": 1',
        "100 {",
        "NaN",
        '{"event": "' + "x" * 5000 + '"}',
        "ကခ \u2028",
    ],
)
def test_every_line_is_one_json_object_with_its_process(line):
    lines = written(JsonConsole, ("redis", line))

    assert len(lines) == 2
    assert json.loads(lines[0])["process"] == "redis"
    assert json.loads(lines[1]) | {"timestamp": ""} == {
        "process": "up", "event": "Ready: https://press.example.org", "level": "info", "timestamp": "",
    }  # fmt: skip


def test_what_is_json_already_keeps_its_fields():
    said = {"event": "request", "status": 200, "words": "ဗမာ"}

    assert json.loads(written(JsonConsole, ("web", json.dumps(said)))[0]) == {"process": "web", **said}


@pytest.mark.parametrize(("is_production", "chosen"), [(True, JsonConsole), (False, Console)])
def test_programs_read_where_the_portal_is_in_use(is_production, chosen):
    assert type(console_for(is_production=is_production)) is chosen
