"""Zones and the currency follow the place until somebody changes them; no time is left behind by "as soon as approved"."""

import pytest

from portal.actions.releases import content as contents
from portal.actions.submitting.following_place import followed, open_offers
from portal.storage.tables import Edition, Revision

SITE = "Asia/Singapore"


def saved(content, kind, page, **posted):
    return followed(content, contents.merged(content, kind, page, posted), posted, SITE)


def at(country, kind="event"):
    return saved(contents.empty(), kind, "news", country=country)


@pytest.mark.parametrize(
    ("kind", "page", "name", "in_thailand", "in_viet_nam"),
    [
        ("business", "contact", "release_timezone", "Asia/Bangkok", "Asia/Ho_Chi_Minh"),
        ("event", "facts", "timezone", "Asia/Bangkok", "Asia/Ho_Chi_Minh"),
        ("business", "facts", "currency", "THB", "VND"),
    ],
)
def test_what_was_only_offered_moves_with_the_country_and_what_was_chosen_stays(
    kind, page, name, in_thailand, in_viet_nam
):
    draft = at("TH", kind)
    assert open_offers(draft, SITE)[name] == in_thailand
    wish = {"timing": "embargo"} if page == "contact" else {}

    left_alone = saved(draft, kind, page, **{name: in_thailand}, **wish)
    assert saved(left_alone, kind, "news", country="VN")["values"][name] == in_viet_nam

    other = {"currency": "USD"}.get(name, "Europe/London")
    chosen = saved(draft, kind, page, **{name: other}, **wish)
    assert saved(chosen, kind, "news", country="VN")["values"][name] == other


def test_what_was_chosen_stays_also_where_it_would_have_been_offered_meanwhile():
    draft = saved(at("TH"), "event", "facts", timezone="Asia/Ho_Chi_Minh")
    draft = saved(draft, "event", "news", country="VN")
    draft = saved(draft, "event", "facts", timezone="Asia/Ho_Chi_Minh")
    assert saved(draft, "event", "news", country="TH")["values"]["timezone"] == "Asia/Ho_Chi_Minh"


def test_a_country_with_several_hours_takes_an_old_offer_away():
    draft = saved(at("TH"), "event", "facts", timezone="Asia/Bangkok")
    draft = saved(draft, "event", "news", country="US")
    assert draft["values"]["timezone"] == ""
    assert "timezone" not in open_offers(draft, SITE)


def test_a_zone_for_the_release_is_the_sites_where_the_country_has_several():
    draft = saved(at("US"), "event", "contact", timing="embargo", release_timezone=SITE)
    assert draft["values"]["release_timezone"] == SITE
    assert saved(draft, "event", "news", country="MM")["values"]["release_timezone"] == "Asia/Yangon"


def test_what_was_emptied_on_purpose_is_not_offered_again():
    draft = saved(at("MM", "business"), "business", "facts", currency="")
    assert "currency" not in open_offers(draft, SITE)
    assert saved(draft, "business", "news", country="TH")["values"]["currency"] == ""


def test_a_draft_from_before_keeps_a_zone_that_nobody_would_have_offered():
    old = {"values": {"country": "SG", "timezone": "Asia/Tokyo"}, "body_html": ""}
    assert saved(old, "event", "news", country="MM")["values"]["timezone"] == "Asia/Tokyo"
    same = {"values": {"country": "SG", "timezone": "Asia/Singapore"}, "body_html": ""}
    assert saved(same, "event", "news", country="MM")["values"]["timezone"] == "Asia/Yangon"


def test_as_soon_as_approved_clears_time_zone_and_hour():
    wish = {"release_at": "2026-10-25T01:30", "release_timezone": "Europe/London", "release_fold": "later"}
    draft = saved(at("MM"), "event", "contact", timing="embargo", **wish)
    assert {name: draft["values"][name] for name in wish} == wish

    cleared = saved(draft, "event", "contact", timing="immediate", **wish)
    assert {name: cleared["values"][name] for name in wish} == dict.fromkeys(wish, "")
    assert "chosen" not in cleared
    assert open_offers(cleared, SITE)["release_timezone"] == "Asia/Yangon"


def test_a_time_that_was_left_in_an_old_draft_is_not_sent(desk):
    reference = desk.draft()
    left = {"release_at": "2026-12-01T09:00", "release_timezone": "Pacific/Kiritimati"}
    with desk.portal.work() as work:
        edition = work.session.get_one(Edition, desk.edition(reference).id)
        edition.draft = {**edition.draft, "values": {**edition.draft["values"], **left}}
        work.commit()
    desk.send(reference)
    with desk.portal.database.reading() as session:
        content = session.get_one(Revision, desk.edition(reference).revision_id).content
    assert {name: content["values"][name] for name in left} == dict.fromkeys(left, "")
