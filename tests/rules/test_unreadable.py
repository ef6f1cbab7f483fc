"""What cannot be read stops a release, and is the only thing that a page complains of at once."""

import pytest

from portal.rules.reading import (
    is_email,
    is_language,
    is_url,
    is_zone,
    primary_language,
    read_date,
    read_datetime,
    read_score,
    read_whole,
)
from portal.rules.values import unreadable
from tests.rules.examples import COUNTRIES, EXAMPLES, LANGUAGES, blocking_of, issues_of

BAD = [
    ("business", "effective_date", "next week", "FACTS"),
    ("business", "effective_date", "2026-02-30", "FACTS"),
    ("business", "news_kind", "gossip", "FACTS"),
    ("community", "date", "4.4.2026", "FACTS"),
    ("community", "date", "immediate", "FACTS"),
    ("community", "group_kind", "gang", "FACTS"),
    ("event", "starts_at", "24 April 2026", "FACTS"),
    ("event", "ends_at", "2026-04-26T25:00", "FACTS"),
    ("event", "doors_at", "morning", "FACTS"),
    ("event", "timezone", "Asia/Nowhere", "FACTS"),
    ("event", "ticket_url", "looms.example/fair", "FACTS"),
    ("event", "booking_deadline", "soon", "FACTS"),
    ("event", "open_to_public", "perhaps", "FACTS"),
    ("event", "language", "english please", "FORMAT"),
    ("event", "country", "XX", "FORMAT"),
    ("event", "body_format", "rtf", "FORMAT"),
    ("event", "contact_email", "press@", "CONTACT"),
    ("event", "contact_site", "javascript:alert(1)", "CONTACT"),
    ("event", "timing", "someday", "EMBARGO"),
    ("event", "release_at", "tonight", "EMBARGO"),
    ("event", "release_timezone", "Here/There", "EMBARGO"),
    ("event", "release_fold", "both", "EMBARGO"),
]


@pytest.mark.parametrize(("kind_name", "name", "text", "code"), BAD)
def test_what_cannot_be_read_stops_the_release(kind_name, name, text, code):
    assert blocking_of(kind_name, {name: text}) == [(name, code)]


@pytest.mark.parametrize(("kind_name", "name", "text", "code"), BAD)
def test_the_page_of_the_field_says_so_and_no_other(kind_name, name, text, code):
    values = {**EXAMPLES[kind_name], name: text}
    found = {
        p: unreadable(kind_name, p, values, countries=COUNTRIES, languages=LANGUAGES.__contains__)
        for p in ("news", "facts", "story", "contact")
    }
    (issue,) = [issue for issues in found.values() for issue in issues]

    assert (issue.field, issue.code) == (name, code)
    assert found[issue.page] == [issue]
    assert text in issue.message


def test_a_correction_is_not_asked_about_its_timing():
    assert blocking_of("event", {"timing": "embargo", "release_at": "tonight"}, is_correction=True) == []


@pytest.mark.parametrize(("kind_name", "name", "text"), [
    ("event", "capacity", "about 300"), ("business", "jobs", "some"), ("event", "contact_phone", "call us"),
    ("event", "newsroom_phone", "12"), ("business", "currency", "shells"), ("community", "amount_raised", "plenty"),
])  # fmt: skip
def test_other_odd_answers_only_advise(kind_name, name, text):
    assert blocking_of(kind_name, {name: text}) == []


@pytest.mark.parametrize(("text", "read"), [
    ("2026-04-06", "2026-04-06"), (" 2026-04-06 ", "2026-04-06"), ("20260406", None), ("2026-W15-1", None),
    ("2026-4-6", None), ("0026-04-06", None), ("", None), ("2028-02-29", "2028-02-29"), ("2026-02-29", None),
    ("၂၀၂၆-၀၄-၀၆", None),
])  # fmt: skip
def test_dates_are_read_strictly(text, read):
    assert (str(read_date(text)) if read_date(text) else None) == read


@pytest.mark.parametrize(("text", "read"), [
    ("2026-04-06T21:00", "2026-04-06 21:00:00"), ("2026-04-06 21:00", "2026-04-06 21:00:00"),
    ("2026-04-06T21:00:59", "2026-04-06 21:00:00"), ("2026-04-06T24:00", None), ("2026-04-06", None),
    ("2026-04-06T21:00Z", None), ("9999-12-31T23:59", None),
])  # fmt: skip
def test_local_times_are_read_strictly(text, read):
    assert (str(read_datetime(text)) if read_datetime(text) else None) == read


@pytest.mark.parametrize(("text", "good"), [
    ("press@selatbiru.example", True), ("a.b+c@x-y.co.uk", True), ("ပုံ@example.org", False), ("ü@example.org", False), ("x@münchen.example", True),
    ("press@ตั๋ว.example", True), ("press@မြန်မာ.example", True), ("a" * 64 + "@x.org", True), ("x@a.\u0e31", False),
    ("press@例え。テスト", True), ("x@" + "a" * 64 + ".org", False),
    ("press", False), ("@x.org", False), ("a@b", False), ("a b@x.org", False), ("a@x..org", False), ("a@.org", False),
    ("An <a@x.org>", False), ("a@x.org, b@x.org", False), (".a@x.org", False), ("a@-x.org", False),
    ("a" * 65 + "@x.org", False), ("a@x.org\nbcc: b@x.org", False),
])  # fmt: skip
def test_an_email_address_is_one_plain_address(text, good):
    assert is_email(text) == good


@pytest.mark.parametrize("text", ["ပုံ@example.org", "ü@example.org", "пресса@example.org"])
def test_letters_that_no_mail_server_here_can_write_to_are_named(text):
    (issue,) = [each for each in issues_of("event", {"contact_email": text}) if each.blocks]

    assert issue.message == (
        f"Public e-mail address: “{text}” has letters before the @ that are not supported yet. "
        "Write an address with the letters a to z before the @."
    )


@pytest.mark.parametrize(("text", "good"), [
    ("https://example.org", True), ("http://a.example:8080/x?y=1#z", True), ("https://ภาษาไทย.example/ก", True),
    ("https://မြန်မာ.example/", True), ("https://faß.example", True), ("https://می\u200cخواهم.example", True),
    ("https://例え。テスト/", True), ("https://" + "a" * 64 + ".example", False), ("https://.example", False),
    ("example.org", False), ("ftp://example.org", False), ("javascript:alert(1)", False), ("https://", False),
    ("https://x y.org", False), ("https://example.org:port", False), ("https://localhost", False), ("https://[::1", False),
])  # fmt: skip
def test_a_web_address_is_whole(text, good):
    assert is_url(text) == good


@pytest.mark.parametrize(("tag", "good"), [
    ("en", True), ("en-GB", True), ("zh-Hans", True), ("zh-Hant-TW", True), ("my", True), ("es-419", True),
    ("sl-rozaj-biske", True), ("de-CH-1901", True), ("en-u-ca-buddhist", True), ("x-private", True), ("i-klingon", True),
    ("fil", True), ("zh-cmn-Hans-CN", True), ("en_GB", False), ("english language", False), ("e", False), ("en-", False),
    ("", False), ("<en>", False),
])  # fmt: skip
def test_a_language_is_a_bcp_47_tag(tag, good):
    assert is_language(tag) == good


@pytest.mark.parametrize(("name", "good"), [
    ("Asia/Yangon", True), ("UTC", True), ("Pacific/Apia", True), ("localtime", False), ("Factory", False), ("posixrules", False), ("Etc/Unknown", False), ("asia/yangon", False), ("Asia", False),
    ("../etc/passwd", False), ("", False),
])  # fmt: skip
def test_a_zone_is_an_iana_name(name, good):
    assert is_zone(name) == good


@pytest.mark.parametrize(("text", "read"), [
    ("2", (2,)), ("187/6", (187, 6)), ("1 (4)", (1, 4)), ("၃", (3,)), ("2.5", None), ("two", None), ("", None), ("-1", None),
])  # fmt: skip
def test_a_score_is_a_whole_number_first(text, read):
    assert read_score(text) == read


@pytest.mark.parametrize(("text", "read"), [
    ("22", 22), ("1,200", 1200), ("1 200 000", 1200000), ("၂၄", 24), ("12,00", None), ("about 20", None), ("", None),
])  # fmt: skip
def test_whole_numbers_may_be_grouped(text, read):
    assert read_whole(text) == read


LONG_HOST = ".".join(["x" * 49] * 4)


@pytest.mark.parametrize(("reads", "text", "good"), [
    (is_email, f"a@{'x' * 44}.{LONG_HOST}.example", True), (is_email, f"a@{'x' * 45}.{LONG_HOST}.example", False),
    (is_email, ".a@post.example", False), (is_email, "a.@post.example", False), (is_email, "a..b@post.example", False),
    (is_email, "a@post.example.", False), (is_email, "a@b@post.example", False),
    (is_url, "https://a.example/" + "x" * 1982, True), (is_url, "https://a.example/" + "x" * 1983, False),
    (is_url, "https://a.example/a b", False), (is_url, 'https://a.example/"', False), (is_url, "https:///path", False),
    (is_language, "en-" + "-".join(["x"] + ["abcdefgh"] * 10) + "-abcde", True),
    (is_language, "en-" + "-".join(["x"] + ["abcdefgh"] * 10) + "-abcdef", False),
])  # fmt: skip
def test_what_is_read_has_a_longest_length(reads, text, good):
    assert reads(text) is good


@pytest.mark.parametrize(("text", "read"), [
    ("2026-04-06T21:59", "21:59"), ("2026-04-06T21:60", None), ("2026-04-06T23:00", "23:00"), ("2026-04-06T24:00", None),
    ("2026-04-06T21:00:59", "21:00"), ("2026-04-06T21:00:60", None), ("2026-04-06T21:00:00", "21:00"),
])  # fmt: skip
def test_a_clock_has_sixty_minutes_of_sixty_seconds(text, read):
    found = read_datetime(text)

    assert (found and f"{found:%H:%M}") == read


@pytest.mark.parametrize(("length", "quoted"), [(60, "x" * 60), (61, "x" * 59 + "…")])
def test_a_long_answer_is_quoted_shortened(length, quoted):
    (issue,) = [each for each in issues_of("business", {"effective_date": "x" * length}) if each.blocks]

    assert issue.message.startswith(f"From when: “{quoted}” cannot be read as a date.")


@pytest.mark.parametrize(("values", "language"), [
    ({"language": " en-GB "}, "en"), ({"language": "EN"}, "en"), ({"language": ""}, ""), ({}, ""),
])  # fmt: skip
def test_the_first_part_of_a_language_is_the_language(values, language):
    assert primary_language(values) == language


@pytest.mark.parametrize("typed", ["0905 123 456", "+84 905-123-456", "(021) 555 0142"])
def test_a_telephone_number_in_the_box_for_mail_is_named_as_one(typed):
    [issue] = [
        each for each in issues_of("business", {"contact_email": typed}) if each.field == "contact_email"
    ]
    assert "looks like a telephone number; the next box is for it." in issue.message


@pytest.mark.parametrize("typed", ["press", "press@", "12", "a 0905 123 456"])
def test_other_words_in_it_are_not(typed):
    [issue] = [
        each for each in issues_of("business", {"contact_email": typed}) if each.field == "contact_email"
    ]
    assert "is not an e-mail address." in issue.message
