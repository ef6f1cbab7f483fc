"""Which addresses a text may link to, and how bare addresses in a text are found."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import regex

from portal.text import gates
from portal.text.characters import normal, without_unwanted
from portal.text.hosts import ascii_host
from portal.text.mailboxes import mailto_again

LONGEST_ADDRESS = 2_000
MOST_IN_A_TEXT = 200
"""Addresses of one paragraph that become links; a release may have eight, and each costs."""
SCHEMES = frozenset({"http", "https", "mailto"})
# Beyond ASCII only letters, their marks, digits, joiners and the Catalan dot stand in an address that is written into
# a text: every other sign belongs to the sentence, in whatever script. `]` and `*` belong to lists and emphasis.
_BARE_ADDRESS = regex.compile(
    r"https?://(?:[!#-)+-;=?-\\^-~\[]|[^\P{L}\p{ASCII}]|\p{M}|[^\P{N}\p{ASCII}]|[\u00b7\u200c\u200d]){1,2000}+",
    regex.IGNORECASE,
)
_HOST = regex.compile(r"(?:[\w.\-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?", regex.IGNORECASE | regex.ASCII)
_AFTER_HOST = regex.compile(r"(?=[/?#])")  # a backslash, which browsers read as a slash, is part of no host
_PORT = regex.compile(r":\d{1,5}$", regex.ASCII)
# An ASCII host, or a path that was ASCII so far, does not go on in another script within a word: there the sentence does.
_OTHER_SCRIPT = regex.compile(r"(?<=[a-zA-Z0-9])(?![\p{Latin}\p{Common}\p{Inherited}])[\p{L}\p{M}\p{N}]")
_WHOLE_HOST = regex.compile(
    r"[a-z]+://[a-z0-9.-]+\.[a-z][a-z0-9-]+(?:[:/?#]|\Z)", regex.IGNORECASE | regex.ASCII
)
# A host ends where nothing more of a host can stand; what follows is the sentence. `@` and `\\` are no end: what stands
# before the one is a name and a password, and browsers read the other as a slash.
_HOST_IN_TEXT = regex.compile(
    r"[a-z]+://(?:[\w.\-\u00b7\u200c\u200d]|(?<!\A)\p{M})*+(?::\d{1,5}(?!\d))?(?![@\\/?#]|:)",
    regex.IGNORECASE,
)
# The next address, behind a sign that parts the two, and not inside the first one as in `?to=https://`.
_NEXT_ADDRESS = regex.compile(r"(?<=[,;|)\]}])https?://", regex.IGNORECASE)
# Everything that has a meaning in an address stays; quotes, angle brackets, spaces and other scripts are encoded.
_LEFT_ALONE = "!#$%&()*+,-./:;=?@[]_~'"
_TRAILING = ".,;:!?'|`"
_BRACKETS = {")": "(", "}": "{"}


def safe_address(href: str) -> str:
    """The address to store, or "" where it is none that we link to: http, https and mailto only, no user names.

    The gates that mail and chat programs put before a link are taken off, and what is behind them is judged alike;
    parameters that name a press or a person go.
    """
    address = _checked(href)
    while address and (hidden := gates.behind(address)):
        address = _checked(hidden)
    return address if address.startswith("mailto:") else gates.without_personal_parts(address)


def with_addresses(text: str, most: int = MOST_IN_A_TEXT) -> Iterator[tuple[str, str]]:
    """A plain text in pieces, each with the address that it links to ("" for words): bare http and https addresses,
    without the sentence around them, `most` of them. What was said by a gate, or names a person, is not shown either."""
    begun = position = found = 0
    while found < most and (match := _BARE_ADDRESS.search(text, position)):
        written = _without_the_sentence(match[0], text[match.start() - 1 : match.start()])
        position = match.start() + len(written)
        address = safe_address(written)
        if not address:
            continue
        if match.start() > begun:
            yield text[begun : match.start()], ""
        yield (written if address == _checked(written) else address), address
        begun, found = position, found + 1
    if begun < len(text):
        yield text[begun:], ""


def _checked(href: str) -> str:
    address = without_unwanted(href).replace("\n", "").strip()
    scheme, _, rest = address.partition(":")
    scheme = scheme.lower()
    if len(address) > LONGEST_ADDRESS or scheme not in SCHEMES:
        return ""
    safe = mailto_again(normal(rest)) if scheme == "mailto" else _web_address(scheme, normal(rest))
    return safe if len(safe) <= LONGEST_ADDRESS else ""


def _without_the_sentence(address: str, before: str) -> str:
    """A full stop or an unmatched bracket at the end belongs to the sentence, and so do words of another script, the next
    address, and the sign of emphasis that stands before the address, too."""
    alone = _in_one_script(_without_the_next(_without_what_no_host_has(address)))
    return _without_trailing_marks(alone, "_" if before == "_" else "")


def _without_what_no_host_has(address: str) -> str:
    host = _HOST_IN_TEXT.match(address)
    return host[0] if host else address


def _without_the_next(address: str) -> str:
    following = _NEXT_ADDRESS.search(address)
    return address[: following.start()] if following else address


def _in_one_script(address: str) -> str:
    """Cut where words of another script follow without a space, as in Burmese, Thai and Chinese they do."""
    other = _OTHER_SCRIPT.search(address)
    begins_in_ascii = other and address[: other.start()].isascii()
    if other and begins_in_ascii and _WHOLE_HOST.match(address[: other.start()]):
        return address[: other.start()]
    return address


def _without_trailing_marks(address: str, also: str) -> str:
    unmatched = {end: address.count(end) - address.count(begin) for end, begin in _BRACKETS.items()}
    end = len(address)
    while end and (address[end - 1] in _TRAILING + also or unmatched.get(address[end - 1], 0) > 0):
        if address[end - 1] in unmatched:
            unmatched[address[end - 1]] -= 1
        end -= 1
    return address[:end]


def _web_address(scheme: str, rest: str) -> str:
    host, path = _AFTER_HOST.split(rest[2:], maxsplit=1) if _AFTER_HOST.search(rest[2:]) else (rest[2:], "")
    if not rest.startswith("//") or not _HOST.fullmatch(host := _named(host)):
        return ""
    address = f"{scheme}://{host}{quote(path, safe=_LEFT_ALONE)}"
    return address if _is_address(address) else ""


def _named(host: str) -> str:
    """Host and port as the network knows them; "" where it knows no such host."""
    port = _PORT.search(host)
    name = ascii_host(host[: port.start()] if port else host)
    return name + port[0] if port and name else name


def _is_address(address: str) -> bool:
    try:
        return bool(urlsplit(address).hostname) and (urlsplit(address).port or 1) > 0
    except ValueError:
        return False
