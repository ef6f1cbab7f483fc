"""The search. It counts what it shows and nothing else, so that no number hints at what is not public."""

import re
from urllib.parse import urlencode

from flask import render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.outlets.public_release import in_list
from portal.rules.search_terms import Term
from portal.storage.queries import searching
from portal.text.search_words import asked_terms
from portal.web.access import access, now, portal
from portal.web.public import asking, blueprint, pages
from portal.web.public.answers import public_answer
from portal.web.public.pages import LIST_PAGE, Shown

QUOTES = re.compile('["“”„‟«»「」『』＂]')


@blueprint.get("/search")
@access("anyone")
def search() -> Response:
    asked, after = pages.question(request.args.get("q", "")), request.args.get("after", "")
    with portal().database.reading() as session:
        body = render_template("public/search.html", **_shown(session, asked, after))
        return public_answer(session, now(), body)


def _shown(session: Session, asked: str, after: str) -> Shown:
    terms = asked_terms(asked)
    found = asking.ask(session, now(), terms, after, LIST_PAGE)
    page, further = found.page, searching.is_further(after)
    return {
        "asked": asked,
        "can_look": bool(terms),
        "words": len(terms),
        "held": found.held,
        "found_words": _found_words(len(page.releases), more=bool(page.next), further=further),
        "releases": [(in_list(release), found.missing.get(release.id, [])) for release in page.releases],
        "missing": found.missing_everywhere,
        "meant": [(word, _address(asked.replace(typed, word), "")) for typed, word in found.meant.items()],
        "in_any_order": _in_any_order(asked, terms) if found.held < len(terms) or not page.releases else "",
        "next_url": _address(asked, page.next) if page.next else "",
        "first_url": _address(asked, "") if further else "",
        "canonical": _address(asked, after if further else "") if terms else "/search",
    }


def _in_any_order(asked: str, terms: list[Term]) -> str:
    """The address of the same question without its marks, where it had any."""
    quoted = [term.typed for term in terms if term.typed.startswith("“") and len(term.typed.split()) > 1]
    return _address(QUOTES.sub(" ", asked).strip(), "") if quoted else ""


def _found_words(count: int, *, more: bool, further: bool) -> str:
    """`4 releases`, `The first 30 releases`, `More releases`: exact as far as was looked."""
    if further:
        return "More releases"
    if more:
        return f"The first {count} releases"
    return {0: "Nothing found", 1: "1 release"}.get(count, f"{count} releases")


def _address(asked: str, after: str) -> str:
    return "/search?" + urlencode({"q": asked, **({"after": after} if after else {})})
