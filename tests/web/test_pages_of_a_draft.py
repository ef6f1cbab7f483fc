"""What the pages of a draft say: each fault once with its own verb, the kind, the clock, and what was set aside."""

from __future__ import annotations

import re

import pytest

from tests.rigs.visitor import Visitor


@pytest.fixture
def draft(member: Visitor) -> str:
    """The address of a draft of which nothing was written."""
    begun = member.send("/submit", kind="event")
    return begun.location.removesuffix("/edit/news")


def save(member: Visitor, draft: str, page: str, **fields: str) -> str:
    address = f"{draft}/edit/{page}"
    version = re.search(r'name="version" value="(\d+)"', member.open(address).text)
    assert version
    return member.send(address, version=version[1], **fields).location


def test_no_kind_is_chosen_beforehand(member: Visitor) -> None:
    page = member.open("/submit").text

    assert re.findall(r'<button class="btn" name="kind" value="(\w+)">', page) == [
        "business", "community", "sports", "appointment", "event",
    ]  # fmt: skip
    assert "checked" not in page
    assert member.send("/submit").status_code == 422


def test_each_fault_stands_once_and_says_what_to_do(member: Visitor, draft: str) -> None:
    page = member.open(f"{draft}/edit/check").text

    marked = re.findall(r'data-field="(\w+)" data-severity="blocking">([^<]*)<', page)
    assert len(marked) == len({field for field, _ in marked})
    assert {"country": "Choose the country.", "starts_at": "Say when it starts."}.items() <= dict(
        marked
    ).items()
    assert page.count("Choose the country.") == 1
    assert f'href="{draft}/edit/news#country"' in page
    assert "Write country" not in page


def test_the_answers_follow_without_what_is_missing(member: Visitor, draft: str) -> None:
    save(member, draft, "news", city="Yangon", country="MM", headline="Short")
    page = member.open(f"{draft}/edit/check").text

    answers = page.partition('<dl class="answers">')[2].partition("</dl>")[0]
    assert re.findall(r"<dt>([^<]*)</dt>", answers)[:4] == [
        "Kind of news",
        "Headline",
        "City or town",
        "Country",
    ]
    assert answers.count("Needs work, see above") == 1
    assert "Event" in answers
    assert f'href="{draft}/change-kind"' in answers


def test_what_stands_in_a_box_already_is_not_asked_for_beside_it(member: Visitor, draft: str) -> None:
    save(member, draft, "news", city="Yangon")
    page = member.open(f"{draft}/edit/news").text
    assert re.search(r'name="language"[^>]*value="en"', page)
    assert "Choose the language." not in page
    assert "Choose the country." in page

    save(member, draft, "news", language="")
    page = member.open(f"{draft}/edit/news").text
    assert re.search(r'name="language"[^>]*value=""', page)
    assert "Choose the language." in page


def test_advice_about_a_quote_stands_at_the_quote(member: Visitor, draft: str) -> None:
    save(member, draft, "story", **{"quotes-0-text": "We open on Monday."})
    page = member.open(f"{draft}/edit/check").text

    row = next(part for part in page.split("<dt>") if part.startswith("What was said"))
    assert "The quote has no speaker. Write who said it." in row.partition("</div>")[0]


def test_ticks_that_are_missing_are_named_at_the_ticks(member: Visitor, draft: str) -> None:
    page = member.open(f"{draft}/edit/check").text
    marks = dict(re.findall(r'name="(version|idempotency_key)" value="([^"]*)"', page))
    answer = member.send(f"{draft}/submit", page=f"{draft}/edit/check", **marks)

    assert answer.status_code == 422
    assert answer.text.count("Confirm that you may issue this release.") == 1
    assert "I may issue this release for Selat Biru Ferries." in answer.text


def test_pages_and_receipt_tell_time_by_the_clock_of_the_place(member: Visitor, draft: str) -> None:
    assert "Times are Singapore time (GMT+8)" in member.open(draft).text
    save(member, draft, "news", city="Yangon", country="MM")

    for page in (draft, f"{draft}/edit/news", f"{draft}/edit/check"):
        assert "Times are Yangon time (GMT+6:30)" in member.open(page).text, page
        assert "GMT+8" not in member.open(page).text, page
    desk = member.open("/desk").text.partition("<tbody")[2].partition("</tbody>")[0]
    assert ("GMT+6:30" in desk, "GMT+8" in desk) == (True, False)


@pytest.mark.parametrize(("act", "page"), [("change-kind", "/change-kind"), ("withdraw", "")])
def test_a_conflict_tells_time_by_the_clock_of_the_page_around_it(
    member: Visitor, draft: str, act: str, page: str
) -> None:
    old = re.search(r'name="version" value="(\d+)"', member.open(f"{draft}{page}").text)
    save(member, draft, "news", city="Yangon", country="MM")
    assert old

    refused = member.send(f"{draft}/{act}", page=f"{draft}{page}", version=old[1], kind="community")

    assert refused.status_code == 409
    assert "You, in another tab, saved a change (" in refused.text
    assert ("GMT+6:30" in refused.text, "GMT+8" in refused.text) == (True, False)


def test_zones_and_currency_are_offered_from_the_country(member: Visitor, draft: str) -> None:
    save(member, draft, "news", country="TH")
    assert 'name="timezone" aria-describedby="timezone-hint" aria-required="true" value="Asia/Bangkok"' in (
        member.open(f"{draft}/edit/facts").text
    )
    assert 'value="Asia/Bangkok" list="release_timezone-list"' in member.open(f"{draft}/edit/contact").text


def test_a_draft_becomes_another_kind_and_shows_once_what_has_no_place(member: Visitor, draft: str) -> None:
    save(member, draft, "facts", event_name="River fair", venue_name="Old pier", price="free")
    assert save(member, draft, "news", go="kind", city="Yangon") == f"{draft}/change-kind"
    offered = member.open(f"{draft}/change-kind").text
    version = re.search(r'name="version" value="(\d+)"', offered)
    assert version

    done = member.send(f"{draft}/change-kind", kind="community", version=version[1])

    assert (done.status_code, done.location) == (303, f"{draft}/edit/news")
    page = member.open(done.location).text
    assert "Name of the event: River fair\nVenue: Old pier\nPrice: free" in page
    assert 'value="Yangon"' in page
    save(member, draft, "news", city="Yangon")
    assert "River fair" not in member.open(f"{draft}/edit/news").text


def test_the_headline_has_two_lines_that_grow(member: Visitor, draft: str) -> None:
    save(member, draft, "news", headline="First line\nand second")
    page = member.open(f"{draft}/edit/news").text

    assert re.search(r'<textarea class="line" id="headline"[^>]* rows="2" data-line', page)
    assert "\nFirst line and second</textarea>" in page


def test_a_headline_that_is_too_long_is_cut_in_the_preview_and_whole_in_its_field(
    member: Visitor, draft: str
) -> None:
    fits, long = "w" * 170, "Ferry sails at night " * 40
    save(member, draft, "news", headline=fits)
    assert "cut here" not in member.open(f"{draft}/edit/news").text

    save(member, draft, "news", headline=long, subheadline="Fares stay.")
    form, _, preview = member.open(f"{draft}/edit/news").text.partition('id="preview"')
    assert long.strip() in form
    assert "It is too long, and cut here." in preview
    assert 20 < preview.count("Ferry sails at night") * 10 < 200
    assert preview.count("…") == 2


def test_an_empty_further_quote_is_folded(member: Visitor, draft: str) -> None:
    assert "<summary>Another quote</summary>" not in member.open(f"{draft}/edit/story").text
    save(member, draft, "story", **{"quotes-0-text": "We open on Monday."})
    page = member.open(f"{draft}/edit/story").text
    assert page.count("<summary>Another quote</summary>") == 1
    assert page.count("</details>") == 1
