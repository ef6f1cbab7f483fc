"""What is changed, and which tests have to notice: tests of rules for rules, those of actions on SQLite for the rest."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Room:
    """Modules by pattern, less the patterns of `spared`, and the files or folders of tests that answer for them."""

    changed: tuple[str, ...]
    tests: tuple[str, ...]
    spared: tuple[str, ...] = ()


ROOMS = {
    "rules": Room(
        ("portal/rules/*.py",),
        ("tests/rules",),
        spared=(
            "portal/rules/common_passwords.py",
            "portal/rules/kinds/*.py",
            "portal/rules/requirements/*.py",
        ),
    ),
    "kinds": Room(("portal/rules/kinds/*.py", "portal/rules/requirements/*.py"), ("tests/rules",)),
    "states": Room(
        tuple(f"portal/actions/releases/{name}.py" for name in ("moving", "asking", "claims", "mail_hold")),
        (
            "tests/actions/releases",
            "tests/actions/moderating/test_undoing.py",
            "tests/actions/moderating/test_second_pair.py",
        ),
    ),
    "outbox": Room(
        ("portal/storage/outbox.py",),
        ("tests/storage/test_outbox.py", "tests/actions/moderating/test_undoing.py"),
    ),
    "visibility": Room(
        ("portal/storage/queries/public_releases.py",),
        ("tests/storage/test_public_releases.py", "tests/web/public/test_visibility.py"),
    ),
    "door": Room(
        ("portal/web/access.py",),
        (
            "tests/web/edge/test_access.py",
            "tests/web/edge/test_parked_forms.py",
            "tests/web/edge/test_protection.py",
        ),
    ),
}
