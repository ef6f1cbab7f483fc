"""Front page, lists, releases and organisations."""

from flask import render_template, request
from werkzeug.wrappers import Response

from portal.storage.queries import public_releases
from portal.web.access import access, now, portal, settings
from portal.web.public import blueprint, pages
from portal.web.public.addresses import is_reference
from portal.web.public.answers import moved_for_good, public_answer
from portal.web.public.removed import removed_answer
from portal.web.public.structured_data import things


@blueprint.get("/")
@access("anyone")
def front() -> Response:
    with portal().database.reading() as session:
        body = render_template("public/front.html", **pages.front(session, now()))
        return public_answer(session, now(), body)


@blueprint.get("/releases/")
@access("anyone")
def listing() -> Response:
    given = {name: request.args.get(name, "") for name in ("kind", "place", "org", "q", "after")}
    asked = pages.Asked(**given | {"q": pages.question(given["q"])})
    with portal().database.reading() as session:
        body = render_template("public/list.html", **pages.listing(session, now(), asked))
        return public_answer(session, now(), body)


@blueprint.get("/releases/<reference>", strict_slashes=False)
@blueprint.get("/releases/<reference>/<slug>")
@access("anyone")
def release(reference: str, slug: str = "") -> Response:
    with portal().database.reading() as session:
        found = public_releases.one(session, now(), reference) if is_reference(reference) else None
        if found is None:
            return removed_answer(session, now(), reference, settings())
        shown = pages.release_page(session, now(), found)
        if slug != shown["release"].slug:
            return moved_for_good(session, now(), shown["release"].url)
        described = things(shown["release"], settings().base_url.rstrip("/"), settings().site_name)
        body = render_template("public/release.html", **shown, structured_data=described)
        return public_answer(session, now(), body)


@blueprint.get("/organisations/<slug>")
@access("anyone")
def organisation(slug: str) -> Response:
    after = request.args.get("after", "")
    with portal().database.reading() as session:
        body = render_template(
            "public/organisation.html", **pages.organisation_page(session, now(), slug, after)
        )
        return public_answer(session, now(), body)
