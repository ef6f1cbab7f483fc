"""What mean texts cost the rules of writing: twice the length may take at most about twice the time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import process_time

from tests.rules.examples import EXAMPLES, MEAN, issues_of, measured

MOST_GROWTH = 3.0
SHORTEST = 0.05  # seconds; below that the clock says more about the machine than about the text


@dataclass(frozen=True)
class Cost:
    """One kind of text; `half` and `whole` in seconds of the processor, for one and for twice the length."""

    kind: str
    half: float
    whole: float

    @property
    def growth(self) -> float:
        return self.whole / max(self.half, SHORTEST)


def run() -> list[Cost]:
    return list(_costs())


def told(costs: list[Cost]) -> str:
    worst = max(costs, key=lambda cost: cost.growth)
    return (
        f"Mean texts: {len(costs)} kinds, the slowest {max(cost.whole for cost in costs):.2f} s; twice the length costs at most "
        f"{worst.growth:.1f} times as much ({worst.kind[:12]!r}; limit {MOST_GROWTH:g})."
    )


def _costs() -> Iterator[Cost]:
    for mean in MEAN:
        yield Cost(mean[:20], _seconds(mean[: len(mean) // 2]), _seconds(mean))


def _seconds(mean: str) -> float:
    changes = {"body": mean, "headline": mean[:2000]}
    counts = measured({**EXAMPLES["business"], **changes}, lead=mean)
    began = process_time()
    issues_of("business", changes, measured=counts)
    return process_time() - began
