"""What a reader of the daily e-mail wants to read. Nothing chosen of kinds, or of places, means all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Choice:
    """Kinds of release, and slugs of places, each once."""

    kinds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def as_json(self) -> dict[str, list[str]]:
        return {"kinds": list(self.kinds), "places": list(self.places)}


def from_json(kept: Mapping[str, Any]) -> Choice:
    """What `as_json` wrote; of an empty mapping the choice of everything."""
    return Choice(tuple(kept.get("kinds", ())), tuple(kept.get("places", ())))
