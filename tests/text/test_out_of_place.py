"""What stands in a story and belongs elsewhere is taken out of it as it was typed."""

from __future__ import annotations

import pytest

from portal.rules import out_of_place as rules
from portal.text import out_of_place
from portal.text.out_of_place import Taken

STORY = "The club opens a library in Hilltown on Monday. It lends books.\n\nIt is open every day."


@pytest.mark.parametrize(
    ("story", "written_as", "city", "taken"),
    [
        (f"HILLTOWN – {STORY}", "text", "", Taken(STORY, "HILLTOWN –")),
        (f"Hilltown, 4 May - {STORY}", "text", "Hilltown", Taken(STORY, "Hilltown, 4 May -")),
        (f"**HILLTOWN –** {STORY}", "markdown", "", Taken(STORY, "HILLTOWN –")),
        (f"**HILLTOWN** – {STORY}", "markdown", "", Taken(f"**HILLTOWN** – {STORY}")),
        (f"\n\nHILLTOWN, Perak —\n{STORY}", "text", "", Taken(STORY, "HILLTOWN, Perak —")),
        (STORY, "text", "Hilltown", Taken(STORY)),
    ],
)
def test_a_dateline_goes_with_its_dash_and_its_marks(
    story: str, written_as: str, city: str, taken: Taken
) -> None:
    assert out_of_place.dateline(story, written_as, city) == taken


@pytest.mark.parametrize(
    ("line", "written_as", "found"),
    [
        ("Contact: Dewi, +62 811 555 0163", "text", "Contact: Dewi, +62 811 555 0163"),
        ("**Contact:** Dewi, [press@a.example](mailto:press@a.example)", "markdown", "Contact: Dewi, press@a.example"),
        ("ติดต่อ: 02 555 0163", "text", "ติดต่อ: 02 555 0163"),
    ],
)  # fmt: skip
def test_lines_to_ring_or_write_to_go_wherever_they_stand(line: str, written_as: str, found: str) -> None:
    assert out_of_place.contacts(f"{STORY}\n\n{line}\n\nENDS", written_as) == Taken(f"{STORY}\n\nENDS", found)
    assert out_of_place.contacts(STORY, written_as) == Taken(STORY)


def test_an_about_text_goes_to_the_end_of_the_story_but_for_the_contact() -> None:
    about = "About us\nWe lend books since 1970."
    story = f"{STORY}\n\n{about}\n\nContact: Dewi, +62 811 555 0163"
    assert out_of_place.about(story, "text", "Hill Club") == Taken(
        f"{STORY}\n\nContact: Dewi, +62 811 555 0163", about
    )
    assert out_of_place.about(f"{STORY}\n\n## About Hill Club\n\nWe lend.", "markdown", "Hill Club") == Taken(
        STORY, "About Hill Club\n\nWe lend."
    )
    assert out_of_place.about(STORY, "text", "Hill Club") == Taken(STORY)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("About us\nWe lend books.", "We lend books."),
        ("About us: we lend books.", "we lend books."),
        ("About Hill Club\n\nWe lend books.", "We lend books."),
        ("About Hill Club lends books.", "About Hill Club lends books."),
    ],
)
def test_an_about_text_is_kept_without_its_heading(text: str, says: str) -> None:
    assert rules.without_about_heading(text, "Hill Club") == says


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        (
            "Contact: Dewi Anggraini, press@selat.example, +62 811 555 0163",
            {"contact_name": "Dewi Anggraini", "contact_email": "press@selat.example", "contact_phone": "+62 811 555 0163"},
        ),
        ("Media contact: Lan 0905 123 456", {"contact_name": "Lan", "contact_phone": "0905 123 456"}),
        (
            "For more information, please contact U Kyaw Min at news@club.example.",
            {"contact_name": "U Kyaw Min", "contact_email": "news@club.example"},
        ),
        ("Contact: press@selat.example", {"contact_email": "press@selat.example"}),
    ],
)  # fmt: skip
def test_a_contact_gives_the_answers_that_can_be_told_apart(line: str, answers: dict[str, str]) -> None:
    assert rules.contact_in(line) == answers


@pytest.mark.parametrize(("found", "town"), [
    ("HILLTOWN –", "Hilltown"), ("KUALA LUMPUR, Malaysia —", "Kuala Lumpur"), ("Hilltown - ", "Hilltown"),
])  # fmt: skip
def test_a_dateline_names_its_town(found: str, town: str) -> None:
    assert rules.place_of(found) == town


@pytest.mark.parametrize(
    ("typed", "parted"),
    [
        ("One line", ("One line", "")),
        ("A club opens\na library", ("A club opens a library", "")),
        ("A club opens a library\nIt lends books.", ("A club opens a library", "It lends books.")),
        ("\r\nA club\r\n\r\nFirst.\r\n\r\nSecond.\r\n", ("A club", "First.\n\nSecond.")),
        (f"A club\n{'a' * 200}", ("A club", "a" * 200)),
        ("ရန်ကုန်\nပို့ဆောင်ရေး", ("ရန်ကုန်", "ပို့ဆောင်ရေး")),
    ],
)
def test_the_first_line_of_several_is_the_headline(typed: str, parted: tuple[str, str]) -> None:
    assert out_of_place.parted_headline(typed, 170) == parted


@pytest.mark.parametrize(
    ("story", "written_as", "joined"),
    [
        ("", "text", "One * two\n- three"),
        ("Old.\n", "text", "Old.\n\nOne * two\n- three"),
        ("**Old.**", "markdown", "**Old.**\n\nOne \\* two\n\n- three"),
    ],
)
def test_lines_join_a_story_in_its_own_writing(story: str, written_as: str, joined: str) -> None:
    assert out_of_place.joined(story, written_as, "One * two\n- three") == joined
