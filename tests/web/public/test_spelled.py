"""Addresses as people and mail programs spell them lead to the right one, where that is public."""

from datetime import timedelta

import pytest

from tests import builders

GLUED = ", . ) > ; : ! ] } ' \" ” ’ » * _ … 。 ， ） %3E &gt; &gt &quot; %20 .) >, %C2%A0".split()


@pytest.fixture
def row(saving):
    with saving() as work:
        return builders.published_release(work, kind="event", city="Singapore", country="SG")


def moved(answer):
    return answer.status_code, answer.headers.get("Location", "")


@pytest.mark.parametrize("sign", GLUED)
def test_what_a_mail_program_glued_on_falls_off(reader, row, sign):
    right = f"/releases/{row.reference}/{row.slug}"

    for address in (f"/releases/{row.reference}{sign}", right + sign, f"/releases/{row.reference}{sign}/"):
        assert moved(reader.get(address)) == (301, right)
    assert moved(reader.get(f"/feeds/all.rss{sign}")) == (301, "/feeds/all.rss")
    assert moved(reader.get(f"/organisations/{row.organisation.slug}{sign}")) == (
        301,
        f"/organisations/{row.organisation.slug}",
    )


def test_capitals_and_slashes_of_a_release(reader, row):
    right, low = f"/releases/{row.reference}/{row.slug}", row.reference.lower()

    for address in (
        f"{right}/",
        f"/releases/{low}",
        f"/releases/{low}/",
        f"/releases/{low}/{row.slug}",
        f"/Releases/{low}/{row.slug}/",
        f"/releases/{row.reference}/{row.slug.upper()}",
        f"/releases/{row.reference.replace('-', '–')}",
        f"/releases/({row.reference})",
    ):
        assert moved(reader.get(address)) == (301, right)
    assert moved(reader.get(f"/releases/{low}/Event.ics")) == (301, f"/releases/{row.reference}/event.ics")
    assert reader.get(right).status_code == 200


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("/feeds/ALL.rss", "/feeds/all.rss"),
        ("/feeds/all.rss/", "/feeds/all.rss"),
        ("/feeds/All.ATOM", "/feeds/all.atom"),
        ("/Feeds/Events.ics", "/feeds/events.ics"),
        ("/feeds/Event.json/", "/feeds/event.json"),
        ("/feeds/events.rss", "/feeds/event.rss"),
        ("/feeds/place-Singapore.rss", "/feeds/place-singapore.rss"),
        ("/feeds/events.ics?place=Singapore", "/feeds/events.ics?place=singapore"),
        ("/releases", "/releases/"),
        ("/RELEASES/", "/releases/"),
        ("/releases/?kind=Event", "/releases/?kind=event"),
        ("/releases/?kind=EVENTS", "/releases/?kind=event"),
        ("/releases/?Kind=event,", "/releases/?kind=event"),
        ("/releases/?place=Singapore", "/releases/?place=singapore"),
        ("/releases/?place=%20singapore%20&q=A%26B", "/releases/?place=singapore&q=A%26B"),
        ("/releases?place=SINGAPORE", "/releases/?place=singapore"),
        ("/Search?q=Rice", "/search?q=Rice"),
        ("/search/?q=rice", "/search?q=rice"),
        ("/submit/", "/submit"),
        ("/Submit", "/submit"),
        ("/account/login/?next=/submit", "/account/login?next=%2Fsubmit"),
        ("/account/register.", "/account/register"),
        ("/sitemap.xml/", "/sitemap.xml"),
        ("/Robots.txt", "/robots.txt"),
        ("/Newsletter/", "/newsletter"),
        ("/.well-known/security.txt/", "/.well-known/security.txt"),
        ("/releases/,", "/releases/"),
        ("/help/reasons/", "/help/reasons"),
        ("/help/reasons/facts", "/help/reasons/FACTS"),
    ],
)
@pytest.mark.usefixtures("row")
def test_every_other_public_address(reader, typed, right):
    assert moved(reader.get(typed)) == (301, right)
    assert reader.get(right).status_code == 200


@pytest.mark.parametrize(
    "odd",
    [
        "/feeds/NONE.rss",
        "/feeds/place-Brunei.rss",
        "/releases/?kind=Nonsense",
        "/releases/?place=Brunei",
        "/organisations/Nobody",
        "/help/reasons/nothing",
        "/releases/SEAP-2026-NOSUCH/x/y",
        "/feeds/.rss",
        "/newsletter/confirm/ABC.",
        "/%2F%2Fevil.example/",
    ],
)
@pytest.mark.usefixtures("row")
def test_what_is_not_there_is_not_there_in_any_spelling(reader, odd):
    answer = reader.get(odd)

    assert "evil" not in answer.headers.get("Location", "")
    assert answer.status_code == 404


def test_a_hidden_release_answers_as_none_in_every_spelling(reader, saving, now):
    with saving() as work:
        hidden = [
            builders.submitted_release(work).reference,
            builders.scheduled_release(work, live_from=now + timedelta(days=1)).reference,
        ]
    absent = "SEAP-2026-ZZZZZ"
    for spell in ("{}/", "{},", "{}/x/", "({})", "{}/event.ics/", "{}>"):
        for change in (str, str.lower):
            expected = reader.get("/releases/" + spell.format(change(absent)))
            for reference in hidden:
                answer = reader.get("/releases/" + spell.format(change(reference)))
                assert answer.status_code == expected.status_code == 404
                assert "Location" not in answer.headers


def test_what_was_killed_is_led_to_without_its_slug(reader, saving, now):
    with saving() as work:
        gone = builders.published_release(work, headline="Zebra, retracted")
        gone.publication, gone.removed_at = "killed", now

    assert moved(reader.get(f"/releases/{gone.reference.lower()}/")) == (301, f"/releases/{gone.reference}")


def test_a_move_is_forgotten_with_the_next_change(reader, row, saving, now):
    with saving() as work:
        builders.scheduled_release(work, live_from=now + timedelta(seconds=0.5))

    answer = reader.get(f"/releases/{row.reference},")

    assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=0, stale-while-revalidate=0"
    assert "Set-Cookie" not in answer.headers
