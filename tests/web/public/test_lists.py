"""Lists by kind, place and organisation, page after page."""

import re
from datetime import timedelta

from tests import builders


def references(page):
    return re.findall(r'<h3[^>]*><a href="/releases/([A-Z0-9-]+)/', page)


def walk(reader, address):
    """The references on every page of a list, following its link to older ones."""
    found = []
    while address:
        page = reader.get(address).text
        found.append(references(page))
        link = re.search(r'<a rel="next" href="([^"]+)"', page)
        address = link[1].replace("&amp;", "&") if link else ""
    return found


def test_pages_follow_each_other_without_gaps_or_doubles(reader, saving, now):
    with saving() as work:
        house = builders.organisation(work, slug="lotus")
        sender = builders.user(work)
        # Some share their minute, so that only the row's number parts them.
        made = [
            builders.published_release(
                work, house=house, sender=sender, at=now - timedelta(minutes=number // 3)
            )
            for number in range(70)
        ]

    for address in (
        "/releases/",
        "/releases/?kind=business",
        "/releases/?place=cambodia",
        "/organisations/lotus",
    ):
        pages = walk(reader, address)

        assert [len(page) for page in pages] == [30, 30, 10]
        assert len({reference for page in pages for reference in page}) == 70
    newest_first = sorted(made, key=lambda row: (row.live_from, row.id), reverse=True)
    assert [each for page in walk(reader, "/releases/") for each in page] == [
        row.reference for row in newest_first
    ]


def test_the_front_page_goes_on_where_its_own_list_ends(reader, saving, now):
    with saving() as work:
        house, sender = builders.organisation(work), builders.user(work)
        for number in range(25):
            builders.published_release(work, house=house, sender=sender, at=now - timedelta(minutes=number))

    first, *rest = walk(reader, "/")

    assert (len(first), [len(page) for page in rest]) == (20, [4])  # and the lead


def test_a_list_holds_only_its_kind_place_or_organisation(reader, saving):
    with saving() as work:
        one = builders.published_release(work, house=builders.organisation(work, slug="one"))
        two = builders.published_release(work, kind="sports", city="Ipoh", country="MY")

    assert references(reader.get("/releases/?kind=sports").text) == [two.reference]
    assert references(reader.get("/releases/?place=malaysia").text) == [two.reference]
    assert references(reader.get("/releases/?place=malaysia-ipoh").text) == [two.reference]
    assert references(reader.get("/releases/?org=one").text) == [one.reference]
    assert references(reader.get("/releases/?kind=sports&org=one").text) == []


def test_the_heading_says_what_was_chosen(reader, saving):
    with saving() as work:
        builders.published_release(work, kind="sports", city="Ipoh", country="MY")

    assert (
        "<h1><bdi>Sport from Ipoh, Malaysia</bdi></h1>"
        in reader.get("/releases/?kind=sports&place=malaysia-ipoh").text
    )


def test_a_kind_without_releases_says_so(reader):
    answer = reader.get("/releases/?kind=event")

    assert answer.status_code == 200
    assert "No release fits this choice yet." in answer.text


def test_an_unknown_kind_or_place_is_a_404(reader):
    assert reader.get("/releases/?kind=gossip").status_code == 404
    assert reader.get("/releases/?place=atlantis").status_code == 404


def test_a_cursor_that_was_never_ours_shows_the_first_page(reader, saving):
    with saving() as work:
        builders.published_release(work)

    assert reader.get("/releases/?after=%F0%9F%98%80").data == reader.get("/releases/").data


def test_each_list_links_the_feeds_of_the_same_releases(reader, saving):
    with saving() as work:
        builders.published_release(work, house=builders.organisation(work, slug="one"))

    assert 'href="/feeds/all.rss"' in reader.get("/releases/").text
    assert 'href="/feeds/place-cambodia.atom"' in reader.get("/releases/?place=cambodia").text
    assert 'href="/feeds/org-one.json"' in reader.get("/organisations/one").text
    assert (
        '<a href="/feeds/'
        not in reader.get("/releases/?place=cambodia&kind=business").text.partition("<footer")[0]
    )


def test_the_organisation_page_tells_about_it(reader, saving):
    with saving() as work:
        house = builders.organisation(work, slug="one", about_html="<p>Growers of eleven villages.</p>")
        row = builders.published_release(work, house=house)

    page = reader.get("/organisations/one").text

    assert "<p>Growers of eleven villages.</p>" in page
    assert references(page) == [row.reference]
