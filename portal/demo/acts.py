"""The story of a release as single acts, each through the action that a person's click would call."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from portal.actions.moderating import examining, reading
from portal.actions.moderating.deciding import Verdict
from portal.actions.submitting import drafting, sending
from portal.demo.corrections_and_kills import acts_after, begin_correction
from portal.demo.reading import DemoRelease, Later
from portal.demo.stage import Act, Stage
from portal.rules.kinds import DECLARATIONS
from portal.rules.second_pair import CHECK, CONSENT, asked_by

MINUTE = timedelta(minutes=1)
BEGINS = 42 * MINUTE  # before it is sent, or before the last save of a draft
PAGES = {"news": 36 * MINUTE, "facts": 27 * MINUTE, "story": 11 * MINUTE, "contact": timedelta()}
SENDS = 4 * MINUTE  # after the last page
EXAMINED = timedelta(seconds=15)
READS, NOTES, MENDS = 12 * MINUTE, 5 * MINUTE, 14 * MINUTE  # before the decision, before it is sent again
WRITES, WAITS = 15 * MINUTE, 50 * MINUTE  # from the beginning of a correction, and until it is decided
DECISIONS = {
    "published": "approve",
    "awaiting_second": "approve",
    "rejected": "reject",
    "changes_requested": "request_changes",
    "resubmitted": "request_changes",
}


def acts_of(stage: Stage, release: DemoRelease) -> list[Act]:
    """Everything that happened to a release, oldest first."""
    story = release.story
    acts = _writing(stage, release)
    if story.sent is not None:
        acts += _sending(stage, release, story.sent)
    if story.claimed is not None:
        acts.append(Act(story.claimed, partial(_claim, stage, release)))
    if story.decided is not None:
        acts += _deciding(stage, release, story.decided)
    if story.resent is not None:
        acts.append(Act(story.resent - MENDS, partial(_save, stage, release, "story", release.values)))
        acts += _sending(stage, release, story.resent)
    if story.withdrawn is not None:
        acts.append(Act(story.withdrawn, partial(_withdraw, stage, release)))
    for later in story.afterwards:
        acts += _correcting(stage, release, later) if later.act == "correct" else []
    return acts + acts_after(stage, release)


def _writing(stage: Stage, release: DemoRelease) -> list[Act]:
    story, values = release.story, {**release.values, **release.story.before}
    finished = story.saved if story.sent is None else story.sent - SENDS
    if finished is None:
        raise ValueError(f"{release.key} was neither saved nor sent")
    begun = Act(finished - BEGINS, partial(_start, stage, release))
    pages = (
        Act(finished - early, partial(_save, stage, release, page, values)) for page, early in PAGES.items()
    )
    return [begun, *pages]


def _sending(stage: Stage, release: DemoRelease, at: timedelta) -> list[Act]:
    return [Act(at, partial(_submit, stage, release)), Act(at + EXAMINED, partial(_examine, stage, release))]


def _deciding(stage: Stage, release: DemoRelease, at: timedelta) -> list[Act]:
    first_time = at == release.story.decided
    noted = [Act(at - NOTES, partial(_note, stage, release))] if release.story.note and first_time else []
    return [
        Act(at - READS, partial(_claim, stage, release)),
        *noted,
        Act(at, partial(_decide, stage, release)),
    ]


def _correcting(stage: Stage, release: DemoRelease, later: Later) -> list[Act]:
    """Begun, written, sent, read and approved like a release; the same editor reads it."""
    sent = later.at + WRITES
    wrong, right = later.words["wrong"], later.words["right"]
    values = {name: value.replace(wrong, right) for name, value in release.values.items()}
    return [
        Act(later.at, partial(begin_correction, stage, release, later)),
        *(Act(sent - SENDS, partial(_save, stage, release, page, values)) for page in ("facts", "story")),
        *_sending(stage, release, sent),
        *_deciding(stage, release, sent + WAITS),
    ]


def _start(stage: Stage, release: DemoRelease, now: datetime) -> None:
    writer = stage.person(release.by)
    stage.references[release.key] = drafting.start(stage.portal, writer, release.kind, now=now)


def _save(stage: Stage, release: DemoRelease, page: str, values: Mapping[str, str], now: datetime) -> None:
    case = stage.case(release.key)
    drafting.save(
        stage.portal,
        stage.person(release.by),
        case.release.reference,
        page=page,
        posted=values,
        version=case.release.version,
        now=now,
    )


def _submit(stage: Stage, release: DemoRelease, now: datetime) -> None:
    case = stage.case(release.key)
    sending.submit(
        stage.portal,
        stage.person(release.by),
        case.release.reference,
        posted={field.name: release.values.get(field.name, "") for field in DECLARATIONS},
        version=case.release.version,
        key=case.edition.submission_key,
        now=now,
    )


def _examine(stage: Stage, release: DemoRelease, now: datetime) -> None:
    examining.examine(stage.portal, stage.case(release.key).edition.id, now=now)


def _claim(stage: Stage, release: DemoRelease, now: datetime) -> None:
    release_now = stage.case(release.key).release
    editor = stage.editor(release.story.editor)
    reading.claim(stage.portal, editor, release_now.reference, version=release_now.version, now=now)


def _note(stage: Stage, release: DemoRelease, now: datetime) -> None:
    editor, reference = stage.editor(release.story.editor), stage.references[release.key]
    reading.add_note(stage.portal, editor, reference, note=release.story.note, now=now)


def _decide(stage: Stage, release: DemoRelease, now: datetime) -> None:
    release_now = stage.case(release.key).release
    reading.decide(
        stage.portal,
        stage.editor(release.story.editor),
        release_now.reference,
        _verdict(stage, release),
        version=release_now.version,
        now=now,
    )


def _verdict(stage: Stage, release: DemoRelease) -> Verdict:
    """An approval comes with the records that its flags ask for; the first for an organisation with that of the call.

    One that waits for a second editor comes without.
    """
    decision, house = DECISIONS[release.story.state], release.organisation
    whole = decision == "approve" and release.story.state != "awaiting_second"
    first_yes = whole and house not in stage.called_back
    call = stage.organisations[house]["identity"] if first_yes else {}
    if first_yes:
        stage.called_back.add(house)
    return Verdict(
        decision=decision,
        revision_hash=stage.revision_hash(release.key),
        reasons=release.story.reasons,
        message=release.story.message,
        **{f"identity_{part}": words for part, words in call.items()},
        **(_notes(stage, release) if whole else {}),
    )


def _notes(stage: Stage, release: DemoRelease) -> dict[str, str]:
    """What was seen and checked, where a flag of the text asks for it."""
    asked = asked_by(stage.case(release.key).edition.flags)
    notes = {
        CONSENT: ("consent_note", "Signed forms seen; the organisation keeps them and sent us a copy."),
        CHECK: ("check_note", "Compared with the public register, and asked the contact by telephone."),
    }
    return dict(notes[act] for act in asked if act in notes)


def _withdraw(stage: Stage, release: DemoRelease, now: datetime) -> None:
    release_now = stage.case(release.key).release
    sending.withdraw(
        stage.portal,
        stage.person(release.by),
        release_now.reference,
        version=release_now.version,
        message=release.story.message,
        now=now,
    )
