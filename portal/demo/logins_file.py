"""The handed-out logins, kept beside the database so that a later start can print them again."""

import json
import os
from dataclasses import asdict
from pathlib import Path

from portal.demo.people import Login

NAME = "demo-logins.json"


def write(folder: Path, logins: list[Login]) -> None:
    """Readable by its owner only, and whole or not there."""
    draft = folder / f"{NAME}.{os.getpid()}"
    draft.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(draft, flags, 0o600), "w", encoding="utf-8") as file:
        json.dump([asdict(login) for login in logins], file, indent=2)
        file.write("\n")
    draft.replace(folder / NAME)


def read(folder: Path) -> list[Login]:
    """What was kept; nothing where there is no such file or it is not one of ours."""
    try:
        return [Login(**each) for each in json.loads((folder / NAME).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []
