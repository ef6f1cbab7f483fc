"""How each setting's text is read: one small function per kind, each ending in a value or in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal.rules.promise import DeskHours

ON = frozenset({"1", "on", "yes", "y", "true"})
OFF = frozenset({"0", "off", "no", "n", "false"})

Reader = Callable[[str], object]


class UnreadableSetting(ValueError):
    """The text of a setting cannot be read; the message is half a sentence that follows the setting's name."""


def text(given: str) -> str:
    return given.strip()


def whole_number(least: int, unit: str) -> Reader:
    """A reader for whole numbers of `unit` from `least` up."""

    def read(given: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", given.strip()) or int(given) < least:
            raise UnreadableSetting(f"must be a whole number of {unit}, {least} or more")
        return int(given)

    return read


def one_of(*choices: str) -> Reader:
    """A reader for one word out of a few."""

    def read(given: str) -> str:
        word = given.strip().lower()
        if word not in choices:
            raise UnreadableSetting(f"must be {' or '.join(choices)}")
        return word

    return read


def switch(given: str) -> bool:
    word = given.strip().lower()
    if word not in ON | OFF:
        raise UnreadableSetting("must be on or off")
    return word in ON


def zone_name(given: str) -> str:
    name = given.strip()
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnreadableSetting("must be an IANA time zone such as Asia/Singapore") from None
    return name


def time_of_day(given: str) -> time:
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9](:00)?", given.strip()):
        raise UnreadableSetting("must be a time of day such as 06:00")
    return time.fromisoformat(given.strip())


def desk_hours(given: str) -> DeskHours:
    """When the desk is open; the first release that is sent would be too late to find out that it cannot be read."""
    try:
        return DeskHours.parse(given)
    except ValueError as problem:
        example = "Mo-Fr 08:00-18:00, Sa 09:00-13:00"
        raise UnreadableSetting(f"must be hours such as {example}, or always") from problem


def host_and_port(given: str) -> str:
    host, colon, port = given.strip().rpartition(":")
    if not colon or not host or not re.fullmatch(r"[0-9]{1,5}", port) or not 1 <= int(port) <= 65535:
        raise UnreadableSetting("must be an address and a port such as 127.0.0.1:8000")
    return given.strip()


def web_address(given: str) -> str:
    """An http or https origin without a path, so that every page can be put behind it."""
    address = given.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        readable = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        readable = False
    if not readable or parts.path or parts.query or parts.fragment:
        raise UnreadableSetting("must be an address without a path, such as https://press.example.org")
    return address


def url_of(*schemes: str) -> Reader:
    """A reader for URLs of a few schemes; the text is kept as it is."""

    def read(given: str) -> str:
        address = given.strip()
        try:
            scheme = urlsplit(address).scheme
        except ValueError:
            scheme = ""
        if scheme not in schemes:
            raise UnreadableSetting(f"must begin with {' or '.join(name + ':' for name in schemes)}")
        return address

    return read


def storage_url(given: str) -> str:
    """`s3://…`, `file:…` or the plain path of a folder."""
    address = given.strip()
    scheme = urlsplit(address).scheme
    if scheme not in ("", "file", "s3"):
        raise UnreadableSetting("must be a folder, or begin with s3:")
    return address


def sender(given: str) -> str:
    """One mail address, with or without a name before it."""
    _, address = parseaddr(given)
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or re.search(r"[\r\n\s]", address) or "\n" in given:
        raise UnreadableSetting("must be one mail address such as press@example.org")
    return given.strip()


def sender_or_off(given: str) -> str:
    """One mail address; `off` is none."""
    return "" if given.strip().lower() in OFF else sender(given)


def host_names(given: str) -> tuple[str, ...]:
    names = tuple(name.lower() for name in re.split(r"[,\s]+", given.strip()) if name)
    if any("/" in name for name in names):
        raise UnreadableSetting("must be host names with commas between them, such as press.example.org")
    return names


def reference_prefix(given: str) -> str:
    prefix = given.strip()
    if not re.fullmatch(r"[A-Z]{2,8}", prefix):
        raise UnreadableSetting("must be two to eight capital letters such as SEAP")
    return prefix


def path(given: str) -> Path:
    """Made absolute later, from the project's root."""
    return Path(given.strip()).expanduser()


def without_password(url: str) -> str:
    parts = urlsplit(url)
    if parts.password:
        url = url.replace(f":{parts.password}@", ":(not shown)@")
    return url.partition("?")[0] + "?(not shown)" if "password=" in url else url


def plainly(value: object) -> str:
    """A value as an operator would have written it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return "" if value is None else str(value)
