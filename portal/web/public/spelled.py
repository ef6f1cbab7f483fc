"""Public addresses as people and mail programs spell them: capitals, a slash too many, a comma that was glued on.

Each leads to the right one by a 301, and only where the right one is public: what is hidden answers 404 in every
spelling, as what was never made. Addresses with a token are left alone, because capitals count in them.
"""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote, urlencode

import regex
from flask import request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.outlets.public_release import whole
from portal.rules.kinds import KINDS
from portal.rules.reasons import REASONS
from portal.rules.refusals import NotFound
from portal.storage.queries import public_releases
from portal.text.slugs import slugify
from portal.web.access import now, portal
from portal.web.public import blueprint, feeds, pages
from portal.web.public.addresses import is_reference
from portal.web.public.answers import moved_for_good, open_to_scripts

LONGEST = 300
"""Characters of a path; a longer one is nobody's slip."""
ALONE = (
    "search",
    "sitemap.xml",
    "news-sitemap.xml",
    "robots.txt",
    "newsletter",
    ".well-known/security.txt",
    "help/reasons",
    "submit",
    "account/login",
    "account/register",
)
FILTERED = ("releases", "feeds/events.ics")
_ENTITY = regex.compile(r"&(?:gt|lt|quot|amp|nbsp|#\d+);?$")
_GLUED_ON = r"[\s\p{P}\p{S}]"
_ENDS = regex.compile(rf"^{_GLUED_ON}+|{_GLUED_ON}+$")
_DASHES = regex.compile(r"\p{Pd}")
_KIND_WORDS = {
    word.lower(): kind.name
    for kind in KINDS.values()
    for word in (kind.name, kind.label, kind.plural, kind.name + "s")
}

Finder = Callable[[Session, datetime, list[str]], str]


@blueprint.before_app_request
def lead_to_the_right_spelling() -> Response | None:
    """The 301, or None where the address is right, or nobody's."""
    if request.method not in ("GET", "HEAD") or len(request.path) > LONGEST:
        return None
    parts = [part for part in request.path.split("/") if part.strip()]
    given = _right_filters(parts)
    path = _spelled_right(parts)
    if not path or (_is_right(path) and given == list(request.args.items(multi=True))):
        return None
    with portal().database.reading() as session:
        try:
            right = _public_address(session, now(), path, dict(given))
        except NotFound:
            return None
        address = f"{right}?{urlencode(given)}" if given else right
        if not right:
            return None
        answer = moved_for_good(session, now(), address)
        return open_to_scripts(answer) if right.startswith("/feeds/") or right.endswith(".ics") else answer


def _is_right(path: str) -> bool:
    """A slash behind a bare reference is right as well: the page itself leads on from there, or tells of the removal."""
    bare_reference = path.startswith("/releases/") and path.count("/") == 2
    return path == request.path or (bare_reference and f"{path}/" == request.path)


def _spelled_right(parts: list[str]) -> str:
    """How a public address of this kind is written; "" for what is none of them."""
    if not parts:
        return ""
    first, rest = _small(parts[0]), parts[1:]
    whole = _small("/".join(parts))
    if whole in ALONE or whole == ".well-known/security.txt":
        return "/" + whole
    spell = {"releases": _release, "organisations": _organisation, "feeds": _feed, "help": _reason}.get(first)
    return spell(rest) if spell else ""


def _small(text: str) -> str:
    return _bare(text).lower() if not text.startswith(".") else "." + _bare(text).lower()


def _bare(text: str) -> str:
    bare: str = _ENDS.sub("", _ENTITY.sub("", text))
    return bare


def _release(rest: list[str]) -> str:
    if not rest or (len(rest) == 1 and not _bare(rest[0])):
        return "/releases/"
    reference = _DASHES.sub("-", _bare(rest[0])).upper()
    if not is_reference(reference) or len(rest) > 2:
        return ""
    if rest[1:] and _small(rest[1]) == "event.ics":
        return f"/releases/{reference}/event.ics"
    return f"/releases/{reference}" + (f"/{rest[1]}" if rest[1:] else "")


def _organisation(rest: list[str]) -> str:
    return f"/organisations/{slugify(_bare(rest[0]))}" if len(rest) == 1 and _bare(rest[0]) else ""


def _feed(rest: list[str]) -> str:
    which, _, form = _small(rest[0]).rpartition(".") if len(rest) == 1 else ("", "", "")
    if (which, form) == ("events", "ics"):
        return "/feeds/events.ics"
    return f"/feeds/{_KIND_WORDS.get(which, which)}.{form}" if which and form in feeds.WRITERS else ""


def _reason(rest: list[str]) -> str:
    return (
        f"/help/reasons/{_bare(rest[1]).upper()}" if len(rest) == 2 and _small(rest[0]) == "reasons" else ""
    )


def _right_filters(parts: list[str]) -> list[tuple[str, str]]:
    """What is asked for behind the question mark, in its order, each filter as we write it."""
    given = list(request.args.items(multi=True))
    if _small("/".join(parts)) not in FILTERED:
        return given
    right = {"kind": _right_kind, "place": _right_slug, "org": _right_slug}
    return [
        (name.lower() if name.lower() in right else name, right.get(name.lower(), str)(value))
        for name, value in given
    ]


def _right_kind(typed: str) -> str:
    bare = _bare(typed).lower()
    return _KIND_WORDS.get(bare, typed)


def _right_slug(typed: str) -> str:
    return slugify(_bare(typed)) if _bare(typed) else typed


def _public_address(session: Session, moment: datetime, path: str, given: dict[str, str]) -> str:
    """The path itself where something public stands under it. Raises NotFound, or answers "", where nothing does."""
    parts = path.strip("/").split("/")
    if parts[0] == "releases" and parts[1:]:
        return _of_release(session, moment, parts[1], path)
    if parts[0] == "organisations":
        pages.known_organisation(session, moment, parts[1])
    if parts[0] == "feeds" and parts[1:] != ["events.ics"]:
        feeds.chosen(session, moment, parts[1].rpartition(".")[0])
    if parts[:2] == ["help", "reasons"] and parts[2:] and parts[2] not in REASONS:
        raise NotFound
    _look_for_filters(session, moment, given)
    return path


def _look_for_filters(session: Session, moment: datetime, given: dict[str, str]) -> None:
    if given.get("kind") and given["kind"] not in KINDS:
        raise NotFound
    if given.get("place"):
        pages.known_place(session, moment, given["place"])
    if given.get("org"):
        pages.known_organisation(session, moment, given["org"])


def _of_release(session: Session, moment: datetime, reference: str, path: str) -> str:
    """With the slug of what is public; without any for what was removed, whose slug is never told."""
    found = public_releases.one(session, moment, reference)
    if found is not None:
        return quote(path) if path.endswith("/event.ics") else whole(found).url
    if public_releases.tombstone(session, reference) is None:
        raise NotFound
    return f"/releases/{reference}" + ("/event.ics" if path.endswith("/event.ics") else "")
