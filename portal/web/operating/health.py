"""`/newsroom/health`: what waits, since when, and whom to call, in plain words; and the form that lifts a hold."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.actions.operating import clock_holding, restore_confirming
from portal.rules.permissions import DECIDERS
from portal.rules.refusals import Conflict, Invalid, Repeated
from portal.storage.queries.health import Health, health
from portal.web.access import access, current_person, now, portal, settings
from portal.web.forms.operating import LiftHoldForm
from portal.web.forms.taking import takes
from portal.web.operating import blueprint, daily_health
from portal.web.operating.readiness import OK, Readiness, look
from portal.web.presentation import found_up_to
from portal.web.presses import portal_for
from portal.web.times import when

TICK_OLD = timedelta(minutes=2)
LATE = timedelta(minutes=2)
MAIL_OLD = timedelta(minutes=15)
CHECKS_OLD = timedelta(minutes=5)
DISK_LEAST = 0.10
GOOD, LOOK, BAD = "good", "look", "bad"
COPY = "The operator ends that, as it says above."
DESK, OPERATOR = "desk", "operator"


@dataclass(frozen=True)
class Line:
    """One thing that is watched: how it is, in a sentence, what to do, and who does it."""

    key: str
    name: str
    state: str
    text: str
    todo: str = ""
    call: str = ""


@blueprint.get("/newsroom/health")
@access("newsroom")
def health_page() -> str:
    return _page()


@blueprint.post("/newsroom/health/lift-hold")
@access("newsroom")
@takes(LiftHoldForm)
def lift_hold(form: LiftHoldForm) -> Response | tuple[str, int]:
    """An editor says which clock was compared; what is due goes public at once."""
    try:
        clock_holding.lift(portal_for(form), current_person(), **form.words(), now=now())
    except Repeated:
        pass  # lifted already, by the same press
    except Invalid as refused:
        form.show(refused.issues)
        return _page(form), 422
    except Conflict as refused:
        return _page(form, alert=refused.sentence), 409
    return redirect(url_for("operating.health_page"), 303)


def _page(form: LiftHoldForm | None = None, *, alert: str = "") -> str:
    form = form or LiftHoldForm()
    moment, readiness = now(), look(portal())
    with portal().database.reading() as session:
        found = health(session, moment)
    return render_template(
        "operating/health.html",
        health=found,
        copy=restore_confirming.plan(portal(), now=moment),
        lines=list(lines(found, readiness, moment)),
        may_lift=current_person().role in DECIDERS,
        duty=settings().duty_email,
        alert=alert,
        issues=form.issues,
        lifting=form,
    )


def lines(found: Health, readiness: Readiness, moment: datetime) -> Iterator[Line]:
    """What the page says, the most urgent things of publishing first."""
    yield from _kills(found)
    yield _publishing(found, moment)
    yield _clock(found, moment)
    yield _queue(found, moment)
    yield _checks(found)
    yield _mail(found, moment)
    yield _failed(found)
    yield Line("daily", "Daily e-mail", *daily_health.told(found.daily, moment))
    yield _redis(readiness, found)
    yield _database(readiness)
    yield _disk()
    yield _senior(found)


def _kills(found: Health) -> Iterator[Line]:
    """Only while one is asked for: then it comes first."""
    if not found.kills:
        return
    told = " ".join(
        f"{kill.asked.user.name} asked at {_at(kill.asked.at)} to kill {kill.release.reference}; "
        f"the request falls {_at(kill.asked.falls_at)}."
        for kill in found.kills
        if kill.asked.falls_at
    )
    todo = "Another editor answers it: it stands first in the queue."
    yield Line("kill", "Kill asked", LOOK, told, todo, DESK)


def _publishing(found: Health, moment: datetime) -> Line:
    late, held = found.lateness, found.copy or found.hold
    call = OPERATOR if found.copy else DESK
    if late.oldest and moment - late.oldest > LATE:
        count = _counted(late.waiting, "release is", "releases are")
        told = f"{count} due and not recorded, the first since {_at(late.oldest)}."
        if held:
            todo = COPY if found.copy else "They wait for the hold to be lifted."
            return Line("lateness", "Publishing", BAD, told, todo, call)
        todo = "They are public all the same; mails about them wait. Start the clock process."
        return Line("lateness", "Publishing", BAD, told, todo, OPERATOR)
    if held:
        todo = COPY if found.copy else "An editor lifts the hold above."
        return Line("lateness", "Publishing", BAD, f"It is held since {_at(held.since)}.", todo, call)
    seconds = late.seconds(moment)
    if seconds > LATE.total_seconds():
        told = f"The newest release was recorded {int(seconds // 60)} minutes after its time. It was public in its minute."
        return Line("lateness", "Publishing", LOOK, told, "Find out what held up the clock.", OPERATOR)
    return Line("lateness", "Publishing", GOOD, "Everything that is due is recorded in its minute.")


def _clock(found: Health, moment: datetime) -> Line:
    if found.ticked_at is None:
        told, todo = "No clock has ticked yet.", "Start portal clock: without it mails and reminders wait."
        return Line("clock", "Clock", BAD, told, todo, OPERATOR)
    told = f"The clock ticked last at {_at(found.ticked_at)}."
    if moment - found.ticked_at > TICK_OLD:
        todo = "It has stopped. Start portal clock; it catches up by itself."
        return Line("clock", "Clock", BAD, told, todo, OPERATOR)
    return Line("clock", "Clock", GOOD, told)


def _queue(found: Health, moment: datetime) -> Line:
    waits = found.waiting
    if not waits.queue:
        return Line("queue", "Queue", GOOD, "Nothing waits for a decision.")
    since = moment - timedelta(seconds=waits.queue_oldest_seconds)
    told = f"{_counted(waits.queue, 'release waits', 'releases wait')} for a decision, the first since {_at(since)}."
    over = waits.queue_oldest_seconds > settings().promise_hours * 3600
    return Line(
        "queue", "Queue", LOOK if over else GOOD, told, "Read the oldest first." if over else "", DESK
    )


def _checks(found: Health) -> Line:
    count = found.waiting.unexamined
    if not count:
        return Line("checks", "Checks", GOOD, "Every waiting release is checked.")
    told = f"{_counted(count, 'waiting release is', 'waiting releases are')} not checked yet."
    old = found.waiting.queue_oldest_seconds > CHECKS_OLD.total_seconds()
    todo = "Editors may decide meanwhile. Look at portal worker and portal clock." if old else ""
    return Line("checks", "Checks", LOOK if old else GOOD, told, todo, OPERATOR)


def _mail(found: Health, moment: datetime) -> Line:
    backlog = found.backlog
    if not backlog.pending or backlog.oldest is None:
        return Line("mail", "Mail", GOOD, "No mail waits.")
    told = f"{_counted(backlog.pending, 'mail waits', 'mails wait')}, the first since {_at(backlog.oldest)}."
    if found.copy:
        return Line("mail", "Mail", BAD, told, COPY, OPERATOR)
    old = moment - backlog.oldest > MAIL_OLD + timedelta(minutes=settings().mail_hold_minutes)
    todo = "Look at the mail server, then run: portal outbox deliver" if old else ""
    return Line("mail", "Mail", BAD if old else GOOD, told, todo, OPERATOR)


def _failed(found: Health) -> Line:
    count = found.backlog.failed
    if not count:
        return Line("failed", "Failed mails", GOOD, "None was given up.")
    told = f"{_counted(count, 'mail was', 'mails were')} given up; the newest stand below."
    todo = "Call the people where it matters. To try them all again, run: portal outbox deliver --failed"
    return Line("failed", "Failed mails", BAD, told, todo, OPERATOR)


def _redis(readiness: Readiness, found: Health) -> Line:
    refused = found.refused_jobs
    if refused is not None:
        count = _counted(int(refused.detail.get("count", 0)), "job", "jobs")
        told = (
            f"Somebody else wrote {count.lower()} into it, seen last at {_at(refused.at)}. None was executed."
        )
        todo = (
            "Give Redis a password, let it listen on this machine alone, and look who else has its address."
        )
        return Line("redis", "Redis", BAD, told, todo, OPERATOR)
    if readiness.checks["redis"] == OK:
        return Line("redis", "Redis", GOOD, "It answers.")
    told = "It does not answer. Nothing is lost: the clock does the work, a little later."
    return Line("redis", "Redis", LOOK, told, "Start Redis again.", OPERATOR)


def _database(readiness: Readiness) -> Line:
    wrong = [
        f"{name}: {found}" for name, found in readiness.checks.items() if name != "redis" and found != OK
    ]
    if wrong:
        return Line(
            "database", "Database and storage", BAD, f"{'; '.join(wrong)}.", "Run: portal doctor", OPERATOR
        )
    return Line("database", "Database and storage", GOOD, "Both answer.")


def _disk() -> Line:
    space = shutil.disk_usage(_existing(settings().storage_folder or settings().instance_path))
    told = f"{space.free / 1e9:.1f} GB of {space.total / 1e9:.1f} GB are free."
    if space.free < DISK_LEAST * space.total:
        return Line(
            "disk", "Disk", BAD, told, "Make room before it is full: nothing can be saved then.", OPERATOR
        )
    return Line("disk", "Disk", GOOD, told)


def _senior(found: Health) -> Line:
    if found.senior_exists:
        return Line("senior", "Senior editor", GOOD, "At least one is active.")
    told = "None is active, so every editor may take a senior’s steps with a reason."
    return Line("senior", "Senior editor", LOOK, told, "Ask an administrator to make one.", OPERATOR)


def _existing(folder: Path) -> Path:
    return next(each for each in (folder, *folder.parents) if each.exists())


def _at(instant: datetime) -> str:
    return when(instant, settings().timezone)


def _counted(number: int, one: str, many: str) -> str:
    words = found_up_to(number, one, many)
    return words[:1].upper() + words[1:]
