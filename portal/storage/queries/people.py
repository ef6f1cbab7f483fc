"""Finding people: for logins, for permissions, and for those who must be told."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.rules.permissions import ADMIN, DECIDERS, SENIOR, Person
from portal.storage.tables import Membership, Organisation, User


def active() -> ColumnElement[bool]:
    """Confirmed and not blocked."""
    return and_(User.confirmed_at.is_not(None), User.blocked_at.is_(None))


def belongs_to(organisation_id: InstrumentedAttribute[int] | int) -> ColumnElement[bool]:
    """The user of the statement around it is a member of this organisation."""
    return exists().where(
        Membership.user_id == User.id,
        Membership.organisation_id == organisation_id,
        Membership.removed_at.is_(None),
    )


def by_email(session: Session, email: str) -> User | None:
    return session.scalars(select(User).where(User.email == email)).one_or_none()


def locked(session: Session, user_id: int | None) -> User:
    """The user, whom nobody else changes until this transaction ends. The row must be there."""
    return session.get_one(User, user_id, with_for_update=True, populate_existing=True)


def person(session: Session, user: User) -> Person:
    """The user as the permission table sees them now: memberships are read anew at every asking."""
    return person_with_organisation(session, user)[0]


def person_with_organisation(session: Session, user: User) -> tuple[Person, str]:
    """The same, and the name of the organisation that was joined first; empty for none."""
    rows = session.execute(
        select(Membership.organisation_id, Membership.role, Organisation.name)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.user_id == user.id, Membership.removed_at.is_(None))
        .order_by(Membership.id)
    ).all()
    return person_of(user, [(row[0], row[1], row[2]) for row in rows])


def person_of(user: User, memberships: Sequence[tuple[int, str, str]]) -> tuple[Person, str]:
    """The same from memberships that are at hand: organisation, role and name of each, the first joined first."""
    found = Person(
        id=user.id,
        name=user.name,
        email=user.email,
        role=user.role,
        memberships=frozenset(number for number, _, _ in memberships),
        owned=frozenset(number for number, role, _ in memberships if role == "owner"),
    )
    return found, memberships[0][2] if memberships else ""


def name_of(session: Session, user_id: int | None) -> str:
    return session.scalar(select(User.name).where(User.id == user_id)) or ""


def active_senior_exists(session: Session) -> bool:
    return bool(session.scalar(select(senior_exists())))


def senior_exists() -> ColumnElement[bool]:
    """The same as a column."""
    return exists().where(User.role == SENIOR, active())


def editors(session: Session, *, not_of_organisation: int | None = None) -> Sequence[User]:
    """Active editors and seniors, without those who belong to the organisation in question."""
    statement = select(User).where(User.role.in_(DECIDERS), active()).order_by(User.id)
    if not_of_organisation is not None:
        statement = statement.where(~belongs_to(not_of_organisation))
    return session.scalars(statement).all()


def administrators(session: Session) -> Sequence[User]:
    return session.scalars(select(User).where(User.role == ADMIN, active()).order_by(User.id)).all()


def members(session: Session, organisation_id: int) -> Sequence[Membership]:
    """Active memberships, owners first."""
    statement = (
        select(Membership)
        .where(Membership.organisation_id == organisation_id, Membership.removed_at.is_(None))
        .order_by(Membership.role.desc(), Membership.id)
    )
    return session.scalars(statement).all()


def organisations_of(session: Session, user_id: int) -> Sequence[Organisation]:
    """The organisations that a user acts for, the first joined first."""
    statement = (
        select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == user_id, Membership.removed_at.is_(None))
        .order_by(Membership.id)
    )
    return session.scalars(statement).all()
