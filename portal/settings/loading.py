"""Reads the settings of this machine once, and refuses what is unsafe with every problem at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from portal.settings import values as kinds
from portal.settings.declared import DEFAULT, Settings, declared, setting_names, socket_path
from portal.settings.keys import private_key
from portal.settings.refusals import development_refusals, production_refusals, signing_refusals
from portal.settings.secrets import kept_secret, key_from
from portal.settings.sources import PREFIX, everything_given

SECRET_FILE = "secret-key"  # noqa: S105 - a file name
DERIVED = "derived from PORTAL_SECRET_KEY"


class SettingsRefused(Exception):
    """The portal must not start like this. `problems` holds one sentence each, the message all of them."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("The settings need mending before the portal can start:\n" + _as_list(problems))


def _as_list(sentences: list[str]) -> str:
    return "\n".join(f"  - {sentence}" for sentence in sentences)


def load_settings(environ: Mapping[str, str], root: Path) -> Settings:
    """The settings of this machine: environment first, then `instance/portal.toml`, then the defaults.

    Raises SettingsRefused with every problem at once. In development the first call makes the secret.
    """
    root = root.resolve()
    given, problems = everything_given(environ, root, list(setting_names().values()))
    values = dict(_values_read(given, problems))
    sources = {each.name: given[each.name][1] if each.name in values else DEFAULT for each in declared()}
    settings = _completed(Settings(**values, root=root, sources=sources))
    settings = _with_signing_key(settings, problems)
    problems.extend(
        production_refusals(settings) if settings.is_production else development_refusals(settings)
    )
    problems.extend(signing_refusals(settings))
    if problems:
        raise SettingsRefused([*problems, *_hint(settings)])
    return _with_keys(settings)


def _values_read(given: Mapping[str, tuple[str, str]], problems: list[str]) -> Iterator[tuple[str, Any]]:
    for each in declared():
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
    # Werkzeug takes no host that is an IPv6 address, so the portal would refuse its own.
    here = f"localhost:{settings.bind_port}" if ":" in settings.bind_host else settings.bind
    base_url = settings.base_url or f"http://{here}"
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
