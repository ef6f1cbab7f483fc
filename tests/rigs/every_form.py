"""Every form of the portal, filled in as somebody would: one release in each state, one of each kind of person and link.

A form is sent into a copy of that portal, so that each begins from the same rows; chance is taken out, so that two
sendings of the same form leave the same rows.
"""

from __future__ import annotations

import os
import random
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from portal.actions.accounts import inviting, resetting, sessions
from portal.actions.accounts.sessions import Visit
from portal.actions.mailing import suppressing
from portal.actions.moderating import editing_text
from portal.actions.newsletter import editing
from portal.actions.operating import clock_holding
from portal.actions.portal import Portal
from portal.actions.publishing import killing, removing
from portal.actions.publishing.killing import Kill
from portal.actions.releases import conversing
from portal.actions.submitting import sending
from portal.app import create_app
from portal.rules import newsletter_links as links
from portal.rules.kinds import KINDS
from portal.rules.permissions import Person
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.tables import Base, Organisation, User
from portal.storage.unit_of_work import silent
from tests.rigs.desk import RECORDED, Desk, open_desk
from tests.rigs.people import HOME, PASSWORD, People, StandingClock, cheap_hashes
from tests.rigs.readers import Readers
from tests.rigs.visitor import Visitor

LATER = {"timing": "schedule", "release_at": "2026-03-25T09:00", "release_timezone": "Asia/Singapore"}
EMBARGO = LATER | {"timing": "embargo"}
NOBODY = "nobody"
CORRECTION = {"correction_kind": "minor", "what": "It gave 120 jobs. It is 12.", "why": "We counted again."}
Fields = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Sending:
    """One form as somebody sends it. `page` is where a visitor finds its token; `before` happens first."""

    endpoint: str
    path: str
    who: str
    fields: Fields
    page: str = ""
    status: int = 303
    before: Callable[[Portal], object] | None = None

    def __str__(self) -> str:
        return f"{self.endpoint} {self.path.rpartition('/')[2]}"


@dataclass
class EveryForm:
    """The portal with all of it, and what is sent into copies of it."""

    app: Flask
    file: Path
    whole: Path
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    sendings: list[Sending] = field(default_factory=list)

    def send(self, form: Sending, more: Sequence[tuple[str, str]] = ()) -> TestResponse:
        """Put everything back, send the form, and with it what it has no field for."""
        return self.presses(form, more)()

    def presses(self, form: Sending, more: Sequence[tuple[str, str]] = ()) -> Callable[[], TestResponse]:
        """Put everything back and open the form: each call presses the button of that same form."""
        self.put_back()
        if form.before:
            form.before(self.app.extensions["portal"])
        visitor = Visitor(self.app)
        fields = MultiDict(form.fields)
        if form.who == NOBODY:
            fields["csrf_token"] = visitor.token(form.page) if form.page else ""
        else:
            visitor.cookie, fields["csrf_token"] = self.cookies[form.who], self.tokens[form.who]

        cookie, seeds = visitor.cookie, count(7)

        def press() -> TestResponse:
            visitor.cookie = (
                cookie  # the second press of a double click leaves before the first one is answered
            )
            with without_chance(next(seeds)):
                return visitor.client.post(form.path, data=MultiDict([*fields.items(multi=True), *more]))

        return press

    def put_back(self) -> None:
        """The rows as they were before anything was sent."""
        self.app.extensions["portal"].database.dispose()
        for ending in ("", "-wal", "-shm"):
            Path(f"{self.file}{ending}").unlink(missing_ok=True)
        shutil.copyfile(self.whole, self.file)

    def rows(self) -> dict[str, list[Any]]:
        with self.app.extensions["portal"].database.reading() as session:
            return {
                table.name: [
                    tuple(row) for row in session.execute(table.select().order_by(*table.primary_key))
                ]
                for table in Base.metadata.sorted_tables
                if table.name != "public_generation"  # random, and moved by what the other tables tell
            }

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text that is stored, with its table and column."""
        with self.app.extensions["portal"].database.reading() as session:
            for table in Base.metadata.sorted_tables:
                for row in session.execute(table.select()).mappings():
                    for column, value in row.items():
                        yield from ((f"{table.name}.{column}", text) for text in texts_in(value))


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield str(name)
            yield from texts_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts_in(each)


@contextmanager
def without_chance(seed: int = 7) -> Iterator[None]:
    """What is drawn by chance comes in one order, the same each time."""
    drawn = random.Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "urandom", drawn.randbytes)
        patch.setattr(random, "_urandom", drawn.randbytes)
        patch.setattr(secrets, "token_bytes", lambda count=32: drawn.randbytes(count))
        yield


def every_form(
    database: Database, settings: Settings, now: datetime, folder: Path, patch: pytest.MonkeyPatch
) -> EveryForm:
    """Furnish an empty SQLite and fill in every form of the map of routes."""
    cheap_hashes(patch)
    chosen = replace(settings, database_url=database.url, login_limits=False)
    app = create_app(chosen, clock=StandingClock(now), doorbell=silent)
    made = EveryForm(app, Path(database.url.removeprefix("sqlite:///")), folder / "whole.sqlite3")
    scene = _Scene(open_desk(database, chosen, now), People(database, chosen), app)
    made.sendings = [
        *scene.writing(),
        *scene.following(),
        *scene.reading(),
        *scene.deciding(),
        *scene.after_publication(),
        *scene.accounts(),
        *scene.house(),
        *scene.daily_letter(),
        *scene.health(),
    ]
    for who, person in scene.cast.items():
        made.cookies[who], made.tokens[who] = scene.logged_in(person)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    app.extensions["portal"].database.dispose()
    shutil.copyfile(made.file, made.whole)
    return made


class _Scene:
    def __init__(self, desk: Desk, people: People, app: Flask) -> None:
        self.desk, self.people, self.app, self.now = desk, people, app, desk.now
        self.cast: dict[str, Person] = desk.people.all()

    def logged_in(self, person: Person) -> tuple[str, str]:
        """The cookie of a session, and the token of its forms."""
        visitor = Visitor(self.app)
        with self.desk.portal.work() as work:
            token = sessions.begin(work, work.session.get_one(User, person.id), Visit(), now=self.now)
            work.commit()
        with visitor.client.session_transaction() as cookie:
            cookie["_user_id"] = token
        page = visitor.token("/account/password")
        return visitor.cookie, page

    def _of(self, side: str, endpoint: str, act: str, reference: str, who: str, **fields: Any) -> Sending:
        named = {"version": str(self.desk.version(reference)), **fields}
        return Sending(endpoint, f"{side}/releases/{reference}/{act}", who, named)

    def own(self, act: str, reference: str, **fields: Any) -> Sending:
        endpoint = f"submitting.{act.replace('-', '_')}"
        return self._of("/desk", endpoint, act, reference, "member", **fields)

    def room(self, act: str, reference: str, who: str = "editor", **fields: Any) -> Sending:
        endpoint = f"moderating.{act.replace('-', '_')}"
        return self._of("/newsroom", endpoint, act, reference, who, **fields)

    def hash_of(self, reference: str) -> str:
        revision = self.desk.edition(reference).revision
        return revision.hash if revision else ""

    def writing(self) -> Iterator[Sending]:
        yield Sending("submitting.start", "/submit", "member", {"kind": "event", "organisation": ""})
        for kind in KINDS:
            for page in ("news", "facts", "story", "contact"):
                draft = self.desk.draft(kind)
                typed = {name: text for name, text in self.desk.values(draft).items() if name != "headline"}
                yield replace(self.own(f"edit/{page}", draft, **typed), endpoint="submitting.save")
        yield self.own("change-kind", self.desk.draft(), kind="event")
        ready = self.desk.draft()
        key = self.desk.edition(ready).submission_key
        declared = dict.fromkeys(("declare_authorised", "declare_facts", "declare_rights"), "y")
        yield replace(self.own("edit/check", ready, go="back"), endpoint="submitting.leave_check")
        yield self.own("submit", ready, idempotency_key=key, **declared)

    def following(self) -> Iterator[Sending]:
        desk = self.desk
        yield self.own("recall", desk.sent(), message="A name is wrong.")
        yield self.own("ask-back", desk.held(), message="A name is wrong.")
        yield self.own("withdraw", desk.sent(), message="It is off.")
        yield self.own("clone", desk.decided("reject"))
        yield self.own("message", desk.sent(), message="When do you decide?")
        yield self.own("lift-embargo", desk.decided("approve", **EMBARGO), message="They know already.")
        yield self.own("correct", desk.decided("approve"), **CORRECTION)
        yield self.own("appeal", desk.decided("reject"), message="It is news.")
        asked = desk.held()
        desk.take(
            editing_text.edit, asked, desk.people.editor, posted={"headline": "Twelve jobs"}, material=True
        )
        yield self.own("signoff", asked, answer="accept", message="Fine.")

    def reading(self) -> Iterator[Sending]:
        desk = self.desk
        yield self.room("claim", desk.sent(), **{"kept-message": "What I had written."})
        yield self.room("let-go", desk.held(), message="Somebody else may.")
        yield self.room("take-over", desk.held(), who="senior", message="Lim is ill today.")
        handed = desk.held()
        desk.take(sending.ask_back, handed, desk.people.member)
        yield self.room("hand-back", handed, message="Here it is.")
        yield self.room("note", desk.held(), note="Called twice.")
        yield self.room("message", desk.held(), message="Who is she?")
        asked = desk.held()
        conversing.write_to_desk(
            desk.portal, desk.people.member, asked, message="When do you decide?", now=desk.now
        )
        yield self.room("answered", asked, seen=str(desk.release(asked).chain_count))
        yield self.room("flags", desk.held(), flags=["", "legal", "minors"], note="The club has called.")
        worded = desk.held()
        values = {**desk.values(worded), "summary": "Twelve jobs at the quay, from April."}
        yield replace(
            self.room("edit", worded, material=["", "y"], **values), endpoint="moderating.save_edit"
        )
        reopened = desk.decided("reject")
        yield self.room("reopen", reopened, who="senior", message="It is news.")
        yield self.room("correct", desk.decided("approve"), **CORRECTION)

    def deciding(self) -> Iterator[Sending]:
        desk = self.desk
        outcomes: dict[str, dict[str, Any]] = {
            "approve": {**RECORDED, "publish_at": "2026-03-26T09:00", "publish_timezone": "Asia/Yangon"},
            "request_changes": {"reasons": ["", "WEAK_LEAD"], "message": "Say first what is new."},
            "reject": {"reasons": ["HYPE"], "message": "It sells."},
        }
        for decision, fields in outcomes.items():
            held = desk.held()
            marks = {"decision": decision, "revision_hash": self.hash_of(held)}
            yield self.room("decide", held, **marks, **fields)
        yield self.room("undo", desk.decided("reject"), message="The wrong one.")
        for answer in ("confirm", "dissent"):
            second = desk.held()
            desk.decide(second, **dict.fromkeys(RECORDED, ""))
            marks = {"answer": answer, "revision_hash": self.hash_of(second)}
            yield self.room("endorse", second, who="other_editor", message="I read it.", **marks)
        fields = {"publish_at": "2026-03-27T09:00", "publish_timezone": "Asia/Singapore", "publish_fold": ""}
        yield self.room("reschedule", desk.decided("approve", **LATER), **fields)
        yield self.room(
            "reschedule", desk.decided("approve", **LATER), unschedule="y", message="The day is wrong."
        )

    def after_publication(self) -> Iterator[Sending]:
        desk = self.desk
        live, senior = desk.decided, desk.people.senior
        kill = {"reasons": "FACTS", "public_text": "It was made up.", "message": "The house does not exist."}
        yield self.room("kill", live("approve"), **kill, mail_readers=["", "y"])
        yield self.room("take-down", live("approve"), who="senior", message="A court asks.")
        taken = live("approve")
        desk.take(removing.take_down, taken, senior, message="A court asks.")
        yield self.room("put-back", taken, who="senior", message="The court is done.")
        killed = live("approve")
        desk.take(killing.kill, killed, senior, sent=Kill("It was made up.", ("FACTS",), "", False))
        yield self.room("revert", killed, who="senior", message="It was true.")
        yield self.room("notice", live("approve"), notice_kind="postponed", notice_text="Until May.")
        yield self.room("expire", live("approve"), expires_at="2026-05-01")

    def accounts(self) -> Iterator[Sending]:
        people, portal = self.people, self.desk.portal
        typed = {"name": "Dewi", "email": "new@selat.example", "password": PASSWORD, "organisation": "Selat"}
        page = "/account/register"
        yield Sending("accounts.send_registration", page, NOBODY, typed | {"website": ""}, page)
        people.registered("waits@selat.example", organisation="Harbour Trust")
        page = "/account/register/again"
        yield Sending("accounts.send_again", page, NOBODY, {"email": "waits@selat.example"}, page)
        page = f"/account/confirm/{people.link('confirm')}"
        yield Sending("accounts.send_confirmation", page, NOBODY, {}, page)
        known = people.member("known@selat.example", organisation="Kinta Choir")
        self.cast["known"] = known
        page = "/account/login"
        login = {"email": "known@selat.example", "password": PASSWORD, "next": "/desk/organisation"}
        yield Sending("accounts.send_login", page, NOBODY, login, page)
        page = "/account/reset"
        yield Sending("accounts.send_reset_request", page, NOBODY, {"email": "known@selat.example"}, page)
        resetting.ask_for_reset(portal, email="known@selat.example", visit=HOME, now=self.now)
        page = f"/account/reset/{people.link('reset')}"
        yield Sending("accounts.send_reset", page, NOBODY, {"password": f"{PASSWORD} again"}, page)
        house = min(self.cast["owner"].memberships)
        inviting.invite(portal, self.cast["owner"], self._slug(house), email="guest@x.example", now=self.now)
        page = f"/account/invite/{people.link('invite')}"
        guest = {"name": "Guest", "password": PASSWORD}
        yield Sending("accounts.send_invitation", page, NOBODY, guest, page)
        changed = {"current_password": PASSWORD, "password": f"{PASSWORD} again"}
        yield Sending("accounts.send_password", "/account/password", "known", changed)
        yield Sending("accounts.logout", "/account/logout", "known", {})
        yield Sending("accounts.logout_everywhere", "/account/logout-everywhere", "known", {})

    def _slug(self, house: int) -> str:
        with self.desk.portal.database.reading() as session:
            return session.get_one(Organisation, house).slug

    def house(self) -> Iterator[Sending]:
        slug = self._slug(min(self.cast["owner"].memberships))
        about = {"about": "Ferries since 1952.", "website": "https://selat.example/", "version": "1"}
        page = "/desk/organisation"
        yield Sending("organisation.change", page, "owner", about | {"organisation": slug})
        invited = {"email": "mate@selat.example", "organisation": slug}
        yield Sending("organisation.invite", f"{page}/invite", "owner", invited)
        yield Sending("organisation.owner", f"{page}/owner", "owner", {"member": "2", "organisation": slug})
        yield Sending("organisation.leave", f"{page}/leave", "member", {"organisation": slug})
        gone = {"member": "2", "organisation": slug}
        yield Sending("organisation.remove", f"{page}/remove", "owner", gone)

    def daily_letter(self) -> Iterator[Sending]:
        readers, key = Readers(self.desk.portal), self.desk.portal.settings.mail_key
        chosen = {"kinds": ["business", "sports"], "places": []}
        join = {"email": "a@home.example", **chosen}
        yield Sending("newsletter.ask", "/newsletter", NOBODY, join)
        yield Sending(
            "newsletter.ask_for_link", "/newsletter/preferences", NOBODY, {"email": "b@home.example"}
        )
        readers.ask("waiting@home.example", now=self.now)
        waiting = f"/newsletter/confirm/{readers.links(now=self.now)['confirm']}"
        yield Sending("newsletter.confirm", waiting, NOBODY, {})
        reader = readers.confirmed("reader@home.example", now=self.now)
        leave = links.unsubscribe_path(key, reader.id, reader.nonce)
        yield Sending("newsletter.leave", leave, NOBODY, {})
        one_click = {"List-Unsubscribe": "One-Click"}
        yield Sending("newsletter.leave", leave, NOBODY, one_click, status=200)
        prefer = links.preferences_path(key, reader.id, reader.nonce)
        wish = {**chosen, "corrections_only": "y", "pause_until": "2026-04-20"}
        yield Sending("newsletter.prefer", prefer, NOBODY, wish)
        yield Sending("newsletter.prefer", prefer, NOBODY, {"go": "delete", "delete": "y"})
        page = "/newsroom/newsletter"
        coming = {"date": "2026-03-25", "version": "0"}
        line = coming | {"intro": "Four from the coast.", "order": ["", ""]}
        yield Sending("letter_desk.save_newsletter", f"{page}/save", "editor", line)
        for act in ("hold", "test"):
            yield Sending(f"letter_desk.{act}_newsletter", f"{page}/{act}", "editor", coming)
        held = coming | {"version": "2"}
        yield Sending(
            "letter_desk.resume_newsletter", f"{page}/resume", "editor", held, before=self._hold_issue
        )
        with self.desk.portal.work() as work:
            suppressing.suppress(work, "full@home.example", reason="refused", detail="Full", now=self.now)
            work.commit()
        lift = {"email": "full@home.example", "message": "It works again."}
        yield Sending("letter_desk.lift_suppression", f"{page}/lift-suppression", "admin", lift)

    def health(self) -> Iterator[Sending]:
        compared = {"message": "I looked at the station clock."}
        yield Sending(
            "operating.lift_hold", "/newsroom/health/lift-hold", "editor", compared, before=self._hold_clock
        )

    def _hold_clock(self, portal: Portal) -> None:
        clock_holding.hold(portal, why="The clock jumped forward by 3 hours.", now=self.now)

    def _hold_issue(self, portal: Portal) -> None:
        editing.keep_back(portal, self.cast["editor"], "2026-03-25", version=0, now=self.now)
