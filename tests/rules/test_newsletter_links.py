"""What the links of the daily e-mail are bound to."""

from datetime import UTC, datetime, timedelta, timezone

from portal.rules import newsletter_links as links
from portal.rules.tokens import fits, hash_of, read_token

NOON = datetime(2026, 3, 24, 4, tzinfo=UTC)


def test_a_confirming_link_is_bound_to_its_asking():
    path = links.confirm_path("key", 7, "nonce", NOON)
    row_id, code = read_token(path.rpartition("/")[2])

    assert row_id == 7
    assert fits("key", links.CONFIRM, 7, links.asking("nonce", NOON), code)
    assert not fits("key", links.CONFIRM, 7, links.asking("nonce", NOON + timedelta(microseconds=1)), code)
    assert links.asking("nonce", NOON) == links.asking("nonce", NOON.astimezone(timezone(timedelta(hours=8))))


def test_no_link_does_the_work_of_another():
    paths = [links.unsubscribe_path("key", 7, "nonce"), links.preferences_path("key", 7, "nonce")]

    assert len({path.rpartition("-")[2] for path in paths}) == 2


def test_a_link_is_good_for_seven_days_and_asking_late_makes_a_new_one():
    day = timedelta(days=1)

    assert [links.is_expired(NOON, NOON + days * day) for days in (0, 6.99, 7, 8)] == [
        False,
        False,
        True,
        True,
    ]
    assert [links.begins_anew(NOON, NOON + days * day) for days in (0, 3, 3.5, 8)] == [
        False,
        False,
        True,
        True,
    ]


def test_each_link_is_of_its_own_row():
    for path in (links.unsubscribe_path, links.preferences_path):
        where, _, token = path("key", 7, "nonce").rpartition("/")
        row_id, code = read_token(token)

        purpose = {links.unsubscribe_path: links.UNSUBSCRIBE, links.preferences_path: links.PREFERENCES}[path]
        assert row_id == 7
        assert fits("key", purpose, 7, "nonce", code)
        assert where in ("/newsletter/unsubscribe", "/newsletter/preferences")


def test_of_an_erased_reader_s_link_only_its_hash_is_kept():
    kept = links.unsubscribe_hash("key", 7, "nonce")

    assert kept == hash_of(links.unsubscribe_path("key", 7, "nonce").rpartition("/")[2])
    assert kept != hash_of(links.preferences_path("key", 7, "nonce").rpartition("/")[2])
