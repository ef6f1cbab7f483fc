"""Every attack and every naughty string of the corpus, through every field of everything that people write.

A release carries 75 of them at once: in its fields, its story, its organisation, its sender's name, in messages,
notes and decisions. Then every page, feed and mail on which any of it stands is parsed.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.actions.accounts import organisations, sessions
from portal.actions.accounts.sessions import Visit
from portal.actions.mailing import delivering, notifying
from portal.actions.moderating import examining
from portal.actions.moderating import reading as moderating
from portal.actions.portal import Portal
from portal.actions.releases import conversing
from portal.actions.submitting import drafting, sending
from portal.app import create_app
from portal.rules.kinds import KINDS, every_field
from portal.rules.permissions import Person
from portal.settings import Settings
from portal.storage.queries import people, releases
from portal.storage.tables import User
from portal.storage.unit_of_work import silent
from portal.text import measure, plain
from portal.text.body import body_html
from tests import builders
from tests.rigs.desk import DECLARED, PAGES, open_desk
from tests.rigs.inertness import acting_in
from tests.rigs.mailroom import KeepingSender, StillClock
from tests.rigs.sources import CORPUS
from tests.rigs.web_page import read
from tests.rules.examples import EXAMPLES
from workers.bench import Bench
from workers.relay import deliver_row, real_time, relay_row

AT_ONCE = 75
QUOTES = 18
FORMATS = ("text", "markdown", "html")
TYPED = ("line", "text")
DOORS = ("/releases/", "/help/reasons/", "/account/login?next=/", "/feeds/")
LIST_NAMES = ("kind", "place", "org", "after")
REGISTER_NAMES = ("name", "email", "organisation", "website")
FEED_FORMS = ("rss", "atom", "json")
PLAIN_IN_JSON = ("title", "summary", "authors", "tags")
PLAIN_IN_ATOM = tuple("{http://www.w3.org/2005/Atom}" + name for name in ("title", "subtitle", "name"))


def vectors() -> list[str]:
    lines = (CORPUS / "attacks" / "vectors.jsonl").read_text(encoding="ascii").splitlines()
    return [as_posted(json.loads(line)["payload"]) for line in lines]


def naughty_strings() -> list[str]:
    return [as_posted(text) for text in json.loads((CORPUS / "naughty" / "blns.json").read_text("utf-8"))]


def as_posted(text: str) -> str:
    """As it arrives in a form: no browser can send half a surrogate pair."""
    return text.encode("utf-8", "replace").decode()


@dataclass
class Written:
    """One release full of other people's strings, and the pages on which they stand."""

    reference: str
    sender: FlaskClient
    house: str
    public: str = ""


@dataclass
class Newsroom:
    """A portal with one editor, and everything that was sent from it."""

    app: Flask
    portal: Portal
    editor: Person
    reading: FlaskClient
    sender: KeepingSender = field(default_factory=KeepingSender)

    @property
    def now(self):
        return self.app.extensions["clock"].now()


@pytest.fixture
def newsroom(sqlite_database, settings: Settings, now) -> Iterator[Newsroom]:
    """What a page says does not depend on the database; once is enough."""
    desk = open_desk(sqlite_database, settings, now)
    chosen = replace(
        settings,
        database_url=sqlite_database.url,
        login_limits=False,
        duty_email="duty@post.example",
        mail_hold_minutes=0,
    )
    app = create_app(chosen, clock=StillClock(now), doorbell=silent)
    portal = Portal(sqlite_database, chosen)
    with portal.work() as work:
        for user in work.session.query(User).filter(User.role != "member"):
            user.blocked_at = now  # one editor is enough: each gets mails of his own
        editor = builders.user(work, name="An Phan", role="editor")
        work.commit()
    del desk
    yield Newsroom(app, portal, person_of(portal, editor.id), logged_in(app, portal, editor.id, now))
    app.extensions["portal"].database.dispose()


def person_of(portal: Portal, user_id: int) -> Person:
    with portal.database.reading() as session:
        return people.person(session, session.get_one(User, user_id))


def logged_in(app: Flask, portal: Portal, user_id: int, now) -> FlaskClient:
    client = app.test_client()
    with portal.work() as work:
        token = sessions.begin(work, work.session.get_one(User, user_id), Visit(), now=now)
        work.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client


class Author:
    """Writes one release of these strings through the actions, as far as it may."""

    def __init__(self, room: Newsroom, batch: list[str], number: int) -> None:
        self.room, self.batch, self.number = room, batch, number
        self.kind = list(KINDS)[number % len(KINDS)]
        quotes = {
            f"quotes-{place}-{part}": "" for place in range(QUOTES) for part in ("text", "speaker", "title")
        }
        self.example = {**quotes, **EXAMPLES[self.kind]}
        self.lines = [plain.clean_line(each) or "x" for each in batch]
        self.everything = "\n".join(batch)
        self.person, self.house = self._house()
        self.reference = drafting.start(room.portal, self.person, self.kind, now=room.now)
        self.left_out: list[str] = []

    def _house(self) -> tuple[Person, str]:
        portal, now = self.room.portal, self.room.now
        with portal.work() as work:
            name = self.lines[self.number % len(self.lines)][:200]
            house = builders.organisation(work, name=name, slug=f"house-{self.number}")
            user = builders.user(work, name=self.lines[0][:200])
            builders.membership(work, user, house)
            work.commit()
            slug, version, user_id = house.slug, house.version, user.id
        person = person_of(portal, user_id)
        about = self.everything[:700]
        organisations.change_page(portal, person, slug, about=about, website="", version=version, now=now)
        return person, slug

    def fill_every_field(self) -> None:
        """Also those that want a date, a choice or an address: what was typed is kept and handed back."""
        fields = [item.name for item in every_field(self.kind, self.example)]
        self._save({name: self.batch[place % len(self.batch)] for place, name in enumerate(fields)})

    def fill_what_may_be_sent(self) -> None:
        """In every field that takes free text; what stops the sending gives way to a good answer."""
        fields = every_field(self.kind, self.example)
        good = {item.name: self.example.get(item.name, "") for item in fields}
        free = [item.name for item in fields if item.type in TYPED and item.name not in ("body", "ticker")]
        values = good | {name: self.batch[place % len(self.batch)] for place, name in enumerate(free)}
        written_as = FORMATS[self.number % 3]
        self._save(values | {"body": self._story(written_as), "body_format": written_as})
        wrong = {issue.field for issue in self._blocking()}
        self.left_out = [values[name] for name in wrong if name in free]
        self._save({name: good[name] for name in {*wrong, "body_format"}})

    def _story(self, written_as: str) -> str:
        """As many of the strings as the limit of links allows, after a story that is long enough."""
        story = self.example["body"]
        if written_as == "html":
            story = "".join(f"<p>{part}</p>" for part in story.split("\n\n"))
        links = 0
        for each in self.batch:
            more = measure.link_count(body_html(each, written_as))
            if links + more <= 8:
                story, links = f"{story}\n\n{each}", links + more
        return story

    def _save(self, values: dict[str, str]) -> None:
        for page in PAGES:
            drafting.save(
                self.room.portal, self.person, self.reference, page=page, posted=values, version=self.version,
                now=self.room.now,
            )  # fmt: skip

    def _blocking(self) -> list:
        with self.room.portal.database.reading() as session:
            case = releases.find(session, self.reference)
            found = sending.check(self.room.portal, case, now=self.room.now)
            return [issue for issue in found if issue.blocks]

    @property
    def version(self) -> int:
        with self.room.portal.database.reading() as session:
            return releases.find(session, self.reference).release.version

    @property
    def edition(self):
        with self.room.portal.database.reading() as session:
            return releases.find(session, self.reference).edition

    def send(self) -> None:
        portal, now = self.room.portal, self.room.now
        edition = self.edition
        sending.submit(
            portal, self.person, self.reference, posted=DECLARED, version=self.version,
            key=edition.submission_key, now=now,
        )  # fmt: skip
        examining.examine(portal, edition.id, now=now)
        moderating.claim(portal, self.room.editor, self.reference, version=self.version, now=now)

    def write_to_each_other(self) -> None:
        portal, now = self.room.portal, self.room.now
        words = self.everything[:4000]
        conversing.write_to_desk(
            portal, self.person, self.reference, message=plain.clean_text(words), now=now
        )
        conversing.write_to_sender(
            portal, self.room.editor, self.reference, message=plain.clean_text(words), now=now
        )
        moderating.add_note(portal, self.room.editor, self.reference, note=plain.clean_text(words), now=now)

    def decide(self, decision: str) -> None:
        verdict = moderating.Verdict(
            decision=decision,
            revision_hash=self.edition.revision.hash,
            reasons=[] if decision == "approve" else ["HYPE"],
            message=plain.clean_text(self.everything[:4000]),
            identity_person=self.lines[0][:200] or "somebody",
            identity_number=self.lines[-1][:80] or "1",
            identity_source=self.lines[0][:300] or "a list",
            consent_note=self.lines[0],
            check_note=self.lines[-1],
        )
        moderating.decide(
            self.room.portal,
            self.room.editor,
            self.reference,
            verdict,
            version=self.version,
            now=self.room.now,
        )


def written(room: Newsroom, strings: list[str]) -> Iterator[tuple[Author, Written]]:
    """All strings as releases; what a field could not take once is tried in another one."""
    waiting, again = deque(strings), deque()
    number = 0
    while waiting:
        batch = [waiting.popleft() for _ in range(min(AT_ONCE, len(waiting)))]
        author = Author(room, batch, number)
        client = logged_in(room.app, room.portal, author.person.id, room.now)
        yield author, Written(author.reference, client, author.house)
        again.extend(author.left_out)
        number += 1
        if not waiting and again:
            waiting, again = again, deque()
            strings = list(waiting)
            if len(strings) < AT_ONCE:
                return


def faults_of(room: Newsroom, author: Author, release: Written) -> Iterator[tuple[str, list[str]]]:
    """Take the release through its whole life and look at every page on the way."""
    base, review = f"/desk/releases/{release.reference}", f"/newsroom/releases/{release.reference}"
    author.fill_every_field()
    yield from looked_at(release.sender, [f"{base}/edit/{page}" for page in (*PAGES, "check")])
    author.fill_what_may_be_sent()
    yield from looked_at(release.sender, [f"{base}/edit/check"])
    yield from echoed(release.sender, f"{base}/edit/news", author.batch)
    author.send()
    author.write_to_each_other()
    yield from looked_at(room.reading, [review])
    if author.number % 3 == 0:
        author.decide("request_changes")
        yield from looked_at(release.sender, [base, f"{base}/edit/news"])
        author.send()
    author.decide("approve")
    yield from looked_at(room.reading, [review])
    yield from looked_at(
        release.sender,
        [base, f"{base}/receipt", f"{base}/versions/1", "/desk", "/desk/organisation", "/account/security"],
    )
    public = [f"/releases/{release.reference}", f"/organisations/{release.house}"]
    yield from looked_at(room.app.test_client(), public)
    yield from feeds_of(room.app.test_client(), f"org-{release.house}")


def looked_at(client: FlaskClient, addresses: list[str]) -> Iterator[tuple[str, list[str]]]:
    for address in addresses:
        answer = client.get(address, follow_redirects=True)
        wrong = [] if answer.status_code == 200 else [f"answered {answer.status_code}"]
        yield address, wrong + acting_in(answer.text)


def echoed(client: FlaskClient, address: str, batch: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Handed back by a page of refusal: a bad token (400), and a page that is too old (409)."""
    form = read(address, 200, client.get(address).text, {}).form("/edit/news")
    hidden = {"csrf_token": form.value("csrf_token"), "version": "1", "go": "continue"}
    names = ("headline", "summary", "city", *(f"unknown-{place}" for place in range(len(batch))))
    typed = dict(zip(names, batch, strict=False))
    for status, fields in ((400, {**typed, "csrf_token": batch[0]}), (409, {**typed, **hidden})):
        answer = client.post(address, data=fields)
        wrong = [] if answer.status_code == status else [f"answered {answer.status_code}"]
        yield f"{address} {status}", wrong + acting_in(answer.text)


def feeds_of(client: FlaskClient, which: str) -> Iterator[tuple[str, list[str]]]:
    for form in FEED_FORMS:
        answer = client.get(f"/feeds/{which}.{form}")
        yield f"/feeds/{which}.{form}", faults_of_feed(answer.data, form)


def faults_of_feed(body: bytes, form: str) -> list[str]:
    """What a reader of feeds would act on; what the formats call plain text is shown to it as it stands."""
    if form == "json":
        items = [
            {name: text for name, text in item.items() if name not in PLAIN_IN_JSON}
            for item in json.loads(body)["items"]
        ]
        return [
            f"{name}: {found}"
            for item in items
            for name, text in item.items()
            for found in acting_in(str(text))
        ]
    texts = [element.text or "" for element in ET.fromstring(body).iter() if not plain_in_atom(element)]
    return [found for text in texts for found in acting_in(text)]


def plain_in_atom(element: ET.Element) -> bool:
    """RFC 4287, 3.1.1: a text without a type is plain, and so is a person's name (3.2.1)."""
    return element.tag in PLAIN_IN_ATOM and element.get("type", "text") == "text"


def mails_of(room: Newsroom) -> list[EmailMessage]:
    """Everything that was to be mailed, as the mail server would get it."""
    bench = Bench(room.portal, StillClock(room.now), room.sender)
    while waiting := notifying.due_outbox(room.portal, now=room.now, limit=500):
        for outbox_id in waiting:
            relay_row(bench, outbox_id)
    while due := delivering.due_deliveries(room.portal, at=real_time(), limit=500):
        for delivery_id in due:
            deliver_row(bench, delivery_id)
    return [outgoing.message for outgoing in room.sender.kept]


def faults_of_mail(message: EmailMessage) -> list[str]:
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    headers = [f"{name} in two lines" for name, value in message.items() if "\n" in str(value)]
    return headers + acting_in(html.get_content(), mail=True)


def all_faults(room: Newsroom, strings: list[str]) -> list[tuple[str, list[str]]]:
    found = []
    for author, release in written(room, strings):
        found += [(address, wrong) for address, wrong in faults_of(room, author, release) if wrong]
    common = ("/", "/releases/", *(f"/releases/?kind={kind}" for kind in KINDS))
    found += [each for each in looked_at(room.app.test_client(), list(common)) if each[1]]
    found += [each for each in looked_at(room.reading, ["/newsroom", "/newsroom?view=decided"]) if each[1]]
    for which in ("all", *KINDS):
        found += [each for each in feeds_of(room.app.test_client(), which) if each[1]]
    messages = mails_of(room)
    assert len(messages) > 25
    found += [(str(each["Subject"]), wrong) for each in messages if (wrong := faults_of_mail(each))]
    return found


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<p onclick=alert(1)>x</p>",
        '<a href="jav\tascript:alert(1)">x</a>',
        "<svg><g></g></svg>",
        '<form action="https://elsewhere.example/"></form>',
        '<meta http-equiv="refresh" content="0">',
        '<p style="position:fixed">x</p>',
        '<script type="application/ld+json">{"a": "</script>',
    ],
)
def test_what_acts_is_seen(html: str) -> None:
    assert acting_in(html) != []


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of attacks is not beside the project")
def test_every_attack_lies_inert_on_every_page_feed_and_mail(newsroom: Newsroom) -> None:
    assert all_faults(newsroom, vectors()) == []


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of naughty strings is not beside the project")
def test_every_naughty_string_is_taken_and_shown(newsroom: Newsroom) -> None:
    assert all_faults(newsroom, naughty_strings()) == []


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")
def test_no_string_in_an_address_or_an_account_form_acts_or_breaks(newsroom: Newsroom) -> None:
    client = newsroom.app.test_client()
    strings = [*vectors(), *naughty_strings()]
    token = (
        read("/account/register", 200, client.get("/account/register").text, {})
        .form("/register")
        .value("csrf_token")
    )
    groups = [strings[place : place + 8] for place in range(0, len(strings), 8)]
    assert [wrong for group in groups if (wrong := faults_at_the_door(client, group, token))] == []


def faults_at_the_door(client: FlaskClient, group: list[str], token: str) -> list[str]:
    """Eight strings: four in addresses; the other four in what a list is asked for and in a form that comes back."""
    parts = [quote(string[:300], safe="") for string in group]
    first, others = parts[:4], parts[4:]
    asked = "&".join(f"{name}={part}" for name, part in zip(LIST_NAMES, others, strict=False))
    addresses = [f"{door}{part}" for door, part in zip(DOORS, first, strict=False)]
    answers = [client.get(address) for address in (f"/releases/?{asked}", *addresses)]
    typed = dict(zip(REGISTER_NAMES, group[4:], strict=False))
    back = client.post("/account/register", data={**typed, "password": "short", "csrf_token": token})
    wrong = [f"answered {answer.status_code}" for answer in answers if answer.status_code >= 500]
    wrong += [] if back.status_code == 422 else [f"registering answered {back.status_code}"]
    return wrong + [found for answer in (*answers, back) for found in acting_in(answer.text)]
