"""Which addresses a text may link to, and how bare addresses in a text are found."""

import re
from html import escape
from urllib.parse import parse_qs, quote, urlsplit

from portal.text.characters import normal, without_unwanted

LONGEST_ADDRESS = 2_000
LONGEST_HOST = 253
SCHEMES = frozenset({"http", "https", "mailto"})
_BARE_ADDRESS = re.compile(r"https?://[^\s<>\"]{1,2000}", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w.\-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?", re.IGNORECASE | re.ASCII)
_AFTER_HOST = re.compile(r"(?=[/?#])")  # a backslash, which browsers read as a slash, is part of no host
_MAILBOX = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+(?:\?.*)?")
# Everything that has a meaning in an address stays; quotes, angle brackets, spaces and other scripts are encoded.
_LEFT_ALONE = "!#$%&()*+,-./:;=?@[]_~'"
_TRAILING = ".,;:!?'’”»"


def safe_address(href: str) -> str:
    """The address to store, or "" where it is none that we link to: http, https and mailto only, no user names.

    The redirect that Gmail and Outlook put around the links of a mail is taken off.
    """
    address = _checked(href)
    hidden = _checked(_hidden_address(address))
    return hidden if hidden and not _hidden_address(hidden) else address


def with_links(text: str) -> str:
    """Plain text as HTML, its bare http and https addresses made into links."""
    pieces, position = [], 0
    for match in _BARE_ADDRESS.finditer(text):
        address = _without_trailing_marks(match[0])
        pieces += [escape(text[position : match.start()], quote=False), _linked(address)]
        position = match.start() + len(address)
    return "".join(pieces) + escape(text[position:], quote=False)


def _checked(href: str) -> str:
    address = without_unwanted(href).replace("\n", "").strip()
    scheme, _, rest = address.partition(":")
    scheme = scheme.lower()
    if len(address) > LONGEST_ADDRESS or scheme not in SCHEMES:
        return ""
    safe = _mailbox(normal(rest)) if scheme == "mailto" else _web_address(scheme, normal(rest))
    return safe if len(safe) <= LONGEST_ADDRESS else ""


def _linked(address: str) -> str:
    return f'<a href="{escape(address)}">{escape(address, quote=False)}</a>'


def _without_trailing_marks(address: str) -> str:
    """A full stop or an unmatched bracket at the end belongs to the sentence."""
    while address[-1] in _TRAILING or (address[-1] == ")" and address.count("(") < address.count(")")):
        address = address[:-1]
    return address


def _mailbox(rest: str) -> str:
    return f"mailto:{_encoded(rest)}" if _MAILBOX.fullmatch(rest) else ""


def _web_address(scheme: str, rest: str) -> str:
    host, path = _AFTER_HOST.split(rest[2:], maxsplit=1) if _AFTER_HOST.search(rest[2:]) else (rest[2:], "")
    if not rest.startswith("//") or not _HOST.fullmatch(host := _ascii_host(host)):
        return ""
    address = f"{scheme}://{host}{_encoded(path)}"
    return address if _is_address(address) else ""


def _ascii_host(host: str) -> str:
    """The host as the network knows it; a name in Burmese letters has an ASCII form. "" where it has none."""
    if len(host) > LONGEST_HOST:
        return ""
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def _is_address(address: str) -> bool:
    try:
        return bool(urlsplit(address).hostname) and (urlsplit(address).port or 1) > 0
    except ValueError:
        return False


def _encoded(rest: str) -> str:
    return quote(rest, safe=_LEFT_ALONE)


def _hidden_address(address: str) -> str:
    parts = urlsplit(address)
    if parts.hostname in ("www.google.com", "google.com") and parts.path == "/url":
        return parse_qs(parts.query).get("q", [""])[0]
    if (parts.hostname or "").endswith(".safelinks.protection.outlook.com"):
        return parse_qs(parts.query).get("url", [""])[0]
    return ""
