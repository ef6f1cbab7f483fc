"""Where settings are written down: the environment, and one file in the instance folder."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

PREFIX = "PORTAL_"
FILE_NAME = "portal.toml"
WITHOUT_EFFECT_YET = frozenset(
    (
        "PORTAL_CACHE_PURGE_URL",
        "PORTAL_FILES_BY_PROXY",
        "PORTAL_MAIL_KEYS_OLD",
        "PORTAL_OLD_HOSTS",
        "PORTAL_SECRET_KEYS_OLD",
        "PORTAL_SESSION_DAYS",
        "PORTAL_SESSION_IDLE_HOURS",
        "PORTAL_STAFF_SECOND_FACTOR",
        "PORTAL_THEME",
        "PORTAL_WEBSUB_HUB",
    )
)
"""Names that are promised: who sets one before it does something must not be kept from starting. Take a name out when
it becomes a setting."""


def everything_given(
    environ: Mapping[str, str], root: Path, known: Sequence[str]
) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Attribute → (text, source), the environment winning over the file; and what was wrong with the names."""
    problems: list[str] = []
    folder = root / Path(environ.get(PREFIX + "INSTANCE_PATH") or "instance").expanduser()
    in_file = _names_in_file(folder / FILE_NAME, problems)
    in_environment = {
        name: text for name, text in environ.items() if name.startswith(PREFIX) and text.strip()
    }
    given: dict[str, tuple[str, str]] = {}
    for names, source in ((in_file, f"{folder.name}/{FILE_NAME}"), (in_environment, "environment")):
        for name, text in names.items():
            if _is_known(name, source, known, problems):
                given[name.removeprefix(PREFIX).lower()] = (text, source)
    return given, problems


def _names_in_file(path: Path, problems: list[str]) -> dict[str, str]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as problem:
        problems.append(f"{path} cannot be read: {problem}")
        return {}
    return {name: _text_in_file(value) for name, value in content.items()}


def _text_in_file(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ",".join(str(item) for item in value)
    return str(value)


def _is_known(name: str, source: str, known: Sequence[str], problems: list[str]) -> bool:
    if name in known or name in WITHOUT_EFFECT_YET:
        return name in known
    nearest = get_close_matches(name.upper(), known, n=1, cutoff=0)[0]
    problems.append(f"{name} ({source}) is no setting of the portal. Did you mean {nearest}?")
    return False
