"""One run: people work, processes die, everything heals, and what is there is counted."""

from __future__ import annotations

import queue
import random
import time
from dataclasses import dataclass

from tests.chaos.checker import Verdict, check, latest_recording, still_to_come, waits
from tests.chaos.history import OK, REFUSED, UNKNOWN, History
from tests.chaos.nemesis import TARGETS, Nemesis
from tests.chaos.people import Editor, Sender, Someone
from tests.chaos.planted import PLANTS
from tests.chaos.stage import EDITORS, SENDERS, UNTIL_READY, Kind, Stage, wait_until

DRAFTS_A_SECOND = 1.0
"""For each sender; more than they get done."""
LAST_WORDS = 20.0
ONE_SWEEP = 60.0
"""Seconds in which something that waits has to be done, once all processes run again."""
LONGEST_SWEEP = 600.0
UNTIL_ALL_CAME = 180.0
"""Editors schedule by a minute or two: what comes after the last kill has to be recorded and told as well."""


@dataclass(frozen=True)
class Healed:
    """How long after the last kill nothing waited any more, what waited at first, and whether it went on to the end."""

    seconds: float
    at_first: int
    after_a_sweep: int
    was_moving: bool


def shake(luck: random.Random, *, kills: int, seconds: float, kind: Kind) -> Verdict:
    """Run it, print the table, and answer with the verdict. What went wrong unplanned leaves its log behind."""
    stage, is_wanted = Stage(kind), True
    try:
        verdict = _shaken(stage, luck, kills, seconds)
        is_wanted = not (verdict.is_clean or kind.plant)
        return verdict
    finally:
        stage.close()
        if is_wanted:
            print(f"the words of the processes are in {stage.folder}/portal.log", flush=True)
        else:
            stage.remove()


def _shaken(stage: Stage, luck: random.Random, kills: int, seconds: float) -> Verdict:
    history = History(stage.folder / "history.jsonl")
    stage.people()
    if stage.kind.plant:
        PLANTS[stage.kind.plant].prepare(stage.portal)
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
    verdict = check(stage.portal, history, stage.mails(), was_moving=healed.was_moving)
    verdict.lost += [person.problem for person in crowd if person.problem]
    _print(stage, history, nemesis, verdict, raged, healed)
    return verdict


def _focus(stage: Stage) -> tuple[str, ...]:
    plant = stage.kind.plant
    return PLANTS[plant].focus if plant else ()


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


def _heal(stage: Stage, crowd: list[Someone]) -> Healed:
    """People finish what they are at, everything runs again, and waits its sweep out."""
    began = time.monotonic()
    wait_until(stage.whole, UNTIL_READY)
    for person in crowd:
        person.over.set()
    for person in crowd:
        person.join(LAST_WORDS)
    return _swept(stage, began)


def _swept(stage: Stage, began: float) -> Healed:
    """Until nothing waits any more. A slow machine may take its time, as long as something gets done."""
    seen = first = waits(stage.portal)
    moved, after_a_sweep = time.monotonic(), 0
    while found := waits(stage.portal):
        now = time.monotonic()
        if found != seen:
            seen, moved = found, now
        if now - began < ONE_SWEEP:
            after_a_sweep = len(found)
        if now - moved > ONE_SWEEP or now - began > LONGEST_SWEEP:
            break
        time.sleep(0.5)
    passed = time.monotonic() - began
    was_moving = bool(found) and time.monotonic() - moved <= ONE_SWEEP
    if not found:
        wait_until(lambda: not still_to_come(stage.portal) and not waits(stage.portal), UNTIL_ALL_CAME)
    return Healed(passed, len(first), after_a_sweep if passed > ONE_SWEEP else 0, was_moving)


def _print(
    stage: Stage, history: History, nemesis: Nemesis, verdict: Verdict, raged: float, healed: Healed
) -> None:
    counts = history.counts()
    print(f"\n{stage.kind}, {raged:.0f} s")
    for target in TARGETS:
        print(f"  kill -9 of {target:<18}{nemesis.kills[target]:>5}")
    print(f"  Redis emptied{nemesis.flushes:>20}")
    for op in sorted({op for op, _outcome in counts}):
        told = ", ".join(f"{counts[op, outcome]} {outcome}" for outcome in (OK, REFUSED, UNKNOWN))
        print(f"  {op:<17} {told}")
    print(f"  sent again after no answer, with the same key: {history.repeated()}")
    print(f"  mails {verdict.mails}, sent again under the same Message-ID {verdict.repeated}")
    print(
        f"  longest wait for the web {nemesis.longest_away:.1f} s, "
        f"latest recording of a release {latest_recording(stage.portal):.1f} s after its time"
    )
    left = len(verdict.late) or ("some" if verdict.lost else "nothing")
    print(
        f"  after the last kill {healed.at_first} things waited, {healed.after_a_sweep} of them longer than "
        f"{ONE_SWEEP:.0f} s; after {healed.seconds:.1f} s {left} did"
    )
    for sentence in verdict.sentences[:12]:
        print(f"    {sentence}")
    print(
        f"kills {nemesis.kills.total()}, lost {len(verdict.lost)}, half {len(verdict.half)}, "
        f"double {len(verdict.double)}, late {len(verdict.late)}",
        flush=True,
    )
