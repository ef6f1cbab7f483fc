"""Read, check and decide on one screen. Opening it changes nothing; claiming it is a button."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from portal.actions.moderating import examining
from portal.actions.publishing.going_live import wished
from portal.actions.releases import asking, claims
from portal.actions.releases.asking import Offers
from portal.rules import release_states as states
from portal.rules.issues import Issue
from portal.rules.reasons import REASONS
from portal.rules.refusals import NotFound
from portal.storage.queries import flags, queue, releases, senders
from portal.storage.queries.releases import Case
from portal.storage.tables import Edition, Examination, Revision
from portal.web import parked
from portal.web.access import access, current_person, now, portal, settings
from portal.web.forms import raw
from portal.web.forms.moderating import ACTS
from portal.web.forms.protocol import FormsOfPage
from portal.web.moderating import blueprint, texts
from portal.web.moderating.end_notes import EndNote, end_note
from portal.web.moderating.pair import Pair, pair_of
from portal.web.moderating.public_panel import PublicPanel, panel
from portal.web.release_pages.preview import preview_of
from portal.web.release_pages.status_page import Story, story
from portal.web.times import clock

SUGGESTED = 6
BEGUN = "correct"
"""A correction that one has just begun is said without being asked: its address is the release's own."""


@dataclass
class Kept:
    """What an editor had typed into the form of which act: when it was refused, or kept for them, which is then `said`."""

    act: str = ""
    typed: MultiDict[str, str] = field(default_factory=MultiDict)
    decision: str = ""
    reasons: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    said: str = ""

    @property
    def form(self) -> str:
        """Which form of the page that was: those that decide and answer are told apart by what they say."""
        said = {"decide": self.decision, "endorse": self.fields.get("answer", "")}.get(self.act, self.act)
        if self.act == "decide" and said == "approve" and "identity_person" not in self.fields:
            return "timed"
        return "request_changes" if self.act == "decide" and said not in ACTS else said


@blueprint.get("/releases/<reference>")
@access("newsroom")
def review(reference: str) -> str:
    """The text as it will look, beside its checks and its sender's record."""
    return review_page(reference, kept=_kept_for_this_editor())


def _kept_for_this_editor() -> Kept:
    """What was typed when a login ran out, or before somebody had taken the release."""
    form = parked.waiting(current_person(), request.path)
    if form is None:
        return Kept()
    kept = kept_of(MultiDict(form.fields), form.sent_to.rpartition("/")[2])
    return replace(kept, said="We kept what you typed.")


def kept_of(typed: MultiDict[str, str], act: str) -> Kept:
    """What stood in the form of an act, to stand in it again."""
    words = raw.last_of_each(typed)
    return Kept(
        act=act,
        typed=typed,
        decision=words.get("decision", ""),
        reasons=[code for code in typed.getlist("reasons") if code],
        fields=words,
        flags=typed.getlist("flags"),
    )


def review_page(
    reference: str, *, alert: str = "", issues: list[Issue] | None = None, kept: Kept | None = None
) -> str:
    """The screen, also as the answer to a step that was refused: the editor's own words stand in it."""
    moment, kept = now(), kept or Kept()
    with portal().database.reading() as session:
        case = texts.case_to_read(session, releases.find(session, reference))
        if case is None or case.edition.revision is None:
            raise NotFound
        revision, examination = case.edition.revision, _examination(session, case.edition)
        offered = asking.offers(session, case, current_person(), moment)
        told = story(session, case, moment, for_desk=True, decision=offered.decision)
        all_texts = texts.texts_of(session, case, told, offered, settings(), moment)
        claim = _claim(case, offered, moment, all_texts.reserved)
        pair = pair_of(session, case, offered, settings(), moment)
        public = panel(session, case, offered, moment, refused=kept.act)
        suggested = _suggested(examination)
        return render_template(
            "moderating/review.html",
            case=case,
            told=told,
            revision=revision,
            preview=preview_of(case.release, revision.content),
            texts=all_texts,
            removed_by=_removed_by(told),
            done=_done(session, case, moment),
            **_beside(session, case, examination, moment),
            claim=claim,
            decidable=claim.mine or _decided_too_early(kept, case, claim),
            pair=pair,
            hold_minutes=settings().mail_hold_minutes,
            effect_at=_effect_at(revision, moment),
            suggested=suggested,
            reasons=REASONS,
            next_up=_next_up(session, case),
            due_days=settings().changes_due_days,
            public_panel=public,
            forms=_forms(kept, issues or [], case, pair, public, suggested),
            alert=alert,
            issues=issues or [],
            kept=kept,
        )


def _examination(session: Session, edition: Edition) -> Examination | None:
    """What the checks found on the current text; None while they run."""
    found = (
        each for each in flags.examinations_of(session, edition) if each.revision_id == edition.revision_id
    )
    return next(found, None)


def _forms(
    kept: Kept, issues: list[Issue], case: Case, pair: Pair, public: PublicPanel | None, suggested: list[str]
) -> FormsOfPage:
    """The forms of the page, with what stands in them beforehand and what came back."""
    release, zone, asked = case.release, settings().timezone, public.asked if public else None

    def ticked(form: str, beforehand: Sequence[str]) -> Sequence[str]:
        """What comes back without a tick had its ticks taken off."""
        return () if kept.form == form else beforehand

    known: dict[str, dict[str, Any]] = {
        "request_changes": {"reasons": ticked("request_changes", suggested)},
        "approve": {"publish_timezone": zone},
        "timed": {"publish_timezone": zone},
        "confirm": {"publish_timezone": zone},
        "reschedule": {"publish_timezone": zone},
        "flags": {"flags": ticked("flags", pair.flags)},
        "notice": {"notice_kind": release.notice_kind, "notice_text": release.notice_text},
        "expire": {"expires_at": public.last_day if public else ""},
        "kill": {
            "reasons": ticked("kill", asked.reasons if asked else ()),
            "public_text": asked.asked.get("public_text", "") if asked else "",
            "mail_readers": "y" if asked is None or asked.asked.get("mail_readers") else "",
        },
    }
    forms = FormsOfPage(ACTS, known).came_back(kept.form, kept.typed, issues)
    if kept.act == "decide" and kept.form not in ("approve", "timed"):
        forms.came_back("approve", kept.typed)  # a time and records that came with another decision
    return forms


@dataclass(frozen=True)
class Claim:
    """Who may do what with it now: what the buttons are made of."""

    mine: bool
    free: bool
    holder: str
    until: datetime | None
    barred: str
    may_take_over: bool


def _claim(case: Case, offered: Offers, moment: datetime, reserved: str) -> Claim:
    edition, editor = case.edition, offered.may("editor")
    mine, lapsed = claims.is_claimed_by(case, offered.person), claims.has_lapsed(case, moment)
    return Claim(
        mine=mine and editor.allowed,
        free=claims.is_free(case, moment) and not mine and editor.allowed and not reserved,
        holder=edition.holder.name if edition.holder and not lapsed else "",
        until=edition.claim_expires_at,
        barred="" if editor.allowed or editor.hidden else editor.reason,
        may_take_over=not mine and not lapsed and offered.takes("take_over"),
    )


def _decided_too_early(kept: Kept, case: Case, claim: Claim) -> bool:
    """The form of a decision comes back whole to whom the release does not belong yet: its words stay in it."""
    can_wait = case.edition.state in (states.SUBMITTED, states.IN_REVIEW)
    return kept.act == "decide" and can_wait and not claim.barred


def _effect_at(revision: Revision, moment: datetime) -> datetime | None:
    """When an approval given now makes it public; None for at once."""
    wish = wished(revision.content["values"], settings())
    return wish.at if wish.at and wish.at > moment else None


def _checks(examination: Examination | None) -> list[Issue]:
    return [Issue(**issue) for issue in examination.issues] if examination else []


def _beside(
    session: Session, case: Case, examination: Examination | None, moment: datetime
) -> dict[str, Any]:
    """What stands beside the text: checks and copies, the sender, the desk's own notes."""
    return {
        "examination": examination,
        "checks": _checks(examination),
        "copies": _near_copies(session, case, examination, moment),
        "sender": senders.record(session, case.release.organisation),
        "notes": senders.notes(session, case.release),
    }


def _removed_by(told: Story) -> str:
    """Who killed it or took it down, in the words of the timeline."""
    facts = {states.KILLED: "killed", states.TAKEN_DOWN: "taken_down"}
    entry = next((each for each in told.entries if each.fact == facts.get(told.state)), None)
    return f"{entry.words} {clock(entry.at, settings().timezone)}" if entry else ""


def _near_copies(
    session: Session, case: Case, examination: Examination | None, moment: datetime
) -> list[dict[str, Any]]:
    """As it stands now while it waits; of a decided one as its checks had found it."""
    if examination is None:
        return []
    waits = case.edition.state in states.WAITING_STATES
    return examining.near_copies(session, case, moment) if waits else examination.near_copies


def _done(session: Session, case: Case, moment: datetime) -> EndNote | None:
    """What was just done here; where the address does not say, only a correction can have been begun."""
    act = request.args.get("done", BEGUN if case.edition.is_correction else "")
    return end_note(session, case, current_person(), act, moment) if act else None


def _suggested(examination: Examination | None) -> list[str]:
    """The codes that the checks found, the commonest first: ticked beforehand for changes, never for a rejection."""
    if examination is None:
        return []
    found = Counter(issue["code"] for issue in examination.issues)
    return [code for code, _ in found.most_common(SUGGESTED) if code in REASONS]


def _next_up(session: Session, case: Case) -> Edition | None:
    return queue.next_due(session, current_person(), besides=case.edition.id, now=now())
