"""What waits, what is due first, and what was decided."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from portal.actions.moderating import examining
from portal.rules import second_pair
from portal.rules.refusals import NotFound
from portal.rules.release_states import AWAITING_SECOND
from portal.storage.queries import endorsements, releases
from portal.storage.queries import queue as queries
from portal.storage.queries.cursors import cursor
from portal.storage.tables import Decision, Edition, Release
from portal.web.access import access, current_person, now, portal, settings
from portal.web.forms.submitting import MessageForm
from portal.web.moderating import blueprint
from portal.web.moderating.end_notes import EndNote, end_note
from portal.web.moderating.newest import newest_fact
from portal.web.moderating.pair import Undo, undo_of

SOON_MINUTES = 60


def span(minutes: int) -> str:
    """So many minutes, ahead or over, in words: `2 h 05`."""
    hours, minutes = divmod(abs(minutes), 60)
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if days else f"{hours} h {minutes:02}" if hours else f"{minutes} min"


@dataclass(frozen=True)
class Row:
    """A waiting edition as one line: how much of the promise is left, in minutes (below zero: over it)."""

    edition: Edition
    minutes_left: int
    mine: bool
    first_yes: str = ""
    is_new: bool = False
    risks: tuple[str, ...] = ()
    to_look_at: int = 0

    @property
    def left(self) -> str:
        return f"{span(self.minutes_left)} {'over' if self.minutes_left < 0 else 'left'}"

    @property
    def urgency(self) -> str:
        if self.minutes_left < 0:
            return "late"
        return "soon" if self.minutes_left < SOON_MINUTES else ""


@dataclass(frozen=True)
class Effect:
    """What the editor has just done, said back with its time and with how long it can be undone.

    Without a decision it was the first yes of two.
    """

    decision: Decision | None
    edition: Edition
    live_from: datetime | None
    undo: Undo | None = None


@blueprint.get("")
@access("newsroom")
def queue() -> str:
    """Due first unless another view is asked for; a cursor leads to the next page."""
    view = request.args.get("view", "due")
    if view not in queries.VIEWS:
        raise NotFound
    draw = {"decided": _decided, "answers": _answers}.get(view, _waiting)
    with portal().database.reading() as session:
        return draw(session, view, now(), _common(session, view, now()))


def _common(session: Session, view: str, moment: datetime) -> dict[str, Any]:
    """What stands over every view."""
    person_id = current_person().id
    return {
        "view": view,
        "counts": queries.counts(session, person_id, now=moment, since=_start_of_today(moment)),
        "effect": _effect(session, moment),
        "done": _end_note(session, moment),
        "first_url": _first_url(view),
        "taking_back": MessageForm(),
    }


def _waiting(session: Session, view: str, moment: datetime, common: dict[str, Any]) -> str:
    """What waits for a decision; a kill that is asked for comes before all of it."""
    person_id, after = current_person().id, request.args.get("after")
    found = [] if view == "asked" else queries.page(session, view, person_id, after=after)
    editions = found[: queries.PAGE]
    return render_template(
        "moderating/queue.html",
        rows=_rows(session, editions, moment, person_id),
        kills=[] if after else queries.kills_asked(session, moment),
        span=span,
        next_url=_after_edition(view, editions[-1]) if len(found) > len(editions) else "",
        **common,
    )


def _decided(session: Session, view: str, moment: datetime, common: dict[str, Any]) -> str:
    found = queries.decided(session, after=request.args.get("after"))
    items = found[: queries.PAGE]
    last = items[-1].decision if len(found) > len(items) else None
    return render_template(
        "moderating/decided.html",
        items=items,
        since={item.decision.id: newest_fact(item, moment) for item in items},
        next_url=_after(view, last.decided_at, last.id) if last else "",
        **common,
    )


def _answers(session: Session, view: str, _moment: datetime, common: dict[str, Any]) -> str:
    """Whose sender waits for an answer, decided or not."""
    found = queries.asking(session, after=request.args.get("after"))
    items = found[: queries.PAGE]
    more = _after_release(view, items[-1].release) if len(found) > len(items) else ""
    return render_template("moderating/asking.html", items=items, next_url=more, **common)


def _rows(session: Session, editions: list[Edition], moment: datetime, user_id: int) -> list[Row]:
    waiting = [edition.id for edition in editions if edition.state == AWAITING_SECOND]
    first = endorsements.names_of_first(session, waiting)
    known = endorsements.known_senders(session, {edition.release.organisation_id for edition in editions})
    made = endorsements.acts_of_editions(session, [edition.id for edition in editions])
    found = _to_look_at(session, editions, moment)
    return [
        Row(
            edition=edition,
            minutes_left=int(((edition.promise_at or moment) - moment).total_seconds() // 60),
            mine=edition.holder_id == user_id,
            first_yes=first.get(edition.id, ""),
            is_new=edition.is_first and edition.release.organisation_id not in known,
            risks=_standing(edition, made.get(edition.id, frozenset()), known),
            to_look_at=found[edition.id],
        )
        for edition in editions
    ]


def _to_look_at(session: Session, editions: list[Edition], moment: datetime) -> dict[int, int]:
    """What the checks found, with the near copies that there are now: twins come, go public and go away afterwards."""
    then = releases.copies_counted(session, [edition.revision_id for edition in editions])
    today = examining.near_copies_now(session, editions, moment)
    return {
        edition.id: edition.advice_count - then.get(edition.revision_id or 0, 0) + today.get(edition.id, 0)
        for edition in editions
    }


def _standing(edition: Edition, made: frozenset[str], known: frozenset[int]) -> tuple[str, ...]:
    """The flags that nothing on record answers; a first release is said by the mark of a new sender."""
    called = {second_pair.IDENTITY} if edition.release.organisation_id in known else set()
    first = {second_pair.FIRST_RELEASE} if edition.is_first else set()
    flags = [flag for flag in edition.flags if flag not in first]
    return tuple(flag for flag in flags if second_pair.ASKS.get(flag) not in made | called)


def _effect(session: Session, moment: datetime) -> Effect | None:
    """The decision named in the address, where this editor took it."""
    case = releases.find(session, request.args.get("done", ""))
    if case is None:
        return None
    undo = undo_of(session, case, current_person(), moment)
    if case.edition.state == AWAITING_SECOND:
        return Effect(None, case.edition, None, undo) if undo else None
    decision = releases.decision_that_stands(session, case.edition)
    if decision is None or decision.decided_by_id != current_person().id:
        return None
    return Effect(decision, case.edition, case.release.live_from, undo)


def _end_note(session: Session, moment: datetime) -> EndNote | None:
    """What this editor did with the release named in the address, short of a decision."""
    case = releases.find(session, request.args.get("done", ""))
    act = request.args.get("did", "endorse")
    return end_note(session, case, current_person(), act, moment) if case else None


def _start_of_today(moment: datetime) -> datetime:
    zone = settings().zone
    return datetime.combine(moment.astimezone(zone).date(), time(), tzinfo=zone)


def _after_edition(view: str, edition: Edition) -> str:
    at = edition.wish_at if view == "soon" else edition.promise_at
    return _after(view, at, edition.id) if at else ""


def _after_release(view: str, release: Release) -> str:
    return _after(view, release.answer_wanted_at, release.id) if release.answer_wanted_at else ""


def _after(view: str, at: datetime, row_id: int) -> str:
    return url_for("moderating.queue", view=view, after=cursor(at, row_id))


def _first_url(view: str) -> str:
    return url_for("moderating.queue", view=view) if request.args.get("after") else ""
