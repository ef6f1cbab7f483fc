"""Gates of mail and chat programs are taken off; what is behind them is judged like any link, and names nobody."""

from base64 import urlsafe_b64encode
from urllib.parse import quote

import pytest

from portal.text import gates
from portal.text.links import safe_address
from portal.text.safe_html import sanitise

TARGET = "https://council.example/plan?a=1&b=%C3%A9#c"
INSIDE = quote(TARGET, safe="")
BASE64 = urlsafe_b64encode(TARGET.encode()).decode()
REGIONS = (
    "nam02 eur05 apc01 gcc02 aus01 can01 gbr01 ind01 jpn01 kor01 zaf01 deu01 che01 fra01 emea01 na01".split()
)
GATES = [
    *(f"https://{region}.safelinks.protection.outlook.com/?url={INSIDE}&data=05%7C01%7Cpress%40x.example&reserved=0" for region in REGIONS),
    f"https://gov01.safelinks.protection.office365.us/?url={INSIDE}&data=x",
    f"https://chn01.safelinks.protection.partner.outlook.cn/?url={INSIDE}",
    f"https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url={INSIDE}&locale=en",
    f"https://urldefense.proofpoint.com/v1/url?u={INSIDE}&k=abc",
    "https://urldefense.proofpoint.com/v2/url?u=https-3A__council.example_plan-3Fa-3D1-26b-3D-25C3-25A9-23c&d=DwMFaQ&c=x",
    "https://urldefense.com/v3/__https://council.example/plan?a=1&b=*C3*A9*c__;JSUj!!abc!xyz$",
    f"https://linkprotect.cudasvc.com/url?a={INSIDE}&c=E,1,abc",
    f"https://www.google.com/url?q={INSIDE}&sa=D&source=docs&ust=1",
    f"https://www.google.co.th/url?sa=t&url={INSIDE}&usg=x",
    f"https://google.com.sg/url?q={INSIDE}",
    f"https://l.facebook.com/l.php?u={INSIDE}&h=AT0",
    f"https://lm.facebook.com/l.php?u={INSIDE}",
    f"https://l.instagram.com/?u={INSIDE}&e=AT0",
    f"https://l.threads.com/?u={INSIDE}",
    f"https://l.messenger.com/l.php?u={INSIDE}",
    f"https://slack-redir.net/link?url={INSIDE}",
    f"https://www.linkedin.com/redir/redirect?url={INSIDE}&urlhash=x",
    f"https://www.linkedin.com/safety/go?url={INSIDE}",
    f"https://duckduckgo.com/l/?uddg={INSIDE}&rut=x",
    f"https://www.youtube.com/redirect?event=video&q={INSIDE}",
    f"https://vk.com/away.php?to={INSIDE}",
    f"https://out.reddit.com/t3_x?url={INSIDE}&token=x",
    f"https://clicktime.symantec.com/3AB?u={INSIDE}",
    f"https://ca-1.trendmicro.com/wis/clicktime/v1/query?url={INSIDE}&umid=x",
    f"https://protect2.fireeye.com/v1/url?k=1&q=1&e=x&u={INSIDE}",
    f"https://eu-west-1.protection.sophos.com/?d=council.example&u={BASE64}&i=x",
    f"https://www.bing.com/ck/a?!&&p=x&u=a1{BASE64.rstrip('=')}&ntb=1",
    f"https://secure-web.cisco.com/1abc-def/{INSIDE}",
    f"https://protect.checkpoint.com/v2/r01/___{TARGET}___.YXA0OnBj",
    f"https://www.google.com/url?q={quote(INSIDE)}&sa=D",
    f"https://eur01.safelinks.protection.outlook.com/?URL={INSIDE}&data=x",
    f"https://www.google.com/amp/s/{TARGET.removeprefix('https://')}",
]  # fmt: skip


@pytest.mark.parametrize("gate", GATES)
def test_a_gate_is_taken_off(gate: str) -> None:
    assert safe_address(gate) == TARGET


def test_proofpoint_keeps_a_run_of_characters_apart() -> None:
    kept = urlsafe_b64encode("ห้อง".encode()).decode().rstrip("=")
    gate = f"https://urldefense.com/v3/__https://x.example/**Ca__;{kept}!!abc$"

    assert gates.behind(gate) == "https://x.example/ห้องa"
    assert gates.behind("https://urldefense.com/v3/__https:/x.example/a__;!!abc$") == "https://x.example/a"


def test_gates_within_gates_are_taken_off() -> None:
    inner = f"https://l.facebook.com/l.php?u={INSIDE}"
    middle = f"https://www.google.com/url?q={quote(inner, safe='')}"
    outer = f"https://nam02.safelinks.protection.outlook.com/?url={quote(middle, safe='')}&data=x"

    assert safe_address(outer) == TARGET


@pytest.mark.parametrize("target", ["javascript:alert(1)", "data:text/html,x", "https://bank.example@x.example/", "file:///etc/passwd", "https://"])  # fmt: skip
def test_what_is_behind_a_gate_is_judged_like_any_link(target: str) -> None:
    gate = f"https://www.google.com/url?q={quote(target, safe='')}"

    assert sanitise(f'<a href="{gate}">words</a>') == "<p>words</p>"


@pytest.mark.parametrize("address", [
    "https://protect-eu.mimecast.com/s/aBcD?domain=x.example", "https://t.co/abc", "https://www.google.com/search?q=https%3A%2F%2Fx.example",
    "https://www.google.com/url?q=cats", "https://x.example/?url=https%3A%2F%2Fy.example", "https://safelinks.protection.outlook.com.evil.example/?url=https%3A%2F%2Fy.example",
    "https://www.facebook.com/share?u=https%3A%2F%2Fy.example", "https://urldefense.com/v3/__broken", "https://nam02.safelinks.protection.outlook.com/?data=x",
])  # fmt: skip
def test_what_is_no_gate_that_can_be_opened_stays(address: str) -> None:
    assert safe_address(address) == address


@pytest.mark.parametrize(("address", "shut"), [
    ("https://protect-eu.mimecast.com/s/aBcD?domain=x.example", True), ("https://url.uk.m.mimecastprotect.com/s/x", True),
    ("https://t.co/abc", True), ("https://lnkd.in/abc", True), ("https://x.us1.list-manage.com/track/click?u=1", True),
    ("https://x.us1.list-manage.com/subscribe?u=1", False), ("https://www.mimecast.com/", False), ("https://t.co/", False),
    ("https://nott.co/abc", False), ("https://council.example/plan", False),
])  # fmt: skip
def test_a_gate_that_nobody_else_can_open_is_known(address: str, shut: bool) -> None:
    assert gates.is_shut(address) is shut


@pytest.mark.parametrize("name", "rdt_cid vgo_ee trk_contact trk_msg fbclid gclid dclid gbraid wbraid msclkid yclid twclid ttclid igshid mc_eid mkt_tok _hsenc _hsmi oly_enc_id oly_anon_id vero_id FBCLID fb%63lid".split())  # fmt: skip
def test_a_parameter_that_names_a_press_or_a_person_goes(name: str) -> None:
    assert safe_address(f"https://x.example/a?{name}=abc") == "https://x.example/a"
    assert safe_address(f"https://x.example/a?b=1&{name}=abc&c=2#d") == "https://x.example/a?b=1&c=2#d"


@pytest.mark.parametrize("query", [
    "utm_source=news&utm_medium=mail&utm_campaign=x", "a=%2b+%41&&b;c=d&e", "mc_cid=1", "si=1", "fbclidx=1&xgclid=2", "q=fbclid%3D1", "a=?b=/",
])  # fmt: skip
def test_the_rest_of_a_query_stays_byte_for_byte(query: str) -> None:
    assert safe_address(f"https://x.example/?{query}") == f"https://x.example/?{query}"
    assert safe_address(f"https://x.example/?{query}&fbclid=1") == f"https://x.example/?{query}"


@pytest.mark.parametrize(("address", "stored"), [
    ("https://x.com/club/status/1?s=20&t=abc", "https://x.com/club/status/1"), ("https://x.example/?s=20&t=abc", "https://x.example/?s=20&t=abc"),
    ("https://www.facebook.com/p/1?__cft__[0]=AZ&__tn__=%2CO&id=2", "https://www.facebook.com/p/1?id=2"),
    ("https://www.facebook.com/p/1?__cft__%5B0%5D=AZ", "https://www.facebook.com/p/1"),
    ("https://www.linkedin.com/posts/x?utm_source=share&rcm=ACo", "https://www.linkedin.com/posts/x?utm_source=share"),
    ("https://www.tiktok.com/@club/video/1?_t=8a&_r=1", "https://www.tiktok.com/@club/video/1"),
])  # fmt: skip
def test_what_a_site_adds_when_somebody_shares_goes_on_that_site(address: str, stored: str) -> None:
    assert safe_address(address) == stored


def test_who_shared_a_film_is_nobodys_business() -> None:
    assert safe_address("https://youtu.be/abc?si=xyz&t=10") == "https://youtu.be/abc?t=10"
    assert safe_address("https://www.youtube.com/watch?v=abc&si=xyz") == "https://www.youtube.com/watch?v=abc"
