"""Is there anything yet?"""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.storage.tables import Release, User


def is_empty(session: Session) -> bool:
    """No user and no release was ever made here."""
    return not session.scalar(select(exists().select_from(User) | exists().select_from(Release)))
