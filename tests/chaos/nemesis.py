"""Kills processes at random moments, as the machine would: without a word."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

import redis

from tests.chaos.stage import Stage, kill, runs, wait_until

TARGETS = ("web", "worker", "horse", "worker and horse", "clock", "redis", "everything")
WEIGHTS = (17, 16, 22, 17, 14, 12, 2)
FLUSH = "FLUSHALL"
UNTIL_A_HORSE = 4.0
"""Seconds to wait for a job to be under way; then the worker dies without one."""
AT_WORK = (0.2, 3.0)


class Nemesis:
    """`kills` counts the processes that it really ended, `flushes` how often Redis was emptied."""

    def __init__(self, stage: Stage, luck: random.Random, focus: tuple[str, ...] = ()) -> None:
        self.stage, self.luck, self.focus = stage, luck, focus
        self.kills: Counter[str] = Counter()
        self.flushes = 0
        self.longest_away = 0.0

    def rage(self, *, kills: int, seconds: float, over: Callable[[], bool] = lambda: False) -> None:
        """Until there were so many kills, or the time is over. Two flushes at least, about one for ten kills."""
        deadline = time.monotonic() + seconds
        gap = seconds / kills / 2
        while self.kills.total() < kills and time.monotonic() < deadline and not over():
            time.sleep(self.luck.uniform(0.0, 2 * gap))
            if self.flushes < 1 + self.kills.total() // 8:
                self._flush()
            self._strike(self._target())

    def _target(self) -> str:
        if self.focus and self.luck.random() < 0.7:
            return self.luck.choice(self.focus)
        return self.luck.choices(TARGETS, WEIGHTS)[0]

    def _strike(self, target: str) -> None:
        if target == "web" and not self._web_is_back():
            return
        strike = {"horse": self._horse, "worker and horse": self._both, "everything": self._everything}
        if strike.get(target, lambda: self._one(target))():
            self.kills[target] += 1

    def _web_is_back(self) -> bool:
        """It is not killed again before people got something done."""
        began = time.monotonic()
        back = wait_until(self.stage.is_ready, 30)
        self.longest_away = max(self.longest_away, time.monotonic() - began)
        time.sleep(self.luck.uniform(*AT_WORK))
        return back

    def _one(self, name: str) -> bool:
        number = self.stage.find(name)
        return number is not None and kill(number)

    def _horse(self) -> bool:
        return self._killed_a_horse(self.stage.find("worker"))

    def _both(self) -> bool:
        worker = self.stage.find("worker")
        horse_too = self._killed_a_horse(worker)
        return (worker is not None and kill(worker)) or horse_too

    def _everything(self) -> bool:
        self.stage.kill_everything()
        return True

    def _killed_a_horse(self, worker: int | None) -> bool:
        """One that works; they live for a blink, so several are tried."""
        deadline = time.monotonic() + UNTIL_A_HORSE
        while worker is not None and time.monotonic() < deadline:
            horses = self.stage.children(worker)
            if horses:
                time.sleep(self.luck.uniform(0, 0.01))  # into its work
                if runs(horses[0]) and kill(horses[0]):
                    return True
            time.sleep(0.0005)
        return False

    def _flush(self) -> None:
        try:
            with redis.Redis.from_url(self.stage.settings.redis_url, socket_timeout=1) as client:
                client.flushall()
        except redis.RedisError:
            return
        self.flushes += 1
