"""Everything that may differ from one machine to the next, read once and refused where it is unsafe.

Each setting is one line of `Settings`: its kind, how its text is read and what holds when nobody sets it.
The names are the contract's, in lower case and without `PORTAL_`; docs/settings.md tells operators the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import time
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from portal import setting_values as kinds
from portal.instance_secrets import kept_secret, key_from
from portal.setting_keys import private_key, selector
from portal.setting_refusals import development_refusals, production_refusals, signing_refusals
from portal.setting_sources import PREFIX, everything_given

SECRET_FILE = "secret-key"  # noqa: S105 - a file name
DEFAULT = "default"
DERIVED = "derived from PORTAL_SECRET_KEY"
LONGEST_SOCKET_PATH = 100
"""Bytes. The system stops at about 107, and the server adds a little while it starts."""


class SettingsRefused(Exception):
    """The portal must not start like this. `problems` holds one sentence each, the message all of them."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("The settings need mending before the portal can start:\n" + _as_list(problems))


def _as_list(sentences: list[str]) -> str:
    return "\n".join(f"  - {sentence}" for sentence in sentences)


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
    desk_hours: str = _setting("", kinds.desk_hours)
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
    allowed_hosts: tuple[str, ...] = _setting((), kinds.host_names)
    proxy_hops: int = _setting(0, kinds.whole_number(0, "proxies"))
    metrics_token: str = _setting("", kinds.text, secret=True)
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


def load_settings(environ: Mapping[str, str], root: Path) -> Settings:
    """The settings of this machine: environment first, then `instance/portal.toml`, then the defaults.

    Raises SettingsRefused with every problem at once. In development the first call makes the secret.
    """
    root = root.resolve()
    given, problems = everything_given(environ, root, list(setting_names().values()))
    values = dict(_values_read(given, problems))
    sources = {each.name: given[each.name][1] if each.name in values else DEFAULT for each in _declared()}
    settings = _completed(Settings(**values, root=root, sources=sources))
    settings = _with_signing_key(settings, problems)
    problems.extend(
        production_refusals(settings) if settings.is_production else development_refusals(settings)
    )
    problems.extend(signing_refusals(settings))
    if problems:
        raise SettingsRefused([*problems, *_hint(settings)])
    return _with_keys(settings)


def setting_names() -> dict[str, str]:
    """Every attribute with the name an operator uses."""
    return {each.name: PREFIX + each.name.upper() for each in _declared()}


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


def _declared() -> list[Any]:  # dataclasses.Field is generic without need here
    return [each for each in fields(Settings) if "read" in each.metadata]


def _values_read(given: Mapping[str, tuple[str, str]], problems: list[str]) -> Iterator[tuple[str, Any]]:
    for each in _declared():
        if each.name not in given:
            continue
        text, source = given[each.name]
        try:
            yield each.name, each.metadata["read"](text)
        except kinds.UnreadableSetting as problem:
            shown = "" if each.metadata["secret"] or each.metadata["url"] else f", not {text!r}"
            problems.append(f"{PREFIX}{each.name.upper()} ({source}) {problem}{shown}.")


def _completed(settings: Settings) -> Settings:
    """Paths made absolute, and the defaults that follow from other settings filled in."""
    root = settings.root
    instance_path = (root / settings.instance_path).resolve()
    base_url = settings.base_url or f"http://{settings.bind}"
    host = urlsplit(base_url).hostname or ""
    return replace(
        settings,
        instance_path=instance_path,
        base_url=base_url,
        database_url=_database_url(
            settings.database_url or f"sqlite:///{instance_path / 'portal.sqlite3'}", root
        ),
        redis_url=settings.redis_url or f"unix://{quote(str(socket_path(instance_path)))}",
        storage_url=settings.storage_url or f"file:{instance_path / 'storage'}",
        mail_from=settings.mail_from or ("" if settings.is_production else f"press@{_mail_domain(host)}"),
        allowed_hosts=settings.allowed_hosts or _own_hosts(host, settings.is_production),
        test_clock=settings.test_clock and root / settings.test_clock,
    )


def _database_url(given: str, root: Path) -> str:
    """The address that SQLAlchemy takes: psycopg 3 by name, SQLite files from the project's root."""
    scheme, separator, rest = given.partition("://")
    if scheme in ("postgres", "postgresql"):
        return f"postgresql+psycopg://{rest}"
    if scheme != "sqlite" or not separator:
        return given
    file = rest.removeprefix("/")
    return f"sqlite:///{root / file}" if file else given


def _mail_domain(host: str) -> str:
    """A domain that mail libraries accept, also on a machine without a name."""
    return host if "." in host and not host.replace(".", "").isdigit() else "portal.example"


def _own_hosts(host: str, is_production: bool) -> tuple[str, ...]:
    names = [host] if is_production else [host, "localhost", "127.0.0.1", "::1"]
    return tuple(dict.fromkeys(names))


def _with_keys(settings: Settings) -> Settings:
    """The keys that nobody set: development keeps its own secret; the mail key follows from the secret."""
    sources = dict(settings.sources)
    secret = settings.secret_key
    if not secret:
        secret, sources["secret_key"] = (
            kept_secret(settings.instance_path / SECRET_FILE),
            "made for this machine",
        )
    mail_key = settings.mail_key
    if not mail_key:
        mail_key, sources["mail_key"] = key_from(secret, "mail"), DERIVED
    return replace(settings, secret_key=secret, mail_key=mail_key, sources=sources)


def _with_signing_key(settings: Settings, problems: list[str]) -> Settings:
    """The PEM itself in the place of its path, read once: a key that is exchanged counts from the next start on."""
    if not settings.dkim_key:
        return settings
    try:
        return replace(settings, dkim_key=private_key(settings.dkim_key, settings.root))
    except kinds.UnreadableSetting as problem:
        problems.append(f"PORTAL_DKIM_KEY ({settings.sources['dkim_key']}) {problem}.")
        return settings


def _hint(settings: Settings) -> Iterator[str]:
    """For whoever ran `make run` here and then forgot that its commands need the same environment."""
    if settings.sources["env"] == DEFAULT and (settings.instance_path / SECRET_FILE).exists():
        yield "This folder is a development machine's (`make run`). For its commands set PORTAL_ENV=development."


def _folder_of(url: str, root: Path, otherwise: Path) -> Path | None:
    scheme, _, rest = url.partition(":")
    if scheme not in ("file", url):
        return None
    named = url if scheme == url else rest.removeprefix("//")
    return root / Path(named).expanduser() if named else otherwise
