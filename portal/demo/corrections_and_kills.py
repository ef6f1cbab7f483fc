"""What became of a release once it was public: corrected, under a notice, out of the lists, taken down, killed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from portal.actions.publishing import correcting, killing, removing
from portal.actions.publishing.correcting import Correction
from portal.actions.publishing.killing import Kill
from portal.demo.reading import DemoRelease, Later
from portal.demo.stage import Act, Stage

Words = Mapping[str, Any]  # strings, and the reasons of a kill


def acts_after(stage: Stage, release: DemoRelease) -> list[Act]:
    """The newsroom's acts of `afterwards`, oldest first; those of a correction's own way are made by `acts`."""
    return [
        Act(later.at, partial(_take, stage, release, later))
        for later in release.story.afterwards
        if later.act in _ACTS
    ]


def begin_correction(stage: Stage, release: DemoRelease, later: Later, now: datetime) -> None:
    """By the member who wrote the release."""
    words = later.words
    correction = Correction(words["kind"], words["what"], words["why"])
    _do(stage, release, release.by, partial(correcting.start, correction=correction), now)


def _take(stage: Stage, release: DemoRelease, later: Later, now: datetime) -> None:
    _do(stage, release, stage.desk[later.by]["email"], _ACTS[later.act](stage, later.words, now), now)


def _do(stage: Stage, release: DemoRelease, email: str, act: Callable[..., object], now: datetime) -> None:
    now_so = stage.case(release.key).release
    act(stage.portal, stage.person(email), now_so.reference, version=now_so.version, now=now)


def _notice(_stage: Stage, words: Words, _now: datetime) -> Callable[..., object]:
    return partial(removing.set_notice, kind=words["kind"], text=words["text"])


def _archive(stage: Stage, _words: Words, now: datetime) -> Callable[..., object]:
    """From that very day on."""
    return partial(
        removing.expire_on, expires_at=now.astimezone(stage.portal.settings.zone).date().isoformat()
    )


def _take_down(_stage: Stage, words: Words, _now: datetime) -> Callable[..., object]:
    return partial(removing.take_down, message=words["message"])


def _kill(_stage: Stage, words: Words, _now: datetime) -> Callable[..., object]:
    """The first of two editors asks, the second one kills."""
    sent = Kill(
        message=words["message"],
        reasons=words.get("reasons", ()),
        public_text=words.get("public_text", ""),
        mail_readers=True,
    )
    return partial(killing.kill, sent=sent)


_ACTS: Mapping[str, Callable[[Stage, Words, datetime], Callable[..., object]]] = {
    "notice": _notice,
    "archive": _archive,
    "take-down": _take_down,
    "kill": _kill,
}
