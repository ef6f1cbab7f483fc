"""The page of a release: everything that is public of it, nothing that is not, under one right address."""

import json
import re
from datetime import timedelta

import pytest

from tests import builders


@pytest.fixture
def database(sqlite_database):
    """What a page says does not depend on the database; once is enough."""
    return sqlite_database


def open_page(reader, row):
    return reader.get(f"/releases/{row.reference}/{row.slug}")


def structured_data(page):
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1])


def every_structured_data(page):
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return [json.loads(each) for each in found]


def test_the_page_opens_with_label_headline_and_dateline(reader, saving):
    with saving() as work:
        row = builders.published_release(work, subheadline="The first in the province")

    page = open_page(reader, row).text

    assert "PRESS RELEASE – supplied by <bdi>Lotus Basin Rice Growers</bdi>" in page
    assert "<h1>Farmers’ co-operative opens its own rice mill</h1>" in page
    assert "The first in the province" in page
    assert '<p><span class="dateline">BATTAMBANG, Cambodia –</span> Eleven villages will mill' in page
    assert '<time datetime="2026-03-24T03:20:00Z">24 Mar 2026, 11:20 GMT+8</time>' in page


def test_singapore_stands_alone_in_the_dateline(reader, saving):
    with saving() as work:
        row = builders.published_release(work, city="Singapore", country="SG")

    assert '<span class="dateline">SINGAPORE –</span>' in open_page(reader, row).text


def test_a_story_that_opens_with_a_list_gets_the_dateline_as_a_line_of_its_own(reader, saving):
    with saving() as work:
        row = builders.published_release(work, body_html="<ul><li>First</li></ul>")

    assert (
        '<p class="dateline">BATTAMBANG, Cambodia –</p><ul><li>First</li></ul>' in open_page(reader, row).text
    )


def test_main_carries_reference_and_publication_and_nothing_else_for_programs(reader, saving):
    with saving() as work:
        row = builders.published_release(work)

    main = re.search(r"<main[^>]*>", open_page(reader, row).text)[0]

    assert re.findall(r' (data-[a-z]+)="([^"]*)"', main) == [
        ("data-ref", row.reference),
        ("data-publication", "live"),
    ]


def test_facts_quotes_about_contact_and_reference_are_shown(reader, saving):
    with saving() as work:
        house = builders.organisation(work, about_html="<p>Growers of eleven villages.</p>")
        row = builders.published_release(
            work,
            kind="appointment",
            house=house,
            **{"quotes-0-text": "I will ask the crews first.", "quotes-0-speaker": "Ratna Kusumawardhani"},
        )

    page = open_page(reader, row).text

    assert "<dt>Employer</dt>" in page
    assert "“Ratna has sent ships back to the quay.”" in page
    assert "<figcaption>Bambang Hartanto, managing director</figcaption>" in page
    assert "“I will ask the crews first.”" in page
    assert "<p>Growers of eleven villages.</p>" in page
    assert '<a href="mailto:press@lotus.example">press@lotus.example</a>' in page
    assert f'<span class="ref">{row.reference}</span>' in page


def test_what_only_the_newsroom_may_see_is_nowhere_on_the_page(reader, saving):
    secret = {
        "newsroom_name": "CANARY-NAME",
        "newsroom_phone": "CANARY-PHONE",
        "newsroom_hours": "CANARY-HOURS",
        "notes_to_editors": "CANARY-NOTES",
        "media_contact": "CANARY-MEDIA",
        "region": "CANARY-REGION",
        "release_at": "CANARY-AT",
    }
    with saving() as work:
        row = builders.published_release(work, kind="event", **secret)
        writer = builders.user(work)
        builders.note(work, row, writer, "CANARY-NOTE")
        builders.message(work, row, writer, "CANARY-MESSAGE")

    assert "CANARY" not in open_page(reader, row).text
    assert "CANARY" not in reader.get("/feeds/all.json").text


def test_an_address_without_or_with_another_slug_leads_to_the_right_one(reader, saving):
    with saving() as work:
        row = builders.published_release(work)

    for address in ("", "/", "/some-other-words"):
        answer = reader.get(f"/releases/{row.reference}{address}")

        assert answer.status_code == 301
        assert answer.headers["Location"] == f"/releases/{row.reference}/{row.slug}"


def test_a_burmese_release_is_marked_and_written_as_such(reader, saving):
    headline = "မော်လမြိုင်မြို့တွင် ကလေးစာကြည့်တိုက်သစ် ဖွင့်လှစ်မည်"
    with saving() as work:
        row = builders.published_release(work, language="my", headline=headline, city="မော်လမြိုင်", country="MM")

    page = open_page(reader, row).text

    assert '<html lang="en" dir="ltr">' in page
    assert f'<h1 lang="my" dir="ltr">{headline}</h1>' in page
    assert '<span class="dateline">မော်လမြိုင်၊ မြန်မာ –</span>' in page
    assert "In Burmese" in page


def test_an_arabic_release_runs_from_right_to_left(reader, saving):
    with saving() as work:
        row = builders.published_release(
            work, language="ar", headline="افتتاح مكتبة جديدة", city="جاكرتا", country="ID"
        )

    page = open_page(reader, row).text

    assert '<h1 lang="ar" dir="rtl">افتتاح مكتبة جديدة</h1>' in page
    assert '<div class="prose" lang="ar" dir="rtl">' in page


def test_more_news_are_the_nearest_first(reader, saving, now):
    with saving() as work:
        house = builders.organisation(work, name="Lotus Basin Rice Growers")
        row = builders.published_release(work, house=house)
        near = {"headline": "Of the same house", "house": house, "country": "VN", "city": "Hanoi"}
        builders.published_release(work, kind="event", at=now - timedelta(days=90), **near)
        builders.published_release(
            work, kind="event", headline="Of the same town", at=now - timedelta(days=60)
        )
        kind = {"headline": "Of the same kind", "country": "VN", "city": "Hanoi"}
        builders.published_release(work, at=now - timedelta(days=30), **kind)
        for number in range(4):
            far = {"country": "MY", "city": "Ipoh", "kind": "sports", "headline": f"Farther {number}"}
            builders.published_release(work, at=now - timedelta(minutes=number), **far)

    more = open_page(reader, row).text.partition('id="more"')[2]

    assert re.findall(r"Of the same \w+|Farther \d", more) == [
        "Of the same house",
        "Of the same town",
        "Of the same kind",
    ]


def test_more_news_are_others_with_their_datelines(reader, saving, now):
    with saving() as work:
        row = builders.published_release(work)
        builders.published_release(work, headline="Another story", city="Hanoi", country="VN")

    more = open_page(reader, row).text.partition('id="more"')[2]

    assert "Another story" in more
    assert "HANOI, Viet Nam –" in more
    assert row.reference not in more


def test_structured_data_names_the_article_and_its_event(reader, saving):
    with saving() as work:
        row = builders.published_release(work, kind="event")

    page = open_page(reader, row).text
    found = structured_data(page)

    assert found["@type"] == "NewsArticle"
    assert found["sourceOrganization"] == found["author"]
    assert found["publisher"]["logo"]["@type"] == "ImageObject"
    assert found["publisher"]["logo"]["url"].startswith("https://post.example/static/icon-512.png?v=")
    assert found["url"] == f"https://post.example/releases/{row.reference}/{row.slug}"
    assert found["datePublished"] == "2026-03-24T03:20:00Z"
    assert found["about"]["@type"] == "Event"
    assert found["about"]["startDate"] == "2026-04-11T09:00:00+07:00"
    event = every_structured_data(page)[1]
    assert found["about"]["@id"] == event["@id"]
    assert event["@context"] == "https://schema.org"
    assert (event["name"], event["url"]) == ("Mekong Looms Fair", found["url"])
    assert event["description"] == found["description"]
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert event["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"
    assert event["location"] == {
        "@type": "Place",
        "name": "The old market",
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "Sisavangvong Road, Luang Prabang",
            "addressLocality": "Battambang",
            "addressCountry": "Cambodia",
        },
    }
    assert event["offers"] == {"@type": "Offer", "description": "free", "url": found["url"], "price": "0"}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("free", {"price": "0"}),
        ("Free of charge.", {"price": "0"}),
        ("free, children 5", {}),
        ("RM 12", {"price": "12", "priceCurrency": "MYR"}),
        ("S$4,800.50", {"price": "4800.50", "priceCurrency": "SGD"}),
        ("₱150", {"price": "150", "priceCurrency": "PHP"}),
        ("20 USD", {"price": "20", "priceCurrency": "USD"}),
        ("$20", {}),
        ("12 ringgit, children 5", {}),
        ("Rp 1,5 juta", {}),
    ],
)
def test_a_price_is_a_number_only_where_it_is_one(reader, saving, typed, number):
    with saving() as work:
        row = builders.published_release(
            work, kind="event", price=typed, ticket_url="https://tickets.example/a"
        )

    offer = every_structured_data(open_page(reader, row).text)[1]["offers"]

    assert offer == {"@type": "Offer", "description": typed, "url": "https://tickets.example/a", **number}


@pytest.mark.parametrize(
    ("venue", "mode"),
    [
        ("Online, by Zoom", "Online"),
        ("The Online Café hall", "Offline"),
        ("Town hall", "Offline"),
        ("Town hall and online", "Mixed"),
        ("Webinar", "Online"),
    ],
)
def test_an_event_says_whether_one_has_to_go_there(reader, saving, venue, mode):
    with saving() as work:
        row = builders.published_release(work, kind="event", venue_name=venue)

    event = every_structured_data(open_page(reader, row).text)[1]

    assert event["eventAttendanceMode"] == f"https://schema.org/{mode}EventAttendanceMode"


@pytest.mark.parametrize(
    ("language", "locale"),
    [
        ("en", "en_GB"),
        ("en-SG", "en_SG"),
        ("my", "my_MM"),
        ("zh-Hant", "zh_TW"),
        ("zh", "zh_CN"),
        ("vi", "vi_VN"),
        ("ms", "ms_MY"),
    ],
)
def test_open_graph_names_language_and_country(reader, saving, language, locale):
    with saving() as work:
        row = builders.published_release(work, language=language)

    assert f'<meta property="og:locale" content="{locale}">' in open_page(reader, row).text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("+65 6123 4567", '<a href="tel:+6561234567">+65 6123 4567</a>'),
        ("+44 (0)20 7946 0123", '<a href="tel:+442079460123">+44 (0)20 7946 0123</a>'),
        ("012-345 6789 ext. 12", '<a href="tel:0123456789;ext=12">012-345 6789 ext. 12</a>'),
        ("1234", '<a href="tel:1234">1234</a>'),
        ("၀၉ ၄၂၀ ၁၂၃ ၄၅၆", '<a href="tel:09420123456">၀၉ ၄၂၀ ၁၂၃ ၄၅၆</a>'),
        (
            "+65 6123 4567 / +60 3 2123 4567",
            '<a href="tel:+6561234567">+65 6123 4567</a> / <a href="tel:+60321234567">+60 3 2123 4567</a>',
        ),
        ("Ask at the desk", "Ask at the desk"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_a_telephone_number_can_be_dialled(reader, saving, typed, shown):
    with saving() as work:
        row = builders.published_release(work, contact_phone=typed)

    assert f'<span class="num">{shown}</span>' in open_page(reader, row).text


def test_structured_data_cannot_be_left_by_what_was_typed(reader, saving):
    with saving() as work:
        row = builders.published_release(work, headline="</script><script>alert(1)</script>")

    page = open_page(reader, row).text

    assert "<script>alert" not in page
    assert structured_data(page)["headline"] == "</script><script>alert(1)</script>"


def test_the_canonical_address_and_open_graph_come_from_the_settings(reader, saving):
    with saving() as work:
        row = builders.published_release(work)

    page = open_page(reader, row).text

    address = f"https://post.example/releases/{row.reference}/{row.slug}"
    assert f'<link rel="canonical" href="{address}">' in page
    assert f'<meta property="og:url" content="{address}">' in page
