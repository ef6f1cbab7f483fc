"""Imports point down: web and workers on outlets, outlets on actions, actions on storage and text, those on rules."""

from __future__ import annotations

import sys

import pytest

from tests.rigs.sources import PROJECT, imports, name_of, program_files

# What every room of the actions may import; beside it, the rooms that its own row names.
BELOW_ACTIONS = (
    "portal.rules",
    "portal.storage",
    "portal.text",
    "portal.settings",
    "portal.actions.portal",
    "portal.actions.presses",
)
BELOW_OUTLETS = (
    "portal.rules",
    "portal.storage",
    "portal.text",
    "portal.settings",
    "portal.outlets.public_release",
    "portal.outlets.removed_release",
)
# Which layers a layer may import; the more special name is looked up first.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "portal.rules": (),
    "portal.clock": ("portal.settings",),
    "portal.settings": ("portal.rules",),
    "portal.text": ("portal.rules",),
    "portal.storage": ("portal.rules",),
    "portal.actions.portal": ("portal.storage", "portal.settings", "portal.rules.presses"),
    "portal.actions.presses": ("portal.storage", "portal.rules"),
    "portal.actions.releases": BELOW_ACTIONS,
    "portal.actions.accounts": BELOW_ACTIONS,
    "portal.actions.mailing": (*BELOW_ACTIONS, "portal.actions.accounts"),
    "portal.actions.publishing": (*BELOW_ACTIONS, "portal.actions.releases", "portal.actions.mailing"),
    "portal.actions.submitting": (*BELOW_ACTIONS, "portal.actions.releases", "portal.actions.publishing"),
    "portal.actions.moderating": (*BELOW_ACTIONS, "portal.actions.releases", "portal.actions.publishing"),
    "portal.actions.newsletter": (*BELOW_ACTIONS, "portal.actions.mailing", "portal.actions.accounts"),
    "portal.actions.operating": (
        *BELOW_ACTIONS,
        "portal.actions.newsletter",
        "portal.actions.publishing",
        "portal.actions.releases",
    ),
    "portal.outlets.newsletter": (*BELOW_OUTLETS, "portal.outlets.mail"),
    "portal.outlets.mail": BELOW_OUTLETS,
    "portal.outlets": ("portal.rules", "portal.storage", "portal.text", "portal.settings"),
    "portal.logs": ("portal.settings",),
    # Bytes before the application: it knows neither pages nor rows.
    "portal.front": (),
    # What may be sent and how it is cleaned; of the actions it takes the shapes in which they are handed their input.
    "portal.web.forms": (
        "portal.rules",
        "portal.text",
        "portal.actions.moderating.deciding",
        "portal.actions.moderating.second_pair",
        "portal.actions.newsletter.subscribing",
        "portal.actions.publishing.correcting",
        "portal.actions.publishing.going_live",
        "portal.actions.publishing.killing",
    ),
    "portal.web": (
        "portal.web.forms",
        "portal.front",
        "portal.rules",
        "portal.storage",
        "portal.text",
        "portal.actions",
        "portal.outlets",
        "portal.settings",
        "portal.clock",
        "portal.logs",
    ),
    "workers": (
        "portal.rules",
        "portal.storage",
        "portal.text",
        "portal.actions",
        "portal.outlets",
        "portal.settings",
        "portal.clock",
        "portal.logs",
    ),
    "portal.demo": ("portal.rules", "portal.storage", "portal.text", "portal.actions", "portal.settings"),
    "portal.commands": ("portal", "workers"),
    "portal.app": ("portal", "workers"),
    "portal.__main__": ("portal",),
    "portal": (),
}
# (file, import): why it is no mistake.
EXCUSES: dict[tuple[str, str], str] = {}
STANDARD_ONLY = (
    "portal.rules",
    "portal.settings",
    "portal.clock",
)
ZONES = {"tzdata"}  # data of the standard library's zoneinfo


def module_of(file) -> str:
    return name_of(file).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def layer_of(module: str) -> str:
    """The row for a module: its own or its room's."""
    return next(
        (layer for layer in MAY_IMPORT if module == layer or module.startswith(f"{layer}.")),
        module,
    )


def pointing_up(file) -> list[str]:
    own = layer_of(module_of(file))
    return [
        name
        for name in imports(file)
        if name.partition(".")[0] in ("portal", "workers") and name != "portal"
        if layer_of(name) != own and not name.startswith(MAY_IMPORT[own])
        if (name_of(file), name) not in EXCUSES
    ]


def test_imports_point_down():
    wrong = {name_of(file): up for file in program_files() if (up := pointing_up(file))}

    assert wrong == {}


def test_rules_settings_and_the_clock_import_the_standard_library_only():
    known = sys.stdlib_module_names | {"portal", "__future__"} | ZONES
    foreign = {
        (name_of(file), name)
        for file in program_files()
        if layer_of(module_of(file)) in STANDARD_ONLY
        for name in imports(file)
        if name.partition(".")[0] not in known
    }

    assert foreign == set()


def test_the_web_and_the_workers_never_import_each_other():
    across = {
        (name_of(file), name)
        for file in program_files()
        for name in imports(file)
        if (name_of(file).startswith("workers/") and name.startswith("portal.web"))
        or (name_of(file).startswith("portal/web/") and name.partition(".")[0] == "workers")
    }

    assert across == set()


def test_every_room_stands_in_the_table():
    strange = {module_of(file) for file in program_files() if layer_of(module_of(file)) not in MAY_IMPORT}

    assert strange == set()


def test_every_excuse_is_still_needed():
    used = {(name_of(file), name) for file in program_files() for name in imports(file)}

    assert set(EXCUSES) - used == set()


@pytest.mark.parametrize(
    ("library", "only_in"),
    [
        ("flask", ("portal.web", "portal.app", "portal.commands", "portal.logs")),
        ("rq", ("workers",)),
        ("redis", ("workers", "portal.commands", "portal.web")),
        ("sqlalchemy", ("portal.storage", "portal.actions", "portal.commands", "portal.demo", "portal.web")),
        ("smtplib", ("portal.outlets", "portal.commands")),
    ],
)
def test_a_library_stays_in_its_rooms(library, only_in):
    elsewhere = [
        name_of(file)
        for file in program_files()
        if any(name.partition(".")[0] == library for name in imports(file))
        and not layer_of(module_of(file)).startswith(only_in)
    ]

    assert elsewhere == []


# Which room of the pages builds on which; all of them use the forms and what stands beside the rooms.
WEB_ARROWS = {
    ("moderating", "release_pages"),
    ("submitting", "release_pages"),
    ("newsletter", "accounts"),
    ("organisation", "accounts"),
    ("newsletter", "public"),
}


def test_rooms_of_the_pages_stay_apart():
    """The newsroom does not live in the sender's rooms, nor the other way round."""
    rooms = {path.name for path in (PROJECT / "portal/web").iterdir() if (path / "__init__.py").exists()}
    arrows = {
        (own, named)
        for file in program_files()
        if name_of(file).startswith("portal/web/") and (own := name_of(file).split("/")[2]) in rooms
        for name in imports(file)
        if name.startswith("portal.web.") and (named := name.split(".")[2]) in rooms - {own, "forms"}
    }

    assert arrows == WEB_ARROWS
