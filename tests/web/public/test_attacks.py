"""Every attack of the corpus, through every public field at once, lies inert on the pages and in the feeds."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from itertools import islice
from xml.etree import ElementTree as ET

import pytest

from portal.rules.kinds import KINDS
from portal.text import plain
from portal.text.body import body_html
from tests import builders
from tests.rigs.sources import CORPUS

VECTORS = CORPUS / "attacks" / "vectors.jsonl"
AT_ONCE = 120
QUOTES = 20
ACTIVE = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "base",
    "form",
    "img",
    "template",
    "frame",
}
TEXT_FIELDS = ("headline", "subheadline", "summary", "city", "contact_name", "contact_role", "contact_email")
MORE_TEXT_FIELDS = ("contact_phone", "contact_site", "newsroom_name", "notes_to_editors")


# Plain text by the format (RFC 4287, 3.1.1.1 and 3.2.1), so that words in angles are words. RSS has no such rule.
PLAIN_IN_ATOM = {f"{{http://www.w3.org/2005/Atom}}{name}" for name in ("title", "subtitle", "name")}


class Inspector(HTMLParser):
    """Collects what could act: elements that run or load, event attributes, addresses of odd schemes."""

    def __init__(self, ours: set[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.ours, self.found = ours, []

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        if tag in ACTIVE and tag not in self.ours and known.get("type") != "application/ld+json":
            self.found.append(tag)
        self.found += [
            f"{tag} {name}" for name in known if name.startswith("on") or name in ("style", "srcdoc")
        ]
        addresses = [known.get(name) or "" for name in ("href", "src", "action") if name in known]
        self.found += [address for address in addresses if not harmless(address)]


def harmless(address: str) -> bool:
    return address.startswith(("http://", "https://", "mailto:", "/", "#"))


def active_in(html: str, ours: set[str] = frozenset()) -> list[str]:
    inspector = Inspector(ours)
    inspector.feed(html)
    inspector.close()
    return inspector.found


@pytest.fixture
def database(sqlite_database):
    """What a page says does not depend on the database; once is enough."""
    return sqlite_database


@pytest.fixture(scope="module")
def payloads() -> list[str]:
    if not VECTORS.is_file():
        pytest.skip("the corpus of attacks is not beside the project")
    return [json.loads(line)["payload"] for line in VECTORS.read_text(encoding="ascii").splitlines()]


def batches(payloads: list[str]) -> list[list[str]]:
    rest = iter(payloads)
    return [batch for _ in payloads if (batch := list(islice(rest, AT_ONCE)))]


def attacked_release(work, batch: list[str], number: int):
    """One release with an attack in every field, and the whole batch in its story."""
    kind = list(KINDS)[number % len(KINDS)]
    lines = [plain.clean_line(payload) for payload in batch] or ["x"]
    names = [*TEXT_FIELDS, *MORE_TEXT_FIELDS, *(field.name for field in KINDS[kind].fields)]
    names += [f"quotes-{n}-{part}" for n in range(QUOTES) for part in ("text", "speaker", "title")]
    values = {name: lines[index % len(lines)] for index, name in enumerate(names)}
    values |= {"starts_at": "2026-04-11T09:00", "timezone": "Asia/Vientiane"} if kind == "event" else {}
    story = "".join(
        body_html(payload, ("html", "markdown", "text")[index % 3]) for index, payload in enumerate(batch)
    )
    name = lines[number % len(lines)][:200] or "x"
    house = builders.organisation(
        work, name=name, slug=f"house-{number}", website=lines[0][:300], about_html=story
    )
    return builders.published_release(work, kind=kind, house=house, body_html=story, **values)


def test_no_attack_acts_on_a_page_or_in_a_feed(app, saving, payloads):
    reader = app.test_client()
    with saving() as work:
        rows = [attacked_release(work, batch, number) for number, batch in enumerate(batches(payloads))]

    acting = [
        found for row in rows for found in (*active_on_pages(reader, row), *active_in_feeds(reader, row))
    ]
    acting += [active_in(reader.get(address).text, ours={"form"}) for address in ("/", "/releases/")]

    assert [found for found in acting if found] == []


def active_on_pages(reader, row):
    for address in (f"/releases/{row.reference}/{row.slug}", f"/organisations/{row.organisation.slug}"):
        answer = reader.get(address)
        yield [] if answer.status_code == 200 else [f"{address}: {answer.status_code}"]
        yield active_in(answer.text, ours={"form"})


def active_in_feeds(reader, row):
    feed = f"/feeds/org-{row.organisation.slug}"
    for form in ("rss", "atom"):
        for element in ET.fromstring(reader.get(f"{feed}.{form}").data).iter():
            yield [] if form == "atom" and element.tag in PLAIN_IN_ATOM else active_in(element.text or "")
    for item in reader.get(f"{feed}.json").get_json(force=True)["items"]:
        yield active_in(item["content_html"])
