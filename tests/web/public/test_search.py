"""The search page: what is public, headlines first and then the newest, and no number that hints at anything else."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import event

from portal.actions.releases import spelling
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


def test_headlines_come_first_then_the_newest(reader, saving, now):
    def made(headline, hours, **more):
        with saving() as work:
            return builders.published_release(
                work, headline=headline, at=now - timedelta(hours=hours), **more
            ).reference

    oldest = made("Zebra crossing", 9)
    part = made("Zebras at the zoo", 5, subheadline="They came by the crossing")
    old = made("A new bridge", 4, subheadline="Where the zebra crossing was")
    new = made("A new road", 3, subheadline="Where the zebra crossing was")

    assert references(ask(reader, "zebra crossing").text) == [oldest, part, new, old]
    assert references(ask(reader, '"zebra crossing"').text) == [oldest, new, old]
    assert references(ask(reader, "zebra crossing", "/releases/").text) == [oldest, part, new, old]


def test_a_question_that_is_held_in_part(reader, saving, now):
    with saving() as work:
        three = builders.published_release(
            work, headline="Taunggyi tea fair opens", at=now - timedelta(hours=2)
        )
        builders.published_release(work, headline="Tea harvest", at=now)

    page = ask(reader, "taunggyi tea fair tickets")

    assert references(page.text) == [three.reference]
    assert "This one holds 3 of 4 words." in page.text
    assert 'Missing: <b dir="auto">tickets</b>' in page.text


def test_each_names_what_it_lacks_where_they_lack_different_words(reader, saving, now):
    with saving() as work:
        one = builders.published_release(work, headline="Zebra crossing", at=now)
        two = builders.published_release(work, headline="Zebra market", at=now - timedelta(hours=1))

    page = ask(reader, "zebra crossing market").text

    assert references(page) == [one.reference, two.reference]
    assert "These hold 2 of 3 words." in page
    assert re.findall(r'<p class="quiet">Missing: <b dir="auto">(\w+)</b></p>', page) == [
        "market",
        "crossing",
    ]


def test_of_a_long_question_as_much_as_stands_together(reader, saving):
    with saving() as work:
        row = builders.published_release(work, headline="Zebra crossing opens beside the harbour market")

    page = ask(reader, "zebra crossing opens beside harbour market elephant giraffe").text

    assert references(page) == [row.reference]
    assert "This one holds 6 of 8 words." in page
    assert 'Missing: <b dir="auto">elephant</b>, <b dir="auto">giraffe</b>' in page


def test_pages_of_a_part_follow_each_other(reader, saving, now):
    with saving() as work:
        house, sender = builders.organisation(work), builders.user(work)
        for number in range(35):
            at = now - timedelta(minutes=number)
            builders.published_release(work, house=house, sender=sender, headline="Zebra", at=at)
    first = ask(reader, "zebra elephant").text
    link = re.search(r'<a rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = reader.get(link).text

    assert [len(references(page)) for page in (first, second)] == [30, 5]
    assert not set(references(first)) & set(references(second))
    assert "These hold 1 of 2 words." in second


def test_words_in_marks_that_are_nowhere_in_this_order_may_be_looked_for_in_any(reader, saving):
    with saving() as work:
        row = builders.published_release(work, headline="Repair of the yard")

    page = ask(reader, '"yard repair"').text

    assert references(page) == []
    assert '<a href="/search?q=yard+repair">Look for the words in any order</a>' in page
    assert references(ask(reader, "yard repair").text) == [row.reference]


def learn(reader, now):
    spelling.learn(reader.application.extensions["portal"], now=now)


def test_a_slip_is_answered_with_what_may_have_been_meant(reader, saving, now):
    with saving() as work:
        row = builders.published_release(work, headline="Two ferries reach the mangrove", at=now)
    learn(reader, now)

    for slip, meant in (
        ("feries", "ferries"),
        ("ferris", "ferries"),
        ("mangorve", "mangrove"),
        ("MANGROV", "mangrove"),
    ):
        page = ask(reader, slip).text
        assert f'Did you mean <a href="/search?q={meant}">{meant}</a>?' in page
        assert "Nothing found" in page
    page = ask(reader, "reach mangorve").text
    assert references(page) == [row.reference]
    assert '<a href="/search?q=reach+mangrove">mangrove</a>' in page
    assert "Did you mean" not in ask(reader, "qqqqqq").text + ask(reader, "mangrove").text


def test_nothing_hidden_is_proposed_or_moves_what_is(reader, saving, now):
    with saving() as work:
        builders.published_release(work, headline="Mangrove", at=now)
    learn(reader, now)
    questions = ("mangorve", "elephnat", "mangrove elephnat", "mangrove elephant")
    before = [ask(reader, question) for question in questions]

    with saving() as work:
        for number in range(20):
            builders.submitted_release(work, headline=f"Mangorve elephants {number}")
            builders.scheduled_release(
                work, headline=f"Mangorva elephant {number}", live_from=now + timedelta(days=1)
            )
        gone = builders.published_release(work, headline="Mangorves elephant", at=now)
        gone.publication, gone.removed_at = "killed", now
    learn(reader, now)
    after = [ask(reader, question) for question in questions]

    assert [main_of(answer) for answer in after] == [main_of(answer) for answer in before]
    assert 'href="/search?q=mangrove">mangrove</a>' in after[0].text


def test_a_hidden_release_costs_no_statement(reader, saving, now, monkeypatch):
    """The way to an answer is as long with it as without it."""
    with saving() as work:
        builders.published_release(work, headline="Mangrove", at=now)
    learn(reader, now)
    sent = []
    engine = reader.application.extensions["portal"].database.engine
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_rest: sent.append(statement))

    def statements(question):
        sent.clear()
        ask(reader, question)
        return list(sent)

    questions = ("elephant", "elephnat", "mangrove elephant", '"grey elephant"')
    before = [statements(question) for question in questions]
    with saving() as work:
        builders.scheduled_release(work, headline="Grey elephant", live_from=now + timedelta(days=1))
        gone = builders.published_release(work, headline="Grey elephant", at=now)
        gone.publication, gone.removed_at = "taken_down", now
    learn(reader, now)

    assert [statements(question) for question in questions] == before


def test_a_nul_is_a_blank(reader, saving):
    with saving() as work:
        row = builders.published_release(work, headline="Zebra crossing")

    for where in ("/search", "/releases/"):
        assert references(reader.get(f"{where}?q=zebra%00crossing%00").text) == [row.reference]
    assert reader.get("/search?q=%00").status_code == 200
    assert reader.get("/search?q=zebra&after=%00").status_code == 404


@pytest.mark.parametrize("nothing", ["🙂", "🙂🎉", '"', "* - +", "–", "…", "👩‍👩‍👧"])
def test_signs_and_emoji_alone_are_answered_with_a_sentence(reader, nothing):
    assert "There is no word in that." in ask(reader, nothing).text
    assert "There is no word in what you typed." in ask(reader, nothing, "/releases/").text


def test_each_page_has_its_own_address_and_title(reader, saving, now):
    with saving() as work:
        house, sender = builders.organisation(work), builders.user(work)
        for number in range(31):
            at = now - timedelta(minutes=number)
            builders.published_release(work, house=house, sender=sender, headline="Zebra", at=at)

    for address in ("/releases/", f"/organisations/{house.slug}", "/search?q=zebra", "/releases/?q=zebra"):
        pages = [reader.get(address).text]
        link = re.search(r'<a rel="next" href="([^"]+)"', pages[0])[1]
        pages.append(reader.get(link.replace("&amp;", "&")).text)
        canonical = [
            re.search(r'<link rel="canonical" href="https?://[^/]+([^"]+)"', page)[1] for page in pages
        ]
        assert canonical == [address, link]
        titles = [re.search(r"<title>([^<]+)<", page)[1] for page in pages]
        assert titles[0] != titles[1]


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
            assert titles == ["The first 30 releases", "More releases", "More releases"]


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
        row = builders.scheduled_release(work, headline="Zebra", live_from=now + timedelta(seconds=0.5))
    before = ask(reader, "zebra")

    clock.instant = now + timedelta(seconds=0.5)

    assert references(before.text) == []
    assert before.headers["Cache-Control"] == "public, max-age=0, s-maxage=0, stale-while-revalidate=0"
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
