"""What stands under the address of a release that was public: the notice of a kill, or 410 where it was taken down."""

from datetime import datetime
from email.utils import parseaddr

from flask import render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.outlets.public_release import in_list
from portal.outlets.removed_release import HEADING, REQUEST, removed
from portal.rules.refusals import NotFound
from portal.rules.release_states import KILLED
from portal.settings import Settings
from portal.storage.queries import public_releases, removal
from portal.storage.queries.public_releases import Filter, Tombstone
from portal.web.public.addresses import is_reference
from portal.web.public.answers import public_answer

MORE_NEWS = 3


def removed_answer(session: Session, now: datetime, reference: str, settings: Settings) -> Response:
    """The same for every slug, so that no slug is ever told. Raises NotFound where nothing was ever public."""
    stone = public_releases.tombstone(session, reference) if is_reference(reference) else None
    if stone is None:
        raise NotFound
    if stone.publication == KILLED:
        return public_answer(session, now, _notice(session, now, stone, settings))
    body = render_template("public/taken_down.html", reference=stone.reference, removed_at=stone.removed_at)
    return public_answer(session, now, body, status=410)


def _notice(session: Session, now: datetime, stone: Tombstone, settings: Settings) -> str:
    newest = public_releases.page(session, now, Filter(), size=MORE_NEWS)
    return render_template(
        "public/removed.html",
        release=removed(stone),
        heading=HEADING,
        request_to_readers=REQUEST,
        told=removal.told(session, stone.id, stone.removed_at),
        write_to=parseaddr(settings.duty_email)[1],
        more=[in_list(other) for other in newest[:MORE_NEWS]],
    )
