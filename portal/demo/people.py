"""The people of the demo story: the desk first, then each organisation with its members and its page."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from portal.actions.accounts import organisations, users
from portal.actions.accounts.users import NewUser
from portal.demo.reading import offset
from portal.demo.stage import Act, Stage
from portal.storage.queries import people

HOUR = timedelta(hours=1)
OPENED = timedelta(days=-40)  # when the desk opened, before the first organisation came
SIGNS = "23456789abcdefghjkmnpqrstvwxyz"
MEMBER_TO_TRY = "meiyee@telukseroja.example"  # her desk shows the most states
ROLES_TO_TRY = {"editor": "priya", "senior": "daniel", "admin": "siti"}


@dataclass(frozen=True)
class Login:
    """Somebody as whom one can try the portal."""

    role: str
    email: str
    password: str


def logins(stage: Stage) -> list[Login]:
    """One of each role, with passwords made for this loading."""
    staff = {role: stage.desk[key]["email"] for role, key in ROLES_TO_TRY.items()}
    return [Login(role, email, _password()) for role, email in {"member": MEMBER_TO_TRY, **staff}.items()]


def arrivals(stage: Stage, tried: list[Login]) -> list[Act]:
    """Everybody appears. Only those whose login is handed out get a password, as each costs a slow hash."""
    passwords = {login.email: login.password for login in tried}
    desk = [
        _arrival(
            stage,
            OPENED,
            NewUser(each["email"], each["name"], each["role"], "", passwords.get(each["email"])),
        )
        for each in stage.desk.values()
    ]
    return desk + [act for house in stage.organisations.values() for act in _house(stage, house, passwords)]


def _house(stage: Stage, house: Mapping[str, Any], passwords: Mapping[str, str]) -> list[Act]:
    """Its owner comes first, writes its page, and an hour later the other member follows."""
    joined = offset(house["joined"])
    members = [
        NewUser(each["email"], each["name"], "member", house["name"], passwords.get(each["email"]))
        for each in house["members"]
    ]
    came = [_arrival(stage, joined + hours * HOUR, member) for hours, member in enumerate(members)]
    return [*came, Act(joined + HOUR / 3, partial(_write_page, stage, house))]


def _arrival(stage: Stage, at: timedelta, wanted: NewUser) -> Act:
    return Act(at, lambda now: users.create_user(stage.portal, wanted, now=now))


def _write_page(stage: Stage, house: Mapping[str, Any], now: datetime) -> None:
    """The owner writes what stands under About."""
    owner = stage.person(house["members"][0]["email"])
    with stage.portal.database.reading() as session:
        page = people.organisations_of(session, owner.id)[0]
    organisations.change_page(
        stage.portal,
        owner,
        page.slug,
        about=house["about"],
        website=house["website"],
        version=page.version,
        now=now,
    )


def _password() -> str:
    """Twenty signs that cannot be mistaken for one another."""
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(5)) for _ in range(4))
