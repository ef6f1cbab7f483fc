"""One run: people work, processes die, everything heals, and what is there is counted."""

from __future__ import annotations

import queue
import random
import time

from tests.chaos.checker import Verdict, check, waits
from tests.chaos.history import OK, REFUSED, UNKNOWN, History
from tests.chaos.nemesis import TARGETS, Nemesis
from tests.chaos.people import Editor, Sender, Someone
from tests.chaos.planted import PLANTS
from tests.chaos.stage import EDITORS, SENDERS, UNTIL_READY, Stage, wait_until

DRAFTS_A_SECOND = 1.0
"""For each sender; more than they get done."""
LAST_WORDS = 20.0
ONE_SWEEP = 60.0
"""Seconds in which something that waits has to be done, once all processes run again."""
LONGEST_SWEEP = 600.0


def shake(luck: random.Random, *, kills: int, seconds: float, plant: str = "") -> Verdict:
    """Run it, print the table, and answer with the verdict."""
    stage = Stage(plant)
    try:
        return _shaken(stage, luck, kills, seconds)
    finally:
        stage.close()
        stage.remove()


def _shaken(stage: Stage, luck: random.Random, kills: int, seconds: float) -> Verdict:
    history = History(stage.folder / "history.jsonl")
    stage.people()
    if stage.plant:
        PLANTS[stage.plant].prepare(stage.portal)
    crowd = _crowd(stage, history, luck, int(seconds * DRAFTS_A_SECOND))
    stage.start()
    if not wait_until(stage.whole, UNTIL_READY):
        raise SystemExit(f"The portal does not start; its words are in {stage.folder}/portal.log")
    nemesis = Nemesis(stage, random.Random(luck.random()), _focus(stage))
    began = time.monotonic()
    for person in crowd:
        person.start()
    nemesis.rage(kills=kills, seconds=seconds)
    raged = time.monotonic() - began
    healed = _heal(stage, crowd)
    stage.stop()
    if not history.acknowledged("submit"):
        raise SystemExit("Nobody got anything done, so nothing was shown. Is the machine too busy?")
    verdict = check(stage.portal, history)
    verdict.lost += [person.problem for person in crowd if person.problem]
    _print(stage, history, nemesis, verdict, raged, healed)
    return verdict


def _focus(stage: Stage) -> tuple[str, ...]:
    return PLANTS[stage.plant].focus if stage.plant else ()


def _crowd(stage: Stage, history: History, luck: random.Random, drafts: int) -> list[Someone]:
    waiting: queue.Queue[str] = queue.Queue()
    settings = stage.settings
    senders = [
        Sender(
            settings,
            address,
            history,
            random.Random(luck.random()),
            drafts=stage.drafts(address, drafts, luck),
            waiting=waiting,
        )
        for address in SENDERS
    ]
    editors = [
        Editor(settings, address, history, random.Random(luck.random()), waiting=waiting)
        for address in EDITORS
    ]
    return [*senders, *editors]


def _heal(stage: Stage, crowd: list[Someone]) -> float:
    """People finish what they are at, everything runs again, and waits its sweep out. Seconds until nothing waits."""
    wait_until(stage.whole, UNTIL_READY)
    for person in crowd:
        person.over.set()
    for person in crowd:
        person.join(LAST_WORDS)
    return _swept(stage)


def _swept(stage: Stage) -> float:
    """Seconds until nothing waits any more. A slow machine may take its time, as long as something gets done."""
    began = moved = time.monotonic()
    seen: list[str] = []
    while found := waits(stage.portal):
        if found != seen:
            seen, moved = found, time.monotonic()
        if time.monotonic() - moved > ONE_SWEEP or time.monotonic() - began > LONGEST_SWEEP:
            break
        time.sleep(1)
    return time.monotonic() - began


def _print(
    stage: Stage, history: History, nemesis: Nemesis, verdict: Verdict, raged: float, healed: float
) -> None:
    counts = history.counts()
    print(f"\n{'planted bug: ' + stage.plant if stage.plant else 'the portal as it is'}, {raged:.0f} s")
    for target in TARGETS:
        print(f"  kill -9 of {target:<18}{nemesis.kills[target]:>5}")
    print(f"  Redis emptied{nemesis.flushes:>20}")
    for op in sorted({op for op, _outcome in counts}):
        told = ", ".join(f"{counts[op, outcome]} {outcome}" for outcome in (OK, REFUSED, UNKNOWN))
        print(f"  {op:<17} {told}")
    print(f"  sent again after no answer, with the same key: {history.repeated()}")
    print(f"  mails {verdict.mails}, sent again under the same Message-ID {verdict.repeated}")
    print(
        f"  longest wait for the web {nemesis.longest_away:.1f} s, all done {healed:.1f} s after the last kill"
    )
    for sentence in verdict.sentences[:12]:
        print(f"    {sentence}")
    print(
        f"kills {nemesis.kills.total()}, lost {len(verdict.lost)}, half {len(verdict.half)}, "
        f"double {len(verdict.double)}",
        flush=True,
    )
