"""`/newsletter/issues/`: the letters that went out, each by what of it is public now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.outlets.public_release import PublicRelease, in_list
from portal.rules import digest as rules
from portal.storage.queries import public_releases
from portal.storage.queries.cursors import cursor, read_cursor
from portal.storage.queries.newsletter import digests
from portal.storage.tables import DigestIssue
from portal.web.access import access, now, portal
from portal.web.newsletter import blueprint
from portal.web.public.answers import public_answer

HERE = "/newsletter/issues/"
PAGE = 30


@dataclass(frozen=True)
class PastLetter:
    """One letter of the list: its first release that is public now, and how many more are."""

    day: date
    lead: PublicRelease | None
    more: int


@blueprint.get("/issues/")
@access("anyone")
def past_issues() -> Response:
    after = request.args.get("after", "")
    with portal().database.reading() as session:
        found = digests.that_went_out(session, read_cursor(after), PAGE)
        shown = found[:PAGE]
        further = cursor(shown[-1].due_at, shown[-1].id) if len(found) > PAGE else ""
        body = render_template(
            "newsletter/past_issues.html",
            letters=_letters(session, [issue for issue in shown if issue.contents or issue.afterwards]),
            next_url=f"{HERE}?after={further}" if further else "",
            first_url=HERE if read_cursor(after) else "",
            canonical=f"{HERE}?after={after}" if read_cursor(after) else HERE,
        )
        return public_answer(session, now(), body)


def _letters(session: Session, issues: list[DigestIssue]) -> list[PastLetter]:
    """In two statements, however many letters there are. What was killed or taken down is neither named nor counted."""
    named = {issue.id: _news(issue) for issue in issues}
    visible = public_releases.visible_among(session, {each for ids in named.values() for each in ids}, now())
    standing = {key: [each for each in ids if each in visible] for key, ids in named.items()}
    rows = public_releases.listed(session, now(), {ids[0] for ids in standing.values() if ids})
    leads = {row.id: in_list(row) for row in rows}
    return [_letter(issue, standing[issue.id], leads) for issue in issues]


def _letter(issue: DigestIssue, standing: list[int], leads: dict[int, PublicRelease]) -> PastLetter:
    lead = leads.get(standing[0]) if standing else None
    return PastLetter(date.fromisoformat(issue.date), lead, max(len(standing) - 1, 0))


def _news(issue: DigestIssue) -> list[int]:
    contents = rules.in_order(issue.contents, issue.chosen_order)
    return [each["release_id"] for each in contents if each["section"] == rules.NEWS]
