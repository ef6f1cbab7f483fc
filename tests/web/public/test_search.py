"""The search page: what is public, newest first, and no number that hints at anything else."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest

from tests import builders


def references(page):
    return re.findall(r'<h3[^>]*><a href="/releases/([A-Z0-9-]+)/', page)


def main_of(answer):
    return answer.text.partition("<main")[2].partition("</main>")[0]


def ask(reader, question, where="/search"):
    return reader.get(f"{where}?q={quote(question)}")


def test_it_shows_what_holds_all_words_newest_first(reader, saving, now):
    with saving() as work:
        old = builders.published_release(work, headline="Zebra crossing opens", at=now - timedelta(hours=2))
        new = builders.published_release(work, headline="Second zebra crossing", at=now - timedelta(hours=1))
        builders.published_release(work, headline="Zebra at the zoo")

    page = ask(reader, "CROSSING zebra")

    assert page.status_code == 200
    assert references(page.text) == [new.reference, old.reference]
    assert ">2 releases</h2>" in page.text
    assert 'value="CROSSING zebra"' in page.text
    assert '<span class="dateline">BATTAMBANG, Cambodia –</span>' in page.text


def test_without_a_question_there_is_the_field_and_no_result(reader, saving):
    with saving() as work:
        builders.published_release(work)

    for address in ("/search", "/search?q=", "/search?q=%20%20"):
        page = reader.get(address)
        assert (page.status_code, references(page.text)) == (200, [])
        assert 'name="q"' in page.text
        assert "noindex" not in page.text


@pytest.mark.parametrize(
    "signs", ['"', "*", "a*", "-", ":", "(", "NEAR(", "'; DROP TABLE releases; --", "%", "\\", "🙂"]
)
def test_signs_are_only_signs(reader, saving, signs):
    with saving() as work:
        builders.published_release(work)

    page = ask(reader, signs)

    assert page.status_code == 200
    assert ask(reader, signs, "/releases/").status_code == 200


def test_a_question_that_holds_no_word_is_told_so(reader):
    assert "There is no word in that." in ask(reader, '"*"').text


def test_a_long_question_is_cut(reader):
    page = ask(reader, "zebra " * 5_000)

    assert page.status_code == 200
    assert len(page.text) < 20_000


def test_what_was_typed_is_shown_as_text(reader):
    page = ask(reader, '"><script>alert(1)</script>')

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text


def test_page_after_page(reader, saving, now):
    with saving() as work:
        house, sender = builders.organisation(work), builders.user(work)
        for number in range(65):
            at = now - timedelta(minutes=number)
            builders.published_release(work, house=house, sender=sender, headline="Zebra", at=at)

    for where in ("/search", "/releases/"):
        address, found, titles = f"{where}?q=zebra", [], []
        while address:
            page = reader.get(address).text
            found.append(references(page))
            titles.append(re.search(r'id="found">([^<]+)<', page)[1])
            link = re.search(r'<a rel="next" href="([^"]+)"', page)
            address = link[1].replace("&amp;", "&") if link else ""
        assert [len(page) for page in found] == [30, 30, 5]
        assert len({reference for page in found for reference in page}) == 65
        if where == "/search":
            assert titles == ["The newest 30 releases", "Older releases", "Older releases"]


def test_a_list_is_searched_within_its_filters(reader, saving):
    with saving() as work:
        business = builders.published_release(work, headline="Zebra crossing opens")
        event = builders.published_release(
            work, kind="event", headline="Zebra fair", city="Ipoh", country="MY"
        )

    assert references(reader.get("/releases/?q=zebra").text) == [event.reference, business.reference]
    assert references(reader.get("/releases/?q=zebra&kind=event").text) == [event.reference]
    assert references(reader.get("/releases/?q=zebra&place=malaysia-ipoh").text) == [event.reference]
    assert references(reader.get("/releases/?q=zebra&kind=sports").text) == []
    assert references(reader.get("/releases/?q=&kind=event").text) == [event.reference]


def test_nothing_on_the_page_moves_when_something_hidden_is_made(reader, saving, now):
    with saving() as work:
        builders.published_release(work, headline="Zebra crossing opens")
    before = [ask(reader, "zebra", where) for where in ("/search", "/releases/")]

    with saving() as work:
        for number in range(40):
            builders.submitted_release(work, headline=f"Zebra {number}")
            builders.scheduled_release(work, headline=f"Zebra {number}", live_from=now + timedelta(days=1))
        gone = builders.published_release(work, headline="Zebra, retracted")
        gone.publication, gone.removed_at = "killed", now
    after = [ask(reader, "zebra", where) for where in ("/search", "/releases/")]

    assert [main_of(answer) for answer in after] == [main_of(answer) for answer in before]
    assert [answer.headers["ETag"] for answer in after] == [answer.headers["ETag"] for answer in before]


def test_a_scheduled_release_is_found_in_its_minute(reader, saving, clock, now):
    with saving() as work:
        row = builders.scheduled_release(work, headline="Zebra", live_from=now + timedelta(seconds=20))
    before = ask(reader, "zebra")

    clock.instant = now + timedelta(seconds=20)

    assert references(before.text) == []
    assert before.headers["Cache-Control"] == "public, max-age=0, s-maxage=20"
    assert references(ask(reader, "zebra").text) == [row.reference]


def test_who_has_the_answer_gets_a_304(reader, saving):
    known = ask(reader, "zebra").headers["ETag"]

    assert reader.get("/search?q=zebra", headers={"If-None-Match": known}).status_code == 304


def test_every_page_and_the_404_lead_to_the_search(reader):
    assert '<a href="/search">Search</a>' in reader.get("/").text
    missing = reader.get("/no-such-page").text
    assert '<form class="join" action="/search" role="search">' in missing


def test_search_results_are_for_people_and_not_for_search_engines(reader):
    assert '<meta name="robots" content="noindex">' in ask(reader, "zebra").text
