"""Addresses in a text end where the sentence goes on, lead to the machine that was meant, and name nobody."""

import pytest

from portal.text.addresses import completed, mail_address, site_key, web_address
from portal.text.body import body_html
from portal.text.links import safe_address, with_addresses
from portal.text.mailboxes import mailto
from portal.text.measure import link_addresses, link_count
from portal.text.safe_html import sanitise


def linked(text: str) -> list[str]:
    return [words for words, address in with_addresses(text) if address]


@pytest.mark.parametrize("sign", "，。、；：！？）】」』》၊။។៕،؛؟…—–]*”“’„«»›।։۔፡۝｡．,.;:!?'\"<>)")
def test_an_address_ends_before_the_sign_that_follows_it(sign: str) -> None:
    assert linked(f"See https://example.org/a{sign} next") == ["https://example.org/a"]
    assert linked(f"See https://example.org{sign}") == ["https://example.org"]


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("官网 https://example.org/a，欢迎。又见https://example.org/b。", ["https://example.org/a", "https://example.org/b"]),
        ("https://example.org။", ["https://example.org"]),
        ("https://example.org|https://example.net", ["https://example.org", "https://example.net"]),
        ("https://example.org,https://example.net/", ["https://example.org", "https://example.net/"]),
        ("https://example.org/a;https://example.net/b", ["https://example.org/a", "https://example.net/b"]),
        ("https://x.example/https://y.example https://x.example/?u=https://y.example", ["https://x.example/https://y.example", "https://x.example/?u=https://y.example"]),
        ("https://example.org's page, https://example.org:8080, https://example.org(us)", ["https://example.org", "https://example.org:8080", "https://example.org"]),
        ("https://user@example.org https://user:word,@example.org https://example.org:x", []),
        ("_https://example.org/a_ `https://example.org/b` {https://example.org/c}", ["https://example.org/a", "https://example.org/b", "https://example.org/c"]),
        ("https://example.org/{id} https://example.org/a_", ["https://example.org/{id}", "https://example.org/a_"]),
        ("https://example.org欢迎光临", ["https://example.org"]),
        ("https://example.orgတွင် ကြည့်ပါ", ["https://example.org"]),
        ("https://example.org/newsသို့ သွားပါ", ["https://example.org/news"]),
        ("ดูhttps://example.org/aได้", ["https://example.org/a"]),
        ("https://example.orgи далее", ["https://example.org"]),
        ("https://example.org/?a=1และ", ["https://example.org/?a=1"]),
        ("https://my.wikipedia.org/wiki/မြန်မာနိုင်ငံ၊ ရန်ကုန်", ["https://my.wikipedia.org/wiki/မြန်မာနိုင်ငံ"]),
        ("https://example.org/路径/页?q=值#节", ["https://example.org/路径/页?q=值#节"]),
        ("https://မြန်မာ.example/သတင်း။", ["https://မြန်မာ.example/သတင်း"]),
        ("https://bücher.example/käse.", ["https://bücher.example/käse"]),
        ("https://x.example/a_(b)) and (https://x.example/c)", ["https://x.example/a_(b)", "https://x.example/c"]),
        ("HTTPS://X.example/A!", ["HTTPS://X.example/A"]),
        ("**https://x.example/** [https://y.example/]", ["https://x.example/", "https://y.example/"]),
        ("https://a.exampleคhttps://b.example", ["https://a.example", "https://b.example"]),
        ("https://bank.example@x.example/ https:// http://", []),
        ("https://x.example/a?b=1&c=2#d-e_f~g", ["https://x.example/a?b=1&c=2#d-e_f~g"]),
    ],
)  # fmt: skip
def test_bare_addresses_are_found_in_running_text(text: str, addresses: list[str]) -> None:
    assert linked(text) == addresses
    assert "".join(words for words, _ in with_addresses(text)) == text


@pytest.mark.parametrize("body_format", ["text", "markdown", "html"])
def test_every_format_links_bare_addresses_alike(body_format: str) -> None:
    typed = "官网 https://example.org/a，欢迎。又见https://example.org/b。"

    assert body_html(typed, body_format) == (
        '<p>官网 <a href="https://example.org/a">https://example.org/a</a>，欢迎。又见'
        '<a href="https://example.org/b">https://example.org/b</a>。</p>'
    )


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("[https://x.example/မြန်မာ](https://x.example/မြန်မာ)", 1),
        ("https://x.example/မြန်မာ", 1),
        ("<https://x.example/> and https://x.example/ again", 1),
        ("[words](https://x.example/a) https://x.example/b", 2),
        ("`https://x.example/a`", 1),
        ("https://X.example https://x.example/ [words](https://x.example)", 1),
        ("https://x.example?a=1 https://x.example/?a=1", 1),
        ("https://x.example/A https://x.example/a http://x.example/a", 3),
    ],
)
def test_each_address_counts_once(typed: str, count: int) -> None:
    assert link_count(body_html(typed, "markdown")) == count


def test_bare_addresses_of_texts_stored_long_ago_count_too() -> None:
    stored = '<p>https://x.example/a, <a href="https://y.example/">https://y.example/</a></p>'

    assert link_addresses(stored) == ["https://x.example/a", "https://y.example/"]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("https://fass.example/", "https://fass.example/"),
        ("https://FAẞ.example/", "https://xn--fa-hia.example/"),
        ("https://βόλος.example/", "https://xn--nxasmm1c.example/"),
        ("https://မြန်မာ.example/", "https://xn--7idjb0f4ck.example/"),
        ("https://ตั๋ว.example/", "https://xn--m3c0b3a1h.example/"),
        ("https://نامه\u200cای.example/", "https://xn--mgba3gch31f060k.example/"),
        ("https://例え。テスト/", "https://xn--r8jz45g.xn--zckzah/"),
        ("https://münchen.example:8080/", "https://xn--mnchen-3ya.example:8080/"),
        ("https://a\u200cb.example/", ""),
        ("https://-ü.example/", ""),
        ("https://💩.example/", ""),
        ("https://" + "ü" * 64 + ".example/", ""),
    ],
)
def test_hosts_are_read_by_idna_2008(typed: str, stored: str) -> None:
    assert safe_address(typed) == stored
    assert safe_address(stored) == stored


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("press@x.example", "mailto:press@x.example"),
        ("press@ตั๋ว.example", "mailto:press@xn--m3c0b3a1h.example"),
        ("a%b@x.example", "mailto:a%25b@x.example"),
        ("a&b=c?d#e/f@x.example", "mailto:a%26b%3Dc%3Fd%23e%2Ff@x.example"),
        ("o'brien+news@x.example", "mailto:o'brien+news@x.example"),
        ("a" * 64 + "@x.example", f"mailto:{'a' * 64}@x.example"),
        ("a" * 65 + "@x.example", ""),
        ("ü@x.example", ""),
        ("ပုံ@x.example", ""),
        ("a b@x.example", ""),
        ("x.example", ""),
    ],
)
def test_a_mail_address_is_percent_encoded_in_its_link(address: str, link: str) -> None:
    assert mailto(address) == link
    assert safe_address(f"mailto:{address}".replace("%", "%25").replace("?", "%3F")) == link
    assert safe_address(link) == link


def test_a_link_to_write_keeps_its_subject() -> None:
    assert safe_address("MAILTO:a@x.example?subject=Hello you") == "mailto:a@x.example?subject=Hello%20you"
    assert safe_address("mailto://a@x.example") == "mailto:a@x.example"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Https://Example.org/A", "https://Example.org/A"),
        ("HTTP://example.org", "http://example.org"),
        ("www.example.org", "https://www.example.org"),
        ("facebook.com/hlaingthar", "https://facebook.com/hlaingthar"),
        ("//example.org/x", "https://example.org/x"),
        ("https:/example.org/x", "https://example.org/x"),
        ("မြန်မာ.example", "https://မြန်မာ.example"),
        ("https://faß.example/ü", "https://faß.example/ü"),
        ("", ""),
        ("next week", None),
        ("press@example.org", None),
        ("javascript:alert(1)", None),
        ("ftp://example.org", None),
        ("https://localhost", None),
        ("https://a\u200cb.example", None),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fx.example%2Ft&h=AT0", "https://x.example/t"),
        ("https://x.example/t?a=%41&fbclid=1", "https://x.example/t?a=%41"),
    ],
)
def test_an_address_in_a_field_is_completed(typed: str, stored: str | None) -> None:
    assert completed(typed) == stored
    assert web_address(typed) == stored


def test_a_site_in_letters_of_its_own_is_the_site_that_the_network_knows() -> None:
    assert site_key("https://www.မြန်မာ.example/x") == site_key("https://xn--7idjb0f4ck.example")


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Press@Faß.example", "press@xn--fa-hia.example"),
        ("press@ตั๋ว.example", "press@xn--m3c0b3a1h.example"),
        ("mailto:press@x.example", "press@x.example"),
        ("ü@x.example", None),
        ("a" * 65 + "@x.example", None),
    ],
)
def test_an_account_is_found_by_one_form_of_its_address(typed: str, address: str | None) -> None:
    assert mail_address(typed) == address


@pytest.mark.parametrize("typed", ["https://x.example/ https://x.example/", "https://x.example/ **https://x.example/**", "https://x.example/, https://x.example/"])  # fmt: skip
def test_the_same_address_twice_in_a_row_is_read_again_the_same(typed: str) -> None:
    stored = body_html(typed, "markdown")

    assert sanitise(stored) == stored
    assert link_count(stored) == 1


def test_of_very_many_addresses_in_a_paragraph_the_first_are_links_and_reading_again_changes_nothing() -> (
    None
):
    stored = body_html("".join(f"https://x.example/{number} " for number in range(250)), "text")

    assert stored.count("<a ") == 200
    assert sanitise(stored) == stored


def test_the_work_of_finding_addresses_grows_with_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr("portal.text.links.gates.behind", lambda address: looked.append(address) or "")

    for times in (100, 200):
        looked.clear()
        list(with_addresses("https://a.exampleคhttps://" * times))
        assert len(looked) <= times


def test_a_link_shows_no_person_either() -> None:
    wrapped = "https://eur05.safelinks.protection.outlook.com/?url=https%3A%2F%2Fx.example%2Fa&data=press%40x.example"

    assert (
        sanitise(f'<a href="{wrapped}">{wrapped}</a>')
        == '<p><a href="https://x.example/a">https://x.example/a</a></p>'
    )
    assert (
        body_html(f"See {wrapped}.", "text")
        == '<p>See <a href="https://x.example/a">https://x.example/a</a>.</p>'
    )
