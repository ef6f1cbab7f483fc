"""People for tests of accounts: made through the actions, with the links that their mails would carry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from portal.actions.accounts import logging_in, passwords, registering
from portal.actions.accounts.sessions import Visit
from portal.actions.portal import Portal
from portal.rules.permissions import Person
from portal.rules.tokens import token_for
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.queries import people
from portal.storage.tables import AccountEvent, Organisation, Outbox, SingleUseToken, User

NOW = datetime(2026, 3, 24, 3, 20, tzinfo=UTC)
PASSWORD = "purple kettle walks north"
HOME = Visit("Firefox on Linux", "home")
ELSEWHERE = Visit("Chrome on Android", "elsewhere")


class StandingClock:
    """Stands still until a test moves it."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)


def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords cost a thousandth: what a hash costs is measured by one test, not paid by all."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr(passwords, "_nobodys_hash", passwords._nobodys_hash.__wrapped__)


class People:
    """What a test of accounts does and looks at again and again."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.portal = Portal(database, settings)

    def registered(
        self,
        email: str = "dewi@selat.example",
        *,
        organisation: str = "Selat Biru Ferries",
        website: str = "",
        name: str = "Dewi Anggraini",
        password: str = PASSWORD,
        visit: Visit = HOME,
        now: datetime = NOW,
    ) -> None:
        registering.register(
            self.portal,
            name=name,
            email=email,
            password=password,
            organisation=organisation,
            website=website,
            visit=visit,
            now=now,
        )

    def member(self, email: str = "dewi@selat.example", **more: Any) -> Person:
        """Registered and confirmed."""
        self.registered(email, **more)
        registering.confirm(self.portal, self.link("confirm"), now=NOW)
        return self.person(email)

    def person(self, email: str) -> Person:
        with self.portal.database.reading() as session:
            user = people.by_email(session, email)
            assert user is not None
            return people.person(session, user)

    def user(self, email: str = "dewi@selat.example") -> User:
        with self.portal.database.reading() as session:
            user = people.by_email(session, email)
            assert user is not None
            return user

    def organisation(self, slug: str) -> Organisation:
        with self.portal.database.reading() as session:
            return session.scalars(select(Organisation).where(Organisation.slug == slug)).one()

    def link(self, purpose: str) -> str:
        """The token that the newest mail of this purpose would carry."""
        with self.portal.database.reading() as session:
            row = session.scalars(
                select(SingleUseToken)
                .where(SingleUseToken.purpose == purpose)
                .order_by(SingleUseToken.id.desc())
                .limit(1)
            ).one()
        return token_for(self.portal.settings.mail_key, purpose, row.id, row.nonce)

    def facts(self) -> list[str]:
        """What the account events say, the oldest first."""
        with self.portal.database.reading() as session:
            return list(session.scalars(select(AccountEvent.fact).order_by(AccountEvent.id)))

    def told(self) -> list[str]:
        """Facts that somebody is mailed about, the oldest first."""
        with self.portal.database.reading() as session:
            return list(session.scalars(select(Outbox.fact).order_by(Outbox.id)))

    def log_in(
        self,
        email: str = "dewi@selat.example",
        password: str = PASSWORD,
        *,
        visit: Visit = HOME,
        now: datetime = NOW,
        slept: list[float] | None = None,
    ) -> str:
        """The token of a new session. `slept` collects how long the answer was held back."""
        waits = slept if slept is not None else []
        return logging_in.log_in(
            self.portal, email=email, password=password, visit=visit, now=now, sleep=waits.append
        ).token
