"""Finding organisations, and those that could be taken for another."""

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from portal.rules.refusals import Winner
from portal.storage.tables import AccountEvent, Decision, Edition, Membership, Organisation, Release, User


def by_slug(session: Session, slug: str) -> Organisation | None:
    return session.scalars(select(Organisation).where(Organisation.slug == slug)).one_or_none()


def by_name_key(session: Session, name_key: str) -> Organisation | None:
    """The oldest organisation of that name."""
    statement = (
        select(Organisation).where(Organisation.name_key == name_key).order_by(Organisation.id).limit(1)
    )
    return session.scalars(statement).one_or_none()


def slugs_like(session: Session, slug: str) -> frozenset[str]:
    """The slugs that begin like this one."""
    return frozenset(
        session.scalars(select(Organisation.slug).where(Organisation.slug.startswith(slug, autoescape=True)))
    )


def older_twin(session: Session, organisation: Organisation) -> tuple[Organisation, str] | None:
    """An organisation with confirmed people that had the name or the web domain first, and which of the two."""
    same = {"name": Organisation.name_key == organisation.name_key}
    if organisation.domain:
        same["domain"] = Organisation.domain == organisation.domain
    for what, condition in same.items():
        found = session.scalars(_first_other(organisation, condition)).one_or_none()
        if found is not None:
            return found, what
    return None


def active_membership(session: Session, organisation_id: int, membership_id: int) -> Membership | None:
    statement = select(Membership).where(
        Membership.id == membership_id,
        Membership.organisation_id == organisation_id,
        Membership.removed_at.is_(None),
    )
    return session.scalars(statement).one_or_none()


def last_change(session: Session, organisation_id: int) -> Winner | None:
    """Who changed the organisation page last, and when."""
    statement = (
        select(User.name, AccountEvent.fact, AccountEvent.at, User.id)
        .join(User, User.id == AccountEvent.actor_id)
        .where(AccountEvent.organisation_id == organisation_id, AccountEvent.fact == "organisation_changed")
        .order_by(AccountEvent.id.desc())
        .limit(1)
    )
    found = session.execute(statement).one_or_none()
    return Winner(*found) if found else None


def is_owner(session: Session, user_id: int, organisation_id: int) -> bool:
    """Is this user an owner now, and not blocked?"""
    statement = exists().where(
        Membership.user_id == user_id,
        Membership.organisation_id == organisation_id,
        Membership.role == "owner",
        Membership.removed_at.is_(None),
        User.id == Membership.user_id,
        User.blocked_at.is_(None),
    )
    return bool(session.scalar(select(statement)))


def has_approved_release(session: Session, organisation_id: int) -> bool:
    """Has an editor approved something of theirs, and has it not been taken back?"""
    statement = exists().where(
        Release.organisation_id == organisation_id,
        Edition.release_id == Release.id,
        Decision.edition_id == Edition.id,
        Decision.outcome == "approve",
        Decision.undone_at.is_(None),
    )
    return bool(session.scalar(select(statement)))


def _first_other(organisation: Organisation, condition: ColumnElement[bool]) -> Select[Organisation]:
    has_people = exists().where(
        Membership.organisation_id == Organisation.id,
        User.id == Membership.user_id,
        User.confirmed_at.is_not(None),
    )
    return (
        select(Organisation)
        .where(condition, Organisation.id != organisation.id, has_people)
        .order_by(Organisation.id)
        .limit(1)
    )
