"""Shows every setting with its source, and looks at everything that the portal leans on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import click

from portal.commands import answer, json_option, machine_settings
from portal.commands.examining import machine, records
from portal.commands.examining.findings import ADVICE, OK, WRONG, Finding
from portal.settings import Settings, SettingsRefused, setting_names, shown_value

LOOKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    machine.versions,
    machine.time,
    records.database,
    machine.redis,
    machine.storage,
    machine.mail,
    machine.signature,
    machine.keys,
)
SIGNS = {OK: "ok    ", ADVICE: "advice", WRONG: "WRONG "}


@click.command()
@json_option
def command(as_json: bool) -> None:
    """Show every setting and its source, and examine what the portal leans on."""
    try:
        settings = machine_settings()
    except SettingsRefused as refusal:
        answer({"ok": False, "problems": refusal.problems}, as_json=as_json, text=str(refusal))
        raise SystemExit(1) from None
    findings = [finding for look in LOOKS for finding in look(settings)]
    is_well = all(finding.state != WRONG for finding in findings)
    answer(_as_object(settings, findings, is_well), as_json=as_json, text=_as_text(settings, findings))
    raise SystemExit(0 if is_well else 1)


def _as_object(settings: Settings, findings: list[Finding], is_well: bool) -> dict[str, Any]:
    shown = {
        name: {"value": shown_value(settings, attribute), "source": settings.sources[attribute]}
        for attribute, name in setting_names().items()
    }
    found = [{"name": each.name, "state": each.state, "text": each.text} for each in findings]
    return {"ok": is_well, "settings": shown, "findings": found}


def _as_text(settings: Settings, findings: list[Finding]) -> str:
    return "\n".join([*_setting_lines(settings), "", *(_line(finding) for finding in findings)])


def _setting_lines(settings: Settings) -> Iterator[str]:
    for attribute, name in setting_names().items():
        yield f"{name:<29} {shown_value(settings, attribute) or '–':<44} {settings.sources[attribute]}"


def _line(finding: Finding) -> str:
    return f"{SIGNS[finding.state]} {finding.name:<12} {finding.text}"
