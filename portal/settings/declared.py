"""Every setting, one line each: its kind, how its text is read and what holds when nobody sets it.

The names are the contract's, in lower case and without `PORTAL_`; docs/settings.md tells operators the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import time
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from portal.rules.promise import DeskHours
from portal.settings import values as kinds
from portal.settings.keys import selector
from portal.settings.sources import PREFIX

DEFAULT = "default"
LONGEST_SOCKET_PATH = 100
"""Bytes. The system stops at about 107, and the server adds a little while it starts."""


def _setting(
    default: Any, read: Callable[[str], Any], *, secret: bool = False, url: bool = False
) -> Any:  # any kind
    """One setting: `secret` is never shown, of a `url` everything but the password is."""
    about = {"read": read, "secret": secret, "url": url}
    return field(default=default, metadata=about, repr=not (secret or url))


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One attribute for every name of the contract, then where it was read from."""

    env: str = _setting("production", kinds.one_of("production", "development"))
    secret_key: str = _setting("", kinds.text, secret=True)
    site_name: str = _setting("South East Asia Post", kinds.text)
    base_url: str = _setting("", kinds.web_address)
    bind: str = _setting("127.0.0.1:8000", kinds.host_and_port)
    instance_path: Path = _setting(Path("instance"), kinds.path)

    database_url: str = _setting(
        "", kinds.url_of("sqlite", "postgresql", "postgres", "postgresql+psycopg"), url=True
    )
    redis_url: str = _setting("", kinds.url_of("redis", "rediss", "unix"), url=True)
    storage_url: str = _setting("", kinds.storage_url, url=True)
    mail_url: str = _setting("file:", kinds.url_of("file", "smtp", "smtps"), url=True)
    mail_from: str = _setting("", kinds.sender)

    timezone: str = _setting("Asia/Singapore", kinds.zone_name)
    reference_prefix: str = _setting("SEAP", kinds.reference_prefix)
    promise_hours: int = _setting(4, kinds.whole_number(1, "hours"))
    desk_hours: DeskHours = _setting(DeskHours(), kinds.desk_hours)
    duty_email: str = _setting("", kinds.sender)
    min_schedule_minutes: int = _setting(15, kinds.whole_number(0, "minutes"))
    min_embargo_minutes: int = _setting(120, kinds.whole_number(0, "minutes"))
    claim_minutes: int = _setting(20, kinds.whole_number(1, "minutes"))
    mail_hold_minutes: int = _setting(10, kinds.whole_number(0, "minutes"))
    changes_due_days: int = _setting(14, kinds.whole_number(1, "days"))
    digest_at: time = _setting(time(6, 0), kinds.time_of_day)
    digest_empty: str = _setting("skip", kinds.one_of("skip", "send"))
    mail_rate: int = _setting(0, kinds.whole_number(0, "mails per second"))
    mail_key: str = _setting("", kinds.text, secret=True)
    dkim_key: str = _setting("", kinds.text, secret=True)
    dkim_selector: str = _setting("", selector)
    unsubscribe_mailbox: str = _setting("", kinds.sender_or_off)
    allowed_hosts: tuple[str, ...] = _setting((), kinds.host_names)
    proxy_hops: int = _setting(0, kinds.whole_number(0, "proxies"))
    metrics_token: str = _setting("", kinds.text, secret=True)
    page_cache_mb: int = _setting(64, kinds.whole_number(0, "megabytes"))
    drain_seconds: int = _setting(5, kinds.whole_number(0, "seconds"))
    login_limits: bool = _setting(True, kinds.switch)
    test_clock: Path | None = _setting(None, kinds.path)
    test_clock_jumps: bool = _setting(False, kinds.switch)

    root: Path = Path()
    sources: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Attribute name → where its value came from."""

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def bind_host(self) -> str:
        return self.bind.rpartition(":")[0].strip("[]")

    @property
    def bind_port(self) -> int:
        return int(self.bind.rpartition(":")[2])

    @property
    def redis_is_embedded(self) -> bool:
        """Whether the portal starts a Redis-compatible server of its own."""
        return self.sources.get("redis_url", DEFAULT) == DEFAULT

    @property
    def redis_socket_path(self) -> Path:
        """Where the embedded server listens: beside the data, or where a path is short enough for a socket."""
        return socket_path(self.instance_path)

    @property
    def mail_folder(self) -> Path | None:
        """Where `file:` mail goes; None when mails really leave."""
        return _folder_of(self.mail_url, self.root, self.instance_path / "mail")

    @property
    def mail_host(self) -> str:
        """The mail server whose rate is kept; `files` where mails are files."""
        return urlsplit(self.mail_url).hostname or "files"

    @property
    def storage_folder(self) -> Path | None:
        """Where attachments are kept; None when they are kept in an object store."""
        return _folder_of(self.storage_url, self.root, self.instance_path / "storage")


def setting_names() -> dict[str, str]:
    """Every attribute with the name an operator uses."""
    return {each.name: PREFIX + each.name.upper() for each in declared()}


def shown_value(settings: Settings, attribute: str) -> str:
    """A setting's value for the operator's eyes: no secrets, no passwords."""
    about = Settings.__dataclass_fields__[attribute].metadata
    value = getattr(settings, attribute)
    if about["secret"]:
        return "(set, not shown)" if value else ""
    return kinds.without_password(value) if about["url"] else kinds.plainly(value)


def socket_path(instance_path: Path) -> Path:
    beside_data = instance_path / "redis.sock"
    if len(os.fsencode(beside_data)) <= LONGEST_SOCKET_PATH:
        return beside_data
    name = sha256(os.fsencode(instance_path)).hexdigest()[:12]
    return Path(gettempdir()) / f"portal-{os.getuid()}-{name}" / "redis.sock"


def declared() -> list[Field[Any]]:
    """The attributes that an operator may set, in the order of the documentation."""
    return [each for each in fields(Settings) if "read" in each.metadata]


def _folder_of(url: str, root: Path, otherwise: Path) -> Path | None:
    scheme, _, rest = url.partition(":")
    if scheme not in ("file", url):
        return None
    named = url if scheme == url else rest.removeprefix("//")
    return root / Path(named).expanduser() if named else otherwise
