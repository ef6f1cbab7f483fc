"""`/newsletter/issues/<date>`: an issue on the site. It names what is public now: a kill is obeyed on the next request."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.outlets.public_release import PublicRelease, in_list
from portal.outlets.removed_release import removed
from portal.rules import digest as rules
from portal.rules.kinds import KINDS
from portal.rules.refusals import NotFound
from portal.storage.queries import public_releases
from portal.storage.queries.newsletter import digests
from portal.storage.tables import DigestIssue
from portal.web.access import access, now, portal
from portal.web.newsletter import blueprint
from portal.web.public.answers import public_answer


@blueprint.get("/issues/<on>")
@access("anyone")
def issue(on: str) -> Response:
    with portal().database.reading() as session:
        found = digests.by_date(session, on) if _is_date(on) else None
        if found is None or found.queued_at is None:
            raise NotFound
        body = render_template("newsletter/issue.html", **_shown(session, found))
        return public_answer(session, now(), body)


def _shown(session: Session, found: DigestIssue) -> dict[str, Any]:
    contents = rules.in_order(found.contents, found.chosen_order)
    rows = public_releases.listed(session, now(), {each["release_id"] for each in contents})
    public = {row.id: in_list(row) for row in rows}
    tombstones = digests.tombstones(
        session, (each["reference"] for each in contents if each["release_id"] not in public)
    )
    news = [each for each in contents if each["section"] == rules.NEWS]
    shown = [public[each["release_id"]] for each in news if each["release_id"] in public]
    lead = next((each for each in shown if not each.banner), None)
    return {
        "day": date.fromisoformat(found.date),
        "intro": found.intro,
        "late": found.late,
        "had_contents": bool(contents or found.afterwards),
        "lead": lead,
        "sections": _sections([each for each in shown if each is not lead]),
        "ahead": [
            public[each["release_id"]]
            for each in contents
            if each["section"] == rules.AHEAD and each["release_id"] in public
        ],
        "retracted": [removed(tombstone) for tombstone in tombstones.values()],
    }


def _sections(shown: list[PublicRelease]) -> list[tuple[str, list[PublicRelease]]]:
    grouped = ((kind.plural, [each for each in shown if each.kind == name]) for name, kind in KINDS.items())
    return [(name, releases) for name, releases in grouped if releases]


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
