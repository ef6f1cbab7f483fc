"""An owner invites and removes; whoever was removed is out at the next request."""

from __future__ import annotations

from tests.rigs import sending
from tests.rigs.people import PASSWORD
from tests.rigs.plain_browser import PlainBrowser
from tests.rigs.running_portal import RunningPortal
from tests.rigs.web_page import Page

SENDER, COLLEAGUE = "dewi@selatbiru.example", "bambang@selatbiru.example"


def joined(site: RunningPortal, owner: PlainBrowser) -> PlainBrowser:
    """A colleague who came by an invitation and is logged in."""
    owner.open("/desk/organisation")
    owner.fill("/invite", {"email": COLLEAGUE})
    colleague = site.visitor()
    colleague.open(site.letter(COLLEAGUE).link)
    colleague.fill(values={"name": "Bambang Hartanto", "password": PASSWORD}, button="Join")
    assert "/desk/organisation" in colleague.page.url  # with the password that was typed a second ago
    return colleague


def test_an_invited_colleague_writes_on_and_is_out_at_once_when_removed(
    site: RunningPortal, sender: PlainBrowser
) -> None:
    reference = sending.start(sender, "business")
    colleague = joined(site, sender)
    assert reference in colleague.open("/desk").text
    colleague.open(f"/desk/releases/{reference}/edit/news")
    colleague.fill("/edit/news", {"headline": "Written by two hands"}, button="go on to")
    assert "Written by two hands" in sending.status(sender, reference).text
    sender.open("/desk/organisation")
    sender.fill("/remove", button="Remove Bambang Hartanto")
    gone = colleague.open(f"/desk/releases/{reference}")
    assert gone.status == 404 or "/account/login" in gone.url
    assert "Written by two hands" not in gone.html
    assert "You no longer act for" in site.letter(COLLEAGUE, "no longer").subject


def test_a_colleague_cannot_invite(site: RunningPortal, sender: PlainBrowser) -> None:
    colleague = joined(site, sender)
    page = colleague.open("/desk/organisation")
    assert [form.action for form in page.forms if form.action.endswith("/invite")] == []
    token = page.form("/organisation").value("csrf_token")
    assert (
        colleague.post("/desk/organisation/invite", {"csrf_token": token, "email": "x@y.example"}).status
        == 404
    )


def test_a_strangers_release_is_the_same_404_as_one_that_never_was(
    site: RunningPortal, sender: PlainBrowser, editor: PlainBrowser
) -> None:
    reference = sending.sent(sender)
    stranger = site.member("sok@rovers.example", name="Sok Chenda", organisation="Kinta Rovers")
    theirs = stranger.open(f"/desk/releases/{reference}")
    never = stranger.open("/desk/releases/SEAP-2026-22222")
    assert (theirs.status, never.status) == (404, 404)
    assert words_of(theirs) == words_of(never)
    assert stranger.open(f"/newsroom/releases/{reference}").status == 404
    assert stranger.open("/newsroom").status == 404
    assert site.visitor().open(f"/releases/{reference}").status == 404


def words_of(page: Page) -> str:
    """All of it but the number of the request."""
    return page.text.replace(page.headers["X-Request-Id"], "")


def test_a_copied_cookie_is_worth_nothing_after_logging_out(
    site: RunningPortal, sender: PlainBrowser
) -> None:
    copy = site.visitor()
    for cookie in sender.cookies:
        copy.cookies.set_cookie(cookie)
    assert copy.open("/desk").status == 200
    sender.open("/desk")
    sender.fill("/logout")
    assert "/account/login" in copy.open("/desk").url


def test_a_forgotten_password_is_set_anew_by_mail(site: RunningPortal, sender: PlainBrowser) -> None:
    fresh = "another kettle walks south"
    visitor = site.visitor()
    visitor.open("/account/reset")
    visitor.fill("/reset", {"email": SENDER})
    visitor.open(site.letter(SENDER, "password").link)
    visitor.fill(values={"password": fresh})
    assert "/account/login" in visitor.page.url
    assert visitor.fill("/login", {"email": SENDER, "password": fresh}).url.endswith("/desk")
    assert "/account/login" in sender.open("/desk").url
