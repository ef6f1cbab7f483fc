"""What a first visit costs, compressed: the page with everything it links. No browser is needed to count it.

The hard lines of the design: an article 60 kB (110 in Burmese), a list 50, a page of the form 55, the queue 90.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from pathlib import Path

import pytest

from portal.app import create_app
from portal.rules.kinds import KINDS
from portal.storage.unit_of_work import silent
from portal.web.static_files import FOLDER
from tests import builders
from tests.rigs.desk import open_desk
from tests.rigs.mailroom import StillClock
from tests.rules.examples import EXAMPLES

KILO = 1000
FONTS = {
    "source-serif-4-latin-600-normal.woff2": 21_532,
    "noto-sans-myanmar-myanmar-400-normal.woff2": 47_148,
}
"""Bytes of the files that npm fetches, so that the sum is the same where npm is missing."""
LATIN, BURMESE = FONTS.values()
BURMESE_STORY = {
    "language": "my",
    "headline": "နေပြည်တော်တွင် ကလေးစာကြည့်တိုက်အသစ် ဖွင့်လှစ်မည်",
    "body_html": "<p>စာကြည့်တိုက်သည် နေ့စဉ် နံနက် ၉ နာရီမှ ညနေ ၅ နာရီအထိ ဖွင့်ပါသည်။</p>" * 30,
}


@pytest.fixture
def desk(sqlite_database, settings, now):
    return open_desk(sqlite_database, settings, now)


@pytest.fixture
def app(sqlite_database, settings, now):
    made = create_app(
        replace(settings, database_url=sqlite_database.url), clock=StillClock(now), doorbell=silent
    )
    yield made
    made.extensions["portal"].database.dispose()


def weight(html: str, *fonts: int) -> dict[str, int]:
    """Bytes by sort; `total` is what travels."""
    linked = re.findall(r'<(?:link|script)[^>]*(?:href|src)="/static/([\w./-]+)\?', html)
    texts = [name for name in linked if name.endswith((".css", ".js", ".svg"))]
    sizes = {
        "html": packed(html.encode()),
        "css": sum(packed_file(name) for name in texts if name.endswith(".css")),
        "js": sum(packed_file(name) for name in texts if name.endswith(".js")),
        "icon": sum(packed_file(name) for name in texts if name.endswith(".svg")),
        "font": sum(fonts),
    }
    return {**sizes, "total": sum(sizes.values())}


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def packed_file(name: str) -> int:
    return packed((Path(FOLDER) / name).read_bytes())


def published(desk, kind: str, **changes: str) -> str:
    with desk.portal.work() as work:
        row = builders.published_release(work, kind=kind, at=desk.now, **{**EXAMPLES[kind], **changes})
        work.commit()
        return f"/releases/{row.reference}/{row.slug}"


@pytest.mark.parametrize("kind", KINDS)
def test_an_article_stays_under_its_hard_line(desk, app, kind):
    address = published(desk, kind)
    for place in range(6):
        published(desk, kind, headline=f"Another headline of the usual length, number {place}")
    found = weight(app.test_client().get(address).text, LATIN)
    assert found["js"] == 0
    assert found["html"] <= 14 * KILO, found
    assert found["css"] <= 12 * KILO, found
    assert found["total"] <= 60 * KILO, found


def test_a_burmese_article_stays_under_its_hard_line(desk, app):
    address = published(desk, "community", **BURMESE_STORY)
    found = weight(app.test_client().get(address).text, LATIN, BURMESE)
    assert found["total"] <= 110 * KILO, found


@pytest.mark.parametrize("address", ["/", "/releases/"])
def test_a_front_page_and_a_list_of_thirty_stay_under_their_hard_line(desk, app, address):
    for place in range(40):
        kind = list(KINDS)[place % len(KINDS)]
        published(desk, kind, headline=f"{EXAMPLES[kind]['headline']} in ward {place}", city=f"Town {place}")
    found = weight(app.test_client().get(address).text, LATIN)
    assert found["js"] == 0
    assert found["total"] <= 50 * KILO, found


@pytest.mark.parametrize("page", ["news", "facts", "story", "contact", "check"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_the_form_stays_under_its_hard_line(desk, app, kind, page):
    reference = desk.draft(kind)
    client = logged_in(app, desk, desk.people.member)
    answer = client.get(f"/desk/releases/{reference}/edit/{page}")
    assert answer.status_code == 200
    found = weight(answer.text, LATIN)
    assert found["js"] <= 7.5 * KILO, (
        found
    )  # what word processors leave in a paste took more rules than was planned
    assert found["total"] <= 55 * KILO, found


def test_a_full_queue_and_a_review_stay_under_their_hard_line(desk, app):
    references = [desk.sent(list(KINDS)[place % len(KINDS)]) for place in range(50)]
    desk.claim(references[0])
    client = logged_in(app, desk, desk.people.editor)
    for address in ("/newsroom", f"/newsroom/releases/{references[0]}"):
        answer = client.get(address)
        assert answer.status_code == 200
        found = weight(answer.text, LATIN)
        assert found["total"] <= 90 * KILO, (address, found)


def logged_in(app, desk, person):
    from portal.actions.accounts import sessions
    from portal.actions.accounts.sessions import Visit
    from portal.storage.tables import User

    client = app.test_client()
    with desk.portal.work() as work:
        token = sessions.begin(work, work.session.get_one(User, person.id), Visit(), now=desk.now)
        work.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client


def test_the_fonts_that_were_fetched_are_as_heavy_as_we_count(app):
    fetched = [Path(FOLDER) / "vendor" / "fonts" / name for name in FONTS]
    if not all(path.is_file() for path in fetched):
        pytest.skip("npm has not fetched the fonts (make test does)")
    assert [path.stat().st_size <= FONTS[path.name] * 1.05 for path in fetched] == [True, True]


def test_a_machine_without_the_fonts_asks_for_none(desk, app, monkeypatch):
    monkeypatch.setitem(app.jinja_env.globals, "has_fonts", lambda: False)
    html = app.test_client().get(published(desk, "business")).text
    assert "fonts.css" not in html
    assert ".woff2" not in html
