"""Only the fields that differ are compared, each under its name."""

from portal.text.reading_copy import changes

OLD = {
    "values": {"headline": "A ferry starts", "jobs": "22", "counterpart_consent": ""},
    "body_html": "<p>It runs.</p>",
}


def new(**values: str) -> dict[str, object]:
    return {**OLD, "values": {**OLD["values"], **values}}


def test_the_same_text_has_no_changes():
    assert changes("business", OLD, new()) == []


def test_a_field_that_differs_stands_under_its_name_and_no_other_stands_there():
    assert changes("business", OLD, new(headline="A ferry stops", jobs="12")) == [
        ("same", "A ferry "),
        ("removed", "starts"),
        ("added", "stops"),
        ("same", "\n\nJobs: "),
        ("removed", "22"),
        ("added", "12"),
    ]


def test_the_story_is_compared_as_it_reads_and_a_tick_as_a_word():
    changed = {**new(counterpart_consent="y"), "body_html": "<p>It <b>runs</b> daily.</p>"}

    words = "".join(text for operation, text in changes("business", OLD, changed) if operation == "added")

    assert "daily." in words
    assert "yes" in words


def test_what_was_taken_out_is_shown_too():
    assert ("removed", "22") in changes("business", OLD, new(jobs=""))


def test_the_time_and_the_way_of_writing_are_no_change_of_text():
    assert (
        changes("business", OLD, new(timing="embargo", release_at="2026-05-01T10:00", body_format="html"))
        == []
    )
