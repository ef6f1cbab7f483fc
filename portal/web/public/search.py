"""The search. It counts what it shows and nothing else, so that no number hints at what is not public."""

from urllib.parse import urlencode

from flask import render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.outlets.public_release import in_list
from portal.storage.queries import searching
from portal.storage.queries.cursors import read_cursor
from portal.text.search_words import asked_words
from portal.web.access import access, now, portal
from portal.web.public import blueprint, pages
from portal.web.public.answers import public_answer
from portal.web.public.pages import LIST_PAGE, Shown


@blueprint.get("/search")
@access("anyone")
def search() -> Response:
    asked, after = pages.question(request.args.get("q", "")), request.args.get("after", "")
    with portal().database.reading() as session:
        body = render_template("public/search.html", **_shown(session, asked, after))
        return public_answer(session, now(), body)


def _shown(session: Session, asked: str, after: str) -> Shown:
    words = asked_words(asked)
    hits = searching.search(session, now(), words, after=after, size=LIST_PAGE)
    further = read_cursor(after) is not None
    return {
        "asked": asked,
        "can_look": bool(words),
        "one_word": len(words) == 1,
        "found_words": _found_words(len(hits.releases), more=bool(hits.next), further=further),
        "releases": [in_list(release) for release in hits.releases],
        "next_url": _address(asked, hits.next) if hits.next else "",
        "first_url": _address(asked, "") if further else "",
    }


def _found_words(count: int, *, more: bool, further: bool) -> str:
    """`4 releases`, `The newest 30 releases`, `Older releases`: exact as far as was looked."""
    if further:
        return "Older releases"
    if more:
        return f"The newest {count} releases"
    return {0: "Nothing found", 1: "1 release"}.get(count, f"{count} releases")


def _address(asked: str, after: str) -> str:
    return "/search?" + urlencode({"q": asked, **({"after": after} if after else {})})
