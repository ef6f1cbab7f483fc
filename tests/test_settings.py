"""Settings: every name is accepted, wrong ones are explained, and production starts only when it is safe."""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from dataclasses import fields
from datetime import time
from pathlib import Path

import pytest

from portal.settings import Settings, SettingsRefused, load_settings, setting_names, shown_value
from portal.settings.sources import WITHOUT_EFFECT_YET
from tests.rigs import signing_keys

ROOT = Path(__file__).parents[1]
GOOD_SECRET = "kP3-vR8sTq1_Zx7mWb5nYc2dLf9gHj4aQe6u"
SAFE: Mapping[str, str] = {
    "PORTAL_SECRET_KEY": GOOD_SECRET,
    "PORTAL_BASE_URL": "https://press.example.org",
    "PORTAL_MAIL_URL": "smtps://post:word@mail.example.org:465",
    "PORTAL_MAIL_FROM": "Press desk <press@example.org>",
}
EVERY_NAME: Mapping[str, str] = {
    **SAFE,
    "PORTAL_ENV": "development",
    "PORTAL_SITE_NAME": "Harbour Gazette",
    "PORTAL_BIND": "127.0.0.1:8123",
    "PORTAL_INSTANCE_PATH": "elsewhere",
    "PORTAL_DATABASE_URL": "postgresql://desk@db.example.org/press",
    "PORTAL_REDIS_URL": "redis://:word@redis.example.org:6379/0",
    "PORTAL_STORAGE_URL": "s3://bucket/press",
    "PORTAL_TIMEZONE": "Asia/Yangon",
    "PORTAL_REFERENCE_PREFIX": "HG",
    "PORTAL_PROMISE_HOURS": "2",
    "PORTAL_DESK_HOURS": "Mo-Fr 08:00-18:00",
    "PORTAL_DUTY_EMAIL": "duty@example.org",
    "PORTAL_MIN_SCHEDULE_MINUTES": "5",
    "PORTAL_MIN_EMBARGO_MINUTES": "60",
    "PORTAL_CLAIM_MINUTES": "30",
    "PORTAL_MAIL_HOLD_MINUTES": "0",
    "PORTAL_CHANGES_DUE_DAYS": "7",
    "PORTAL_DIGEST_AT": "07:30",
    "PORTAL_DIGEST_EMPTY": "send",
    "PORTAL_MAIL_RATE": "20",
    "PORTAL_MAIL_KEY": "a-key-of-its-own",
    "PORTAL_DKIM_KEY": "keys/dkim.pem",
    "PORTAL_DKIM_SELECTOR": "press",
    "PORTAL_UNSUBSCRIBE_MAILBOX": "leave@example.org",
    "PORTAL_ALLOWED_HOSTS": "press.example.org, www.example.org",
    "PORTAL_PROXY_HOPS": "1",
    "PORTAL_METRICS_TOKEN": "numbers",
    "PORTAL_PAGE_CACHE_MB": "16",
    "PORTAL_DRAIN_SECONDS": "9",
    "PORTAL_LOGIN_LIMITS": "off",
    "PORTAL_TEST_CLOCK": "instance/clock",
    "PORTAL_TEST_CLOCK_JUMPS": "1",
}


def problems_of(environ: Mapping[str, str], root: Path) -> tuple[str, ...]:
    with pytest.raises(SettingsRefused) as refused:
        load_settings(environ, root)
    return refused.value.problems


def test_every_name_is_accepted_and_says_where_it_came_from(tmp_path: Path) -> None:
    write_key(tmp_path)

    settings = load_settings(EVERY_NAME, tmp_path)

    assert set(setting_names().values()) == set(EVERY_NAME)
    assert set(settings.sources.values()) == {"environment"}
    assert settings.promise_hours == 2
    assert settings.digest_at == time(7, 30)
    assert settings.allowed_hosts == ("press.example.org", "www.example.org")
    assert settings.zone.key == "Asia/Yangon"
    assert settings.test_clock == tmp_path / "instance/clock"
    assert settings.login_limits is False
    assert settings.database_url == "postgresql+psycopg://desk@db.example.org/press"
    assert settings.storage_folder is None
    assert settings.mail_folder is None


def test_nothing_set_in_development_gives_the_documented_defaults(tmp_path: Path) -> None:
    settings = load_settings({"PORTAL_ENV": "development"}, tmp_path)
    instance = tmp_path / "instance"

    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.database_url == f"sqlite:///{instance}/portal.sqlite3"
    assert settings.storage_folder == instance / "storage"
    assert settings.mail_folder == instance / "mail"
    assert settings.allowed_hosts == ("127.0.0.1", "localhost", "::1")
    assert settings.redis_is_embedded is True
    assert (settings.promise_hours, settings.mail_hold_minutes, settings.changes_due_days) == (4, 10, 14)
    assert (settings.min_schedule_minutes, settings.min_embargo_minutes, settings.claim_minutes) == (
        15,
        120,
        20,
    )
    assert (settings.timezone, settings.reference_prefix, settings.digest_empty) == (
        "Asia/Singapore",
        "SEAP",
        "skip",
    )


def test_an_empty_value_counts_as_not_set(tmp_path: Path) -> None:
    settings = load_settings({"PORTAL_ENV": "development", "PORTAL_TIMEZONE": ""}, tmp_path)

    assert (settings.timezone, settings.sources["timezone"]) == ("Asia/Singapore", "default")


def test_a_development_portal_at_an_ipv6_address_is_asked_for_by_a_name_that_it_takes(tmp_path: Path) -> None:
    settings = load_settings({"PORTAL_ENV": "development", "PORTAL_BIND": "[::1]:8000"}, tmp_path)

    assert settings.base_url == "http://localhost:8000"
    assert (settings.bind_host, settings.bind_port) == ("::1", 8000)


def test_the_file_is_read_and_the_environment_wins_over_it(tmp_path: Path) -> None:
    write_file(
        tmp_path,
        'PORTAL_ENV = "development"\nPORTAL_PROMISE_HOURS = 6\nPORTAL_LOGIN_LIMITS = false\nPORTAL_TIMEZONE = "Asia/Manila"\n',
    )

    settings = load_settings({"PORTAL_TIMEZONE": "Asia/Jakarta"}, tmp_path)

    assert (settings.promise_hours, settings.sources["promise_hours"]) == (6, "instance/portal.toml")
    assert settings.login_limits is False
    assert (settings.timezone, settings.sources["timezone"]) == ("Asia/Jakarta", "environment")


def test_the_signing_key_is_a_path_or_the_key_itself(tmp_path: Path) -> None:
    pem = write_key(tmp_path)
    base = {"PORTAL_ENV": "development", "PORTAL_DKIM_SELECTOR": "press"}
    given = ("keys/dkim.pem", str(tmp_path / "keys/dkim.pem"), pem, pem.replace("\n", "\\n"))

    read = [load_settings({**base, "PORTAL_DKIM_KEY": each}, tmp_path).dkim_key for each in given]

    assert read == [pem] * 4
    assert shown_value(load_settings({**base, "PORTAL_DKIM_KEY": pem}, tmp_path), "dkim_key") == (
        "(set, not shown)"
    )


def test_a_signing_key_that_cannot_be_used_stops_the_start_and_says_what_to_do(tmp_path: Path) -> None:
    pem = write_key(tmp_path)
    (tmp_path / "notes.txt").write_text("no key")
    base = {"PORTAL_ENV": "development", "PORTAL_DKIM_SELECTOR": "press"}

    def said(key: str, **more: str) -> str:
        return problems_of({**base, "PORTAL_DKIM_KEY": key, **more}, tmp_path)[0]

    assert "names a file that cannot be read (No such file or directory). Set it to" in said("keys/none.pem")
    assert "holds no PEM. Make one with: openssl genrsa" in said("notes.txt")
    assert "holds a private key that is cut off" in said(pem.replace(pem.splitlines()[3], ""))
    assert "without a password" in said(pem.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"))
    assert "without a password" in said(pem.replace("PRIVATE KEY", "PUBLIC KEY"))
    assert said(pem, PORTAL_DKIM_SELECTOR="") == (
        "PORTAL_DKIM_SELECTOR is missing. Set it to the name under which the public half of PORTAL_DKIM_KEY "
        "stands in the DNS, such as portal2026."
    )
    assert "must be a name in the DNS" in said(pem, PORTAL_DKIM_SELECTOR="two words")


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    write_file(tmp_path, "PORTAL_ENV = \n")

    assert f"{tmp_path}/instance/portal.toml cannot be read" in problems_of({}, tmp_path)[0]


@pytest.mark.parametrize("where", ["environment", "instance/portal.toml"])
def test_an_unknown_name_is_an_error_that_names_the_nearest(tmp_path: Path, where: str) -> None:
    environ = {"PORTAL_ENV": "development"}
    if where == "environment":
        environ["PORTAL_TIMEZON"] = "Asia/Manila"
    else:
        write_file(tmp_path, 'PORTAL_TIMEZON = "Asia/Manila"\n')

    assert problems_of(environ, tmp_path) == (
        f"PORTAL_TIMEZON ({where}) is no setting of the portal. Did you mean PORTAL_TIMEZONE?",
    )


@pytest.mark.parametrize("name", sorted(WITHOUT_EFFECT_YET))
def test_a_promised_name_that_has_no_effect_yet_is_taken_and_listed(tmp_path: Path, name: str) -> None:
    environ = {"PORTAL_ENV": "development", name: "anything"}
    listed = (Path(__file__).parents[1] / "docs" / "settings.md").read_text(encoding="utf-8")

    assert load_settings(environ, tmp_path).env == "development"
    assert f"`{name}`" in listed
    assert name not in setting_names().values()


def test_names_of_other_programs_are_left_alone(tmp_path: Path) -> None:
    settings = load_settings({"PORTAL_ENV": "development", "HOME": "/root", "PORT": "1"}, tmp_path)

    assert settings.bind == "127.0.0.1:8000"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("TIMEZONE", "Asia/Atlantis", "must be an IANA time zone such as Asia/Singapore, not 'Asia/Atlantis'."),
        ("TIMEZONE", "../etc/passwd", "must be an IANA time zone such as Asia/Singapore, not '../etc/passwd'."),
        ("PROMISE_HOURS", "soon", "must be a whole number of hours, 1 or more, not 'soon'."),
        ("PROMISE_HOURS", "0", "must be a whole number of hours, 1 or more, not '0'."),
        ("PROXY_HOPS", "-1", "must be a whole number of proxies, 0 or more, not '-1'."),
        ("BIND", "8000", "must be an address and a port such as 127.0.0.1:8000, not '8000'."),
        ("BIND", "127.0.0.1:99999", "must be an address and a port such as 127.0.0.1:8000, not '127.0.0.1:99999'."),
        ("DIGEST_AT", "25:00", "must be a time of day such as 06:00, not '25:00'."),
        ("DESK_HOURS", "nine to five", "must be hours such as Mo-Fr 08:00-18:00, Sa 09:00-13:00, or always, not 'nine to five'."),
        ("DIGEST_EMPTY", "maybe", "must be skip or send, not 'maybe'."),
        ("LOGIN_LIMITS", "perhaps", "must be on or off, not 'perhaps'."),
        ("ENV", "staging", "must be production or development, not 'staging'."),
        ("MAIL_FROM", "desk", "must be one mail address such as press@example.org, not 'desk'."),
        ("REFERENCE_PREFIX", "a-b", "must be two to eight capital letters such as SEAP, not 'a-b'."),
        ("DATABASE_URL", "mysql://u:hidden@h/d", "must begin with sqlite: or postgresql: or postgres: or postgresql+psycopg:."),
        ("MAIL_URL", "imap://u:hidden@h", "must begin with file: or smtp: or smtps:."),
        ("REDIS_URL", "http://h", "must begin with redis: or rediss: or unix:."),
        ("STORAGE_URL", "ftp://h", "must be a folder, or begin with s3:."),
        ("BASE_URL", "press.example.org", "must be an address without a path, such as https://press.example.org, not 'press.example.org'."),
    ],
)  # fmt: skip
def test_an_unreadable_value_gets_a_sentence(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    environ = {**SAFE, f"PORTAL_{name}": value}

    assert f"PORTAL_{name} (environment) {sentence}" in problems_of(environ, tmp_path)


def test_production_starts_with_safe_settings(tmp_path: Path) -> None:
    settings = load_settings(SAFE, tmp_path)

    assert settings.is_production is True
    assert settings.is_https is True
    assert settings.allowed_hosts == ("press.example.org",)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "beginning"),
    [
        ({"PORTAL_SECRET_KEY": ""}, "PORTAL_SECRET_KEY is missing."),
        ({"PORTAL_SECRET_KEY": "kP3-vR8sTq1_Zx7mWb5n"}, "PORTAL_SECRET_KEY is too short"),
        ({"PORTAL_SECRET_KEY": "changeme-changeme-changeme-changeme"}, "PORTAL_SECRET_KEY is well known"),
        ({"PORTAL_SECRET_KEY": "x" * 40}, "PORTAL_SECRET_KEY is well known"),
        (
            {"PORTAL_SECRET_KEY": "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf"},
            "PORTAL_SECRET_KEY is well known",
        ),
        ({"PORTAL_BASE_URL": "http://press.example.org"}, "PORTAL_BASE_URL must begin with https://."),
        ({"PORTAL_BASE_URL": ""}, "PORTAL_BASE_URL must begin with https://."),
        ({"PORTAL_MAIL_FROM": ""}, "PORTAL_MAIL_FROM is missing."),
        ({"PORTAL_MAIL_URL": "file:"}, "PORTAL_MAIL_URL keeps mails in files"),
        ({"PORTAL_MAIL_URL": ""}, "PORTAL_MAIL_URL keeps mails in files"),
        ({"PORTAL_TEST_CLOCK": "clock"}, "PORTAL_TEST_CLOCK and PORTAL_TEST_CLOCK_JUMPS are for tests."),
        ({"PORTAL_TEST_CLOCK_JUMPS": "1"}, "PORTAL_TEST_CLOCK and PORTAL_TEST_CLOCK_JUMPS are for tests."),
        ({"PORTAL_LOGIN_LIMITS": "off"}, "PORTAL_LOGIN_LIMITS=off lets anyone guess passwords."),
        (
            {"PORTAL_REDIS_URL": "redis://redis.example.org:6379/0"},
            "PORTAL_REDIS_URL reaches Redis over the network",
        ),
        (
            {"PORTAL_REDIS_URL": "rediss://desk@redis.example.org/0"},
            "PORTAL_REDIS_URL reaches Redis over the network",
        ),
    ],
)
def test_production_refuses_what_is_unsafe(tmp_path: Path, change: Mapping[str, str], beginning: str) -> None:
    [problem] = problems_of({**SAFE, **change}, tmp_path)

    assert problem.startswith(beginning)


@pytest.mark.parametrize("url", ["redis://:word@h:6379/0", "redis://desk:word@h/0", "unix:///run/redis.sock"])
def test_production_accepts_guarded_redis(tmp_path: Path, url: str) -> None:
    assert load_settings({**SAFE, "PORTAL_REDIS_URL": url}, tmp_path).redis_url == url


def test_production_names_every_problem_at_once(tmp_path: Path) -> None:
    environ = {
        "PORTAL_LOGIN_LIMITS": "off",
        "PORTAL_TEST_CLOCK": "c",
        "PORTAL_REDIS_URL": "redis://h",
        "PORTAL_NAME": "x",
    }

    assert len(problems_of(environ, tmp_path)) == 8


def test_a_refusal_never_shows_a_secret_or_a_password(tmp_path: Path) -> None:
    environ = {"PORTAL_SECRET_KEY": "hunter2hunter2", "PORTAL_MAIL_URL": "imap://desk:hunter2@h"}

    with pytest.raises(SettingsRefused) as refused:
        load_settings(environ, tmp_path)

    assert re.findall("hunter2", str(refused.value)) == []


def test_commands_on_a_development_machine_are_told_what_is_missing(tmp_path: Path) -> None:
    load_settings({"PORTAL_ENV": "development"}, tmp_path)

    assert problems_of({}, tmp_path)[-1] == (
        "This folder is a development machine's (`make run`). For its commands set PORTAL_ENV=development."
    )


@pytest.mark.parametrize("bind", ["0.0.0.0:8000", "192.0.2.7:80", "[::]:8000", "press.example.org:80"])
def test_development_binds_to_loopback_only(tmp_path: Path, bind: str) -> None:
    [problem] = problems_of({"PORTAL_ENV": "development", "PORTAL_BIND": bind}, tmp_path)

    assert problem.startswith(f"PORTAL_BIND={bind} would open a development portal to the network.")


def test_development_makes_its_secret_once_and_keeps_it_private(tmp_path: Path) -> None:
    first = load_settings({"PORTAL_ENV": "development"}, tmp_path)
    second = load_settings({"PORTAL_ENV": "development"}, tmp_path)
    kept = tmp_path / "instance/secret-key"

    assert (first.secret_key, first.mail_key) == (second.secret_key, second.mail_key)
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "instance").iterdir()] == ["secret-key"]


def test_an_empty_secret_file_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance/secret-key").touch()

    assert len(load_settings({"PORTAL_ENV": "development"}, tmp_path).secret_key) >= 32


def test_the_mail_key_is_not_the_secret_itself_and_can_be_set(tmp_path: Path) -> None:
    derived = load_settings(SAFE, tmp_path)
    set_apart = load_settings({**SAFE, "PORTAL_MAIL_KEY": "a-key-of-its-own"}, tmp_path)

    assert derived.mail_key not in ("", derived.secret_key)
    assert derived.sources["mail_key"] == "derived from PORTAL_SECRET_KEY"
    assert set_apart.mail_key == "a-key-of-its-own"


def test_relative_paths_start_at_the_root_wherever_the_program_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    environ = {
        "PORTAL_ENV": "development",
        "PORTAL_DATABASE_URL": "sqlite:///data/press.sqlite3",
        "PORTAL_STORAGE_URL": "files",
        "PORTAL_MAIL_URL": "file:post",
        "PORTAL_INSTANCE_PATH": "here",
    }

    settings = load_settings(environ, tmp_path)

    assert settings.database_url == f"sqlite:///{tmp_path}/data/press.sqlite3"
    assert settings.storage_folder == tmp_path / "files"
    assert settings.mail_folder == tmp_path / "post"
    assert settings.instance_path == tmp_path / "here"


def test_the_socket_lies_beside_the_data_where_its_path_is_short(tmp_path: Path) -> None:
    short = tmp_path / "p"
    settings = load_settings({"PORTAL_ENV": "development"}, short)

    assert settings.redis_socket_path == short / "instance/redis.sock"
    assert settings.redis_url == f"unix://{short}/instance/redis.sock"


def test_the_socket_moves_to_a_short_path_of_its_own_where_the_path_is_long(tmp_path: Path) -> None:
    long = tmp_path / ("a-very-long-folder-name-" * 4)
    other = tmp_path / ("another-very-long-folder-name-" * 4)
    settings = load_settings({"PORTAL_ENV": "development"}, long)
    neighbour = load_settings({"PORTAL_ENV": "development"}, other)

    assert len(str(settings.redis_socket_path)) <= 100
    assert settings.redis_socket_path != neighbour.redis_socket_path
    assert settings.redis_socket_path == load_settings({"PORTAL_ENV": "development"}, long).redis_socket_path


def test_secrets_and_passwords_are_not_shown(tmp_path: Path) -> None:
    write_key(tmp_path)
    settings = load_settings(EVERY_NAME, tmp_path)
    shown = " ".join(shown_value(settings, attribute) for attribute in setting_names())

    assert [
        word
        for word in (GOOD_SECRET, "a-key-of-its-own", ":word@", "numbers")
        if word in shown + repr(settings)
    ] == []
    assert shown_value(settings, "mail_url") == "smtps://post:(not shown)@mail.example.org:465"


def test_every_setting_is_documented() -> None:
    documented = set(
        re.findall(r"^\| `(PORTAL_[A-Z_]+)`", (ROOT / "docs/settings.md").read_text("utf-8"), re.MULTILINE)
    )

    assert documented == set(setting_names().values())


def test_every_number_stands_in_the_documentation_as_it_is() -> None:
    page = (ROOT / "docs/settings.md").read_text("utf-8")
    documented = dict(re.findall(r"^\| `PORTAL_([A-Z_]+)` \| `([0-9]+)` \|", page, re.MULTILINE))
    numbers = {each.name.upper(): str(each.default) for each in fields(Settings) if type(each.default) is int}

    assert len(numbers) > 5
    assert documented == numbers


def test_every_attribute_is_a_setting_or_says_where_they_came_from() -> None:
    assert {each.name for each in fields(Settings)} - set(setting_names()) == {"root", "sources"}


def write_key(root: Path) -> str:
    (root / "keys").mkdir()
    (root / "keys/dkim.pem").write_text(signing_keys.pem() + "\n")
    return signing_keys.pem()


def write_file(root: Path, content: str) -> None:
    (root / "instance").mkdir()
    (root / "instance/portal.toml").write_text(content, encoding="utf-8")
