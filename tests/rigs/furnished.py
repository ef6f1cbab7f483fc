"""A portal with the demo data in it, and the list of pages that each kind of person can reach: for looking at them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from portal import demo
from portal.actions.accounts import users
from portal.actions.accounts.users import NewUser
from portal.actions.newsletter import subscribing
from portal.actions.submitting import drafting
from portal.rules import newsletter_links as links
from portal.rules.permissions import Person
from portal.storage.queries import people, releases
from portal.storage.tables import Edition, Membership, Organisation, Release
from tests import builders
from tests.rigs.people import PASSWORD
from tests.rigs.readers import Readers
from tests.rigs.running_portal import RunningPortal

PAGES = ("news", "facts", "story", "contact")
UNREADABLE = {
    "news": {"headline": "A short one", "city": "", "country": ""},
    "facts": {"effective_date": "next Friday", "news_kind": "opening", "jobs": "many", "location": ""},
    "story": {"body": "A story that is too short."},
    "contact": {
        "contact_name": "",
        "contact_email": "nobody at all",
        "release_at": "soon",
        "timing": "schedule",
    },
}
ARABIC = {
    "language": "ar",
    "headline": "افتتاح مكتبة جديدة للأطفال في ماولامياين",
    "summary": "تعير المكتبة الكتب بلا مقابل كل يوم.",
    "city": "Mawlamyine",
    "country": "MM",
}
Act = Callable[[Any], None]


@dataclass(frozen=True)
class Seen:
    """A page by name: its address, and what a person does there before it is looked at.

    `like` names a page that has the same on it, but for its words: looked at by people, not by the checker again.
    """

    name: str
    address: str
    act: Act | None = None
    like: str = ""


@dataclass
class Furnished:
    """The portal, its logins by role, and a release in each state."""

    site: RunningPortal
    logins: dict[str, demo.Login]
    in_state: dict[str, str] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)
    member: Person | None = None
    # Paths behind the mailed links of a reader, by what they are for.
    reader_links: dict[str, str] = field(default_factory=dict)

    def release_page(self, language: str) -> str:
        return self.slugs[language]


def furnish(site: RunningPortal) -> Furnished:
    """Load the demo data and add what it lacks: an Arabic release, and drafts that need work."""
    made = demo.load(site.portal, now=site.now, keep=lambda _logins: None)
    found = Furnished(site, {login.role: login for login in made})
    with site.portal.work() as work:
        _let_one_member_act_for_all(work, found)
        builders.published_release(work, kind="community", at=site.now, **ARABIC)
        work.commit()
    with site.portal.database.reading() as session:
        _note_releases(session, found)
        user = people.by_email(session, found.logins["member"].email)
        assert user is not None
        found.member = people.person(session, user)
    found.reader_links = _reader(found)
    for state, values in (("empty", {}), ("wrong", UNREADABLE)):
        found.in_state[state] = _draft(found, values)
    return found


def bare(site: RunningPortal) -> Furnished:
    """A member with an organisation and an editor, and nothing else."""
    for role, house in (("member", "Selat Biru Ferries"), ("editor", "")):
        wanted = NewUser(f"{role}@post.example", f"{role.title()} Osman", role, house, PASSWORD)
        users.create_user(site.portal, wanted, now=site.now)
    roles = ("member", "editor")
    return Furnished(site, {role: demo.Login(role, f"{role}@post.example", PASSWORD) for role in roles})


def _let_one_member_act_for_all(work: Any, found: Furnished) -> None:
    member = people.by_email(work.session, found.logins["member"].email)
    own = {each.organisation_id for each in work.session.query(Membership).filter_by(user_id=member.id)}
    for house in work.session.scalars(select(Organisation)):
        if house.id not in own:
            builders.membership(work, member, house, "owner")


def _note_releases(session: Any, found: Furnished) -> None:
    rows = session.execute(select(Release, Edition).join(Edition, Edition.release_id == Release.id))
    for release, edition in rows:
        state = release.publication if edition.state == "approved" else edition.state
        if state == "live" and release.live_from > found.site.now:
            state = "scheduled"
        found.in_state.setdefault(state, release.reference)
        if state == "live":
            found.slugs.setdefault(edition.language[:2], f"/releases/{release.reference}/{release.slug}")


def _draft(found: Furnished, values: dict[str, dict[str, str]]) -> str:
    portal, now = found.site.portal, found.site.now
    assert found.member is not None
    reference = drafting.start(portal, found.member, "business", now=now)
    for page, typed in values.items():
        with portal.database.reading() as session:
            case = releases.find(session, reference)
            assert case is not None
            version = case.release.version
        drafting.save(portal, found.member, reference, page=page, posted=typed, version=version, now=now)
    return reference


def _reader(found: Furnished) -> dict[str, str]:
    """Somebody on the list, for whom a form asked for something else; and somebody who has not confirmed yet."""
    portal, now = found.site.portal, found.site.now
    readers = Readers(portal)
    for address in ("waiting@home.example", "reader@home.example"):
        readers.ask(address, kinds=["sports"], places=["laos"], now=now)
    waiting, reader = readers.reader("waiting@home.example"), readers.reader("reader@home.example")
    key = portal.settings.mail_key
    confirming = links.confirm_path(key, reader.id, reader.nonce, reader.asked_at)
    subscribing.confirm(portal, confirming.rpartition("/")[2], now=now)
    readers.ask("reader@home.example", kinds=["event"], now=now)
    return {
        "confirm": links.confirm_path(key, waiting.id, waiting.nonce, waiting.asked_at),
        "confirmed": confirming,
        "leave": links.unsubscribe_path(key, reader.id, reader.nonce),
        "preferences": links.preferences_path(key, reader.id, reader.nonce),
    }


def for_visitors(found: Furnished) -> list[Seen]:
    return [
        Seen("front", "/"),
        Seen("list", "/releases/"),
        Seen("list-sport", "/releases/?kind=sports"),
        Seen("release", found.release_page("en")),
        Seen("release-burmese", found.release_page("my")),
        Seen("release-arabic", found.release_page("ar")),
        Seen("release-vietnamese", found.release_page("vi")),
        Seen("organisation", _organisation(found)),
        Seen("reasons", "/help/reasons"),
        Seen("reason", "/help/reasons/HYPE"),
        Seen("newsletter", "/newsletter"),
        Seen("newsletter-refused", "/newsletter", pressing("Mail me the link")),
        Seen("newsletter-sent", "/newsletter/sent"),
        Seen("newsletter-ask-link", "/newsletter/preferences"),
        Seen("newsletter-link-gone", "/newsletter/confirm/nothing"),
        *(Seen(f"newsletter-{name}", address) for name, address in found.reader_links.items()),
        Seen("login", "/account/login"),
        Seen("login-refused", "/account/login", _log_in_wrongly),
        Seen("register", "/account/register"),
        Seen("register-refused", "/account/register", pressing("Register")),
        Seen("start", "/submit"),
        Seen("register-again", "/account/register/again"),
        Seen("register-sent", "/account/register/sent"),
        Seen("register-sent-again", "/account/register/again", _ask_for_the_mail_again),
        Seen("reset", "/account/reset"),
        Seen("reset-sent", "/account/reset/sent"),
        Seen("link-gone", "/account/confirm/nothing"),
        Seen("not-found", "/releases/SEAP-2026-22222"),
    ]


def for_members(found: Furnished) -> list[Seen]:
    desk = "/desk/releases"
    drafts = [
        Seen(f"edit-{page}-{state}", f"{desk}/{found.in_state[state]}/edit/{page}")
        for state in ("empty", "wrong")
        for page in (*PAGES, "check")
    ]
    states = (
        "draft",
        "submitted",
        "in_review",
        "changes_requested",
        "rejected",
        "withdrawn",
        "scheduled",
        "live",
    )
    shown = [
        Seen(f"status-{state}", f"{desk}/{found.in_state[state]}")
        for state in states
        if state in found.in_state
    ]
    sent = found.in_state["submitted"]
    return [
        Seen("submit", "/submit"),
        Seen("desk", "/desk"),
        *drafts,
        Seen("change-kind", f"{desk}/{found.in_state['empty']}/change-kind"),
        *shown,
        Seen("receipt", f"{desk}/{sent}/receipt"),
        Seen("version", f"{desk}/{sent}/versions/1"),
        Seen("edit-conflict", f"{desk}/{found.in_state['empty']}/edit/news", _save_an_old_page),
        Seen("desk-organisation", "/desk/organisation"),
        Seen("security", "/account/security"),
        Seen("password", "/account/password"),
        Seen("desk-not-found", "/desk/releases/SEAP-2026-22222"),
    ]


def for_editors(found: Furnished) -> list[Seen]:
    room = "/newsroom/releases"
    free = found.in_state["submitted"]
    return [
        Seen("queue", "/newsroom"),
        Seen("queue-mine-empty", "/newsroom?view=mine"),
        Seen("queue-decided", "/newsroom?view=decided"),
        Seen("review-not-held", f"{room}/{free}"),
        Seen("review-held", f"{room}/{free}", pressing("Read and decide")),
        Seen("review-refused", f"{room}/{free}", _refuse_without_a_reason),
        Seen("review-rejected", f"{room}/{found.in_state['rejected']}"),
        Seen("review-live", f"{room}/{found.in_state['live']}"),
        Seen("numbers", "/newsroom/numbers"),
        Seen("start-for-staff", "/submit"),
    ]


def _organisation(found: Furnished) -> str:
    with found.site.portal.database.reading() as session:
        statement = (
            select(Organisation.slug)
            .join(Release, Release.organisation_id == Organisation.id)
            .where(Release.publication == "live", Organisation.about != "")
        )
        return f"/organisations/{session.scalars(statement).first()}"


def pressing(words: str) -> Act:
    def press(page: Any) -> None:
        page.get_by_role("button", name=words).first.click()

    return press


def _log_in_wrongly(page: Any) -> None:
    page.get_by_label("E-mail address").fill("nobody@post.example")
    page.get_by_label("Password").fill("not the password at all")
    page.get_by_role("button", name="Log in").click()


def _ask_for_the_mail_again(page: Any) -> None:
    page.get_by_label("E-mail address").fill("nobody@kampung.example")
    page.get_by_role("button", name="Send it again").click()


def _save_an_old_page(page: Any) -> None:
    page.locator("[name=headline]").fill("Words of an older tab")
    page.eval_on_selector("form[data-guard] [name=version]", "field => field.value = '1'")
    page.get_by_role("button", name="Save and go on to").click()


def _refuse_without_a_reason(page: Any) -> None:
    page.get_by_text("Not for us", exact=True).first.click()
    page.get_by_role("button", name="Do not publish").click()


def log_in(page: Any, found: Furnished, role: str) -> None:
    """By the page, as everybody does."""
    login = found.logins[role]
    page.goto(found.site.home + "/account/login")
    page.get_by_label("E-mail address").fill(login.email)
    page.get_by_label("Password").fill(login.password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "/account/login" not in url)
