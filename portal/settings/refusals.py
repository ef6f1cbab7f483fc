"""What production must not start with, and what development must not open. One sentence each, with the way out."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from portal.settings.declared import Settings

SHORTEST_SECRET = 32
FEWEST_DISTINCT = 8
PUBLISHED_SECRETS = frozenset(
    {
        "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
        "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
        "0123456789abcdef0123456789abcdef",
        "00112233445566778899aabbccddeeff",
        "abcdefghijklmnopqrstuvwxyz012345",
        "abcdefghijklmnopqrstuvwxyz123456",
        "abcdefghijklmnopqrstuvwxyz0123456789",
    }
)
PLACEHOLDER_WORDS = (
    "changeme", "changethis", "replaceme", "replacethis", "yoursecret", "secretkey", "mysecret", "supersecret",
    "topsecret", "thisisasecret", "verysecret", "insecure", "notsosecret", "password", "placeholder", "exampl",
    "development", "flasksecret", "keepthissecret", "qwerty", "letmein",
)  # fmt: skip
HOW_TO_MAKE_ONE = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'


def is_well_known(secret: str) -> bool:
    """A secret that stands in public examples, or that a person typed to be done with it."""
    plain = "".join(sign for sign in secret.lower() if sign.isalnum())
    return (
        secret.lower() in PUBLISHED_SECRETS
        or len(set(secret)) < FEWEST_DISTINCT
        or any(word in plain for word in PLACEHOLDER_WORDS)
    )


def production_refusals(settings: Settings) -> Iterator[str]:
    """Every reason why these settings are unsafe on a public machine, in the order of the documentation."""
    yield from _secret_refusals(settings.secret_key)
    if not settings.base_url.startswith("https://"):
        yield "PORTAL_BASE_URL must begin with https://. Set it to the address that readers use."
    if not settings.mail_from:
        yield "PORTAL_MAIL_FROM is missing. Set it to the address that mails come from."
    if settings.mail_url.startswith("file:"):
        yield "PORTAL_MAIL_URL keeps mails in files, so nobody would get one. Set it to smtp://… or smtps://…"
    if settings.test_clock is not None or settings.test_clock_jumps:
        yield "PORTAL_TEST_CLOCK and PORTAL_TEST_CLOCK_JUMPS are for tests. Take them away."
    if not settings.login_limits:
        yield "PORTAL_LOGIN_LIMITS=off lets anyone guess passwords. Take it away."
    if not redis_is_guarded(settings.redis_url):
        yield (
            "PORTAL_REDIS_URL reaches Redis over the network without a password. "
            "Put the password into it (redis://:password@host:6379/0), or use a unix socket."
        )


def signing_refusals(settings: Settings) -> Iterator[str]:
    """A key without the name of its public half cannot sign."""
    if settings.dkim_key and not settings.dkim_selector:
        yield (
            "PORTAL_DKIM_SELECTOR is missing. Set it to the name under which the public half of PORTAL_DKIM_KEY "
            "stands in the DNS, such as portal2026."
        )


def _secret_refusals(secret: str) -> Iterator[str]:
    if not secret:
        yield f"PORTAL_SECRET_KEY is missing. Make one with: {HOW_TO_MAKE_ONE}"
    elif len(secret) < SHORTEST_SECRET:
        yield (
            f"PORTAL_SECRET_KEY is too short: it needs {SHORTEST_SECRET} characters or more. "
            f"Make one with: {HOW_TO_MAKE_ONE}"
        )
    elif is_well_known(secret):
        yield f"PORTAL_SECRET_KEY is well known or easy to guess. Make another with: {HOW_TO_MAKE_ONE}"


def redis_is_guarded(redis_url: str) -> bool:
    """A socket is guarded by its folder; everything else needs a password."""
    parts = urlsplit(redis_url)
    return parts.scheme == "unix" or bool(parts.password) or "password=" in parts.query


def development_refusals(settings: Settings) -> Iterator[str]:
    """Development shows every mail and knows no https, so it stays on this machine."""
    if not is_loopback(settings.bind_host):
        yield (
            f"PORTAL_BIND={settings.bind} would open a development portal to the network. "
            "Use 127.0.0.1 and a port, or set PORTAL_ENV=production."
        )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
