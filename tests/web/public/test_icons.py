"""The mark under the names that browsers ask for, and who may read feeds."""

import json
import struct

import pytest

from portal.web.static_files import FOLDER
from tests import builders


def test_the_icons_are_there_and_small(reader):
    icon = reader.get("/favicon.ico")
    touch = reader.get("/apple-touch-icon.png")

    assert (icon.status_code, touch.status_code) == (200, 200)
    assert icon.data[:6] == struct.pack("<HHH", 0, 1, 3)
    assert [icon.data[6 + 16 * each] for each in range(3)] == [16, 32, 48]
    assert touch.headers["Content-Type"] == "image/png"
    assert struct.unpack(">II", touch.data[16:24]) == (180, 180)
    assert reader.get("/apple-touch-icon-precomposed.png").data == touch.data
    assert len(icon.data) + len(touch.data) < 8_000
    assert icon.headers["Cache-Control"] == "public, max-age=86400"
    assert "Set-Cookie" not in icon.headers


def test_every_page_names_them_and_a_phone_reads_the_name_of_the_site(reader):
    page = reader.get("/").text
    found = reader.get("/manifest.webmanifest")

    assert '<link rel="apple-touch-icon" href="/apple-touch-icon.png">' in page
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page
    assert found.headers["Content-Type"] == "application/manifest+json"
    site = json.loads(found.data)
    assert site["name"] == "South East Asia Post"
    for icon in site["icons"]:
        picture = reader.get(icon["src"]).data
        assert "{}x{}".format(*struct.unpack(">II", picture[16:24])) == icon["sizes"]


def test_the_icon_of_a_feed_is_no_wider_than_rss_allows():
    assert struct.unpack(">II", (FOLDER / "icon-144.png").read_bytes()[16:24]) == (144, 144)


def test_feeds_and_calendars_may_be_read_by_scripts_of_any_site_and_nothing_else(reader, saving):
    with saving() as work:
        row = builders.published_release(work, kind="event")
    own = f"/releases/{row.reference}"

    for address in (
        "/feeds/all.rss",
        "/feeds/all.atom",
        "/feeds/event.json",
        "/feeds/events.ics",
        f"{own}/event.ics",
        "/feeds/ALL.rss",
    ):
        assert reader.get(address).headers["Access-Control-Allow-Origin"] == "*"
    known = reader.get("/feeds/all.rss").headers["ETag"]
    again = reader.get("/feeds/all.rss", headers={"If-None-Match": known})
    assert (again.status_code, again.headers["Access-Control-Allow-Origin"]) == (304, "*")
    for address in (
        "/",
        "/releases/",
        f"{own}/{row.slug}",
        own,
        "/search?q=a",
        "/sitemap.xml",
        "/account/login",
        "/feeds/none.rss",
    ):
        assert "Access-Control-Allow-Origin" not in reader.get(address).headers


@pytest.mark.parametrize("joined", ["\u200c", "\u200d", "\u25cc"])
def test_a_joined_emoji_fetches_no_burmese_font(joined):
    ranges = (FOLDER / "fonts.css").read_text("utf-8").partition('"Post Burmese"')[2].partition("}")[0]
    spans = [
        part.strip().removeprefix("U+").split("-")
        for part in ranges.partition("unicode-range:")[2].split(",")
    ]

    assert not [span for span in spans if int(span[0], 16) <= ord(joined) <= int(span[-1], 16)]
