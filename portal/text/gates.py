"""Links as mail programs and chat programs rewrite them: the address behind the gate, and who asks for it left out.

A gate is a page of another firm that counts a press and sends the reader on. Where the gate's own address holds the
real one, the real one is what the sender wrote. How each gate writes it is from its makers' public decoders and pages.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from binascii import Error as NoBase64
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import unescape
from urllib.parse import SplitResult, unquote, urlsplit

# (host as a whole, beginning of the path, the parameters that may hold the address).
_BY_PARAMETER: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (r".+\.safelinks\.protection\.outlook\.(?:com|us)", "", ("url",)),
    (r".+\.safelinks\.protection\.office365\.us", "", ("url",)),
    (r".+\.safelinks\.protection\.partner\.outlook\.cn", "", ("url",)),
    (r"statics\.teams\.cdn\.office\.net", "/evergreen-assets/safelinks/", ("url",)),
    (r"urldefense(?:\.proofpoint)?\.(?:com|us)", "/v1/url", ("u",)),
    (r"linkprotect\.cudasvc\.com", "/url", ("a",)),
    (r"(?:www\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?", "/url", ("q", "url")),
    (r"(?:lm?|m|www|web)\.facebook\.com", "/l.php", ("u",)),
    (r"l\.(?:instagram|threads)\.(?:com|net)", "", ("u",)),
    (r"l\.messenger\.com", "/l.php", ("u",)),
    (r"l\.wl\.co", "/l", ("u",)),
    (r"slack-redir\.net", "/link", ("url",)),
    (r"(?:www\.)?linkedin\.com", "/redir/", ("url",)),
    (r"(?:www\.)?linkedin\.com", "/safety/go", ("url",)),
    (r"(?:www\.)?duckduckgo\.com", "/l/", ("uddg",)),
    (r"(?:www\.)?youtube\.com", "/redirect", ("q",)),
    (r"(?:www\.)?vk\.com", "/away.php", ("to",)),
    (r"out\.reddit\.com", "", ("url",)),
    (r"(?:www\.)?steamcommunity\.com", "/linkfilter/", ("u", "url")),
    (r"clicktime\.symantec\.com", "", ("u",)),
    (r"clicktime\.cloud\.postoffice\.net", "/clicktime.php", ("U", "u")),
    (r".+\.trendmicro\.com", "/wis/clicktime/", ("url",)),
    (r"protect\d?\.fireeye\.com", "/", ("u",)),
)
# Gates that keep the real address to themselves: only the sender can say where the link should lead.
_SHUT = re.compile(
    r"(?:.+\.)?(?:mimecast|mimecastprotect)\.com|t\.co|lnkd\.in|(?:www\.)?mailcontrol\.com|.+\.sendgrid\.net"
    r"|.+\.list-manage\.com|.+\.rs6\.net|.+\.hubspotlinks\.com",
    re.IGNORECASE,
)
_SHUT_PATHS = {"list-manage.com": "/track/", "sendgrid.net": "/", "mimecast.com": "/s/"}
_GATES = tuple((re.compile(host, re.IGNORECASE), path, names) for host, path, names in _BY_PARAMETER)
# Nearly every address is none of all these: one look tells.
_ANY = re.compile(
    "|".join(host for host, _, _ in _BY_PARAMETER)
    + r"|urldefense.+|.+\.sophos\.com|(?:www\.)?bing\.com|secure-web\.cisco\.com|protect\.checkpoint\.com|url\.avanan\.click",
    re.IGNORECASE,
)
_HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_PROOFPOINT = re.compile(r"urldefense(?:\.proofpoint)?\.(?:com|us)", re.IGNORECASE)
_V3 = re.compile(r"/v3/__(?P<address>.+?)__;(?P<kept>[^!]*)!", re.DOTALL)
_V3_ONE_SLASH = re.compile(r"([a-z0-9+.-]+:/)([^/].*)", re.IGNORECASE | re.DOTALL)
_V3_STAR = re.compile(r"\*(\*.)?", re.DOTALL)
_V3_RUNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_SOPHOS = re.compile(r".+\.protection\.sophos\.com", re.IGNORECASE)
_BING = re.compile(r"(?:www\.)?bing\.com", re.IGNORECASE)
_GOOGLE = re.compile(r"(?:www\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?", re.IGNORECASE)
_AMP_PATH = re.compile(r"/amp/(?:(s)/)?(.+\..+)", re.DOTALL)
_CISCO = re.compile(r"secure-web\.cisco\.com", re.IGNORECASE)
_CHECK_POINT = re.compile(r"protect\.checkpoint\.com|url\.avanan\.click", re.IGNORECASE)
_CHECK_POINT_PATH = re.compile(r"/v2/(?:r\d+/)?___(.+?)___\.", re.DOTALL)

# Names of parameters that stand for one press of a link or for one person. `utm_…` names a campaign, and is the
# sender's own. In lower case.
PERSONAL = frozenset(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid igshid igsh li_fat_id epik sccid srsltid"
    " mc_eid mkt_tok _hsenc _hsmi __hssc __hstc __hsfp hsctatracking oly_enc_id oly_anon_id vero_id vero_conv"
    " ml_subscriber ml_subscriber_hash elqtrackid elqtrack _kx ck_subscriber_id sfmc_sub _branch_match_id irclickid"
    " rb_clickid _openstat wickedid mibextid _gl _ga guce_referrer guce_referrer_sig bsft_clkid bsft_uid"
    " at_recipient_id at_recipient_list mindbox-click-id pk_vid ss_email_id sms_click _bhlid nr_email_referer"
    " dm_i __s rdt_cid vgo_ee trk_contact trk_msg trk_sid".split()
)
# Short and harmless elsewhere; on these sites the person who shared something, or the press that did.
_SHARED_BY = {
    name: re.compile(rf"(?:.+\.)?(?:{sites})", re.IGNORECASE)
    for sites, names in (
        (r"youtube\.com|youtu\.be|spotify\.com", "si"),
        (r"facebook\.com", "__cft__[0] __tn__ __xts__[0] rdid share_url"),
        (r"linkedin\.com", "rcm trackingid lipi"),
        (r"tiktok\.com", "_t _r"),
        (r"x\.com|twitter\.com", "s t"),
    )
    for name in names.split()
}


@lru_cache(maxsize=512)
def behind(address: str) -> str:
    """What the gate that this address leads through hides, as it stands in it; "" where it is no gate that we can open."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if not _ANY.fullmatch(host):
        return ""
    found = next((hidden for opened in _OPENED if (hidden := opened(host, parts))), "")
    found = found if _HAS_SCHEME.match(found) else unquote(found)  # some programs encode it twice
    return found if _HAS_SCHEME.match(found) and len(found) < len(address) else ""


def is_shut(address: str) -> bool:
    """Does a gate stand before this link that nobody but its firm can open? Such as Mimecast and t.co."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    kept = next((path for end, path in _SHUT_PATHS.items() if host.endswith(end)), "")
    return _SHUT.fullmatch(host) is not None and parts.path.startswith(kept) and len(parts.path) > 1


def without_personal_parts(address: str) -> str:
    """The address without the parameters that name a press or a person; all else stays, byte for byte."""
    before, hash_mark, fragment = address.partition("#")
    path, mark, query = before.partition("?")
    if not mark:
        return address
    host = _host(address)
    pieces = query.split("&")
    kept = [piece for piece in pieces if not _is_personal(piece, host)]
    if len(kept) == len(pieces):
        return address
    return path + (f"?{'&'.join(kept)}" if kept else "") + hash_mark + fragment


def _is_personal(piece: str, host: str) -> bool:
    name = unquote(piece.partition("=")[0]).lower()
    return name in PERSONAL or (name in _SHARED_BY and _SHARED_BY[name].fullmatch(host) is not None)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _parameter(query: str, name: str) -> str:
    """As it was encoded: a `+` in it is the hidden address's own."""
    pieces = (piece.partition("=") for piece in query.split("&"))
    return next((unquote(value) for written, _, value in pieces if written.lower() == name.lower()), "")


def _by_parameter(host: str, parts: SplitResult) -> str:
    for known, path, names in _GATES:
        if parts.path.startswith(path) and known.fullmatch(host):
            return next((found for name in names if (found := _parameter(parts.query, name))), "")
    return ""


def _after_host(parts: SplitResult) -> str:
    """All of it: an address that stands in another as it is has its own `?` and `#`."""
    query = f"?{parts.query}" if parts.query else ""
    return parts.path + query + (f"#{parts.fragment}" if parts.fragment else "")


def _proofpoint_v2(host: str, parts: SplitResult) -> str:
    if not (_PROOFPOINT.fullmatch(host) and parts.path.startswith("/v2/url")):
        return ""
    kept = next((piece[2:] for piece in parts.query.split("&") if piece.startswith("u=")), "")
    return unescape(unquote(kept.replace("-", "%").replace("_", "/")))


def _proofpoint_v3(host: str, parts: SplitResult) -> str:
    """`*` stands for the next character that was kept apart, `**B` for the next three."""
    found = _V3.match(_after_host(parts)) if _PROOFPOINT.fullmatch(host) else None
    if not found:
        return ""
    one_slash = _V3_ONE_SLASH.fullmatch(found["address"])
    written = unquote(f"{one_slash[1]}/{one_slash[2]}" if one_slash else found["address"])
    try:
        kept = iter(urlsafe_b64decode(found["kept"] + "==").decode("utf-8"))
    except (NoBase64, UnicodeDecodeError, ValueError):
        return ""
    return _V3_STAR.sub(lambda star: "".join(_next(kept, star[1])), written)


def _next(kept: Iterator[str], run: str | None) -> Iterator[str]:
    for _ in range(_V3_RUNS.find(run[1]) + 2 if run else 1):
        yield next(kept, "")


def _base64_parameter(host: str, parts: SplitResult) -> str:
    if _SOPHOS.fullmatch(host):
        return _from_base64(_parameter(parts.query, "u"))
    if _BING.fullmatch(host) and parts.path.startswith("/ck/a"):
        return _from_base64(_parameter(parts.query, "u").removeprefix("a1"))
    return ""


def _from_base64(kept: str) -> str:
    try:
        return urlsafe_b64decode(kept + "=" * (-len(kept) % 4)).decode("utf-8")
    except (NoBase64, UnicodeDecodeError, ValueError):
        return ""


def _in_the_path(host: str, parts: SplitResult) -> str:
    if _GOOGLE.fullmatch(host) and (page := _AMP_PATH.match(_after_host(parts))):
        return f"http{page[1] or ''}://{page[2]}"
    if _CISCO.fullmatch(host):
        return unquote(parts.path.rpartition("/")[2])
    found = _CHECK_POINT_PATH.match(_after_host(parts)) if _CHECK_POINT.fullmatch(host) else None
    return found[1] if found else ""


_OPENED: tuple[Callable[[str, SplitResult], str], ...] = (
    _by_parameter, _proofpoint_v2, _proofpoint_v3, _base64_parameter, _in_the_path,
)  # fmt: skip
