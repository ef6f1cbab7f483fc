"""What is installed is pinned, and no machine's registry stands in the files that pin it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PINNED = ("requirements.txt", "requirements-dev.txt", "package-lock.json", "package.json", ".npmrc")


def pins(name: str) -> dict[str, str]:
    return dict(
        re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^ ;\\]+)", (ROOT / name).read_text(), re.MULTILINE)
    )


@pytest.mark.parametrize("name", PINNED)
def test_no_registry_address_is_written_down(name: str) -> None:
    assert [line for line in (ROOT / name).read_text().splitlines() if "://" in line] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_library_is_pinned_with_hashes(name: str) -> None:
    content = (ROOT / name).read_text()
    entries = re.split(r"\n(?=[a-z])", content.partition("\n\n")[0])

    assert len(pins(name)) > 20
    assert [entry for entry in entries if not entry.startswith("#") and "--hash=sha256:" not in entry] == []


def test_the_tests_run_on_the_same_libraries_as_the_portal() -> None:
    for_tests = pins("requirements-dev.txt")

    assert {name: for_tests.get(name) for name in pins("requirements.txt")} == pins("requirements.txt")


def test_every_named_dependency_is_pinned() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    named = [
        re.split(r"[\[>=<]", entry)[0].strip()
        for entry in [*project["dependencies"], *extras["build"], *extras["dev"]]
    ]

    assert [name for name in named if name not in pins("requirements-dev.txt")] == []


def test_browser_files_are_pinned_by_content() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []
