"""Limit and own in turns: five rounds, the median of their ratios, and how far they lie apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

ROUNDS = 5


@dataclass(frozen=True)
class Rounds:
    """One pair of figures a round, in the same unit: the limit's and ours."""

    pairs: tuple[tuple[float, float], ...]

    @property
    def limit(self) -> float:
        return median(limit for limit, _ in self.pairs)

    @property
    def ours(self) -> float:
        return median(ours for _, ours in self.pairs)

    @property
    def ratios(self) -> list[float]:
        """Ours by the limit's, smallest first."""
        return sorted(ours / limit for limit, ours in self.pairs)

    @property
    def ratio(self) -> float:
        return median(self.ratios)

    def told(self, unit: str) -> str:
        """“0.52 (0.50-0.53) of the limit, 5,200 of 10,000 a second”, in figures that can be read."""
        ratios = self.ratios
        return f"{self.ratio:.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f}; {_short(self.ours)} to {_short(self.limit)} {unit})"


def in_turns(limit: Callable[[], float], ours: Callable[[], float], rounds: int = ROUNDS) -> Rounds:
    """Each asked once a round, the limit first."""
    return Rounds(tuple((limit(), ours()) for _ in range(rounds)))


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
