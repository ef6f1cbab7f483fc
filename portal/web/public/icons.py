"""The house's mark under the names that browsers and phones ask for by themselves."""

import json

from werkzeug.wrappers import Response

from portal.web.access import access, settings
from portal.web.public import blueprint
from portal.web.public.answers import file_answer, fixed_answer
from portal.web.static_files import FOLDER, static_url

PAPER = "#FBFAF7"
SIZES = (192, 512)


@blueprint.get("/favicon.ico")
@access("anyone")
def favicon() -> Response:
    return _file("favicon.ico", "image/x-icon")


@blueprint.get("/apple-touch-icon.png")
@blueprint.get("/apple-touch-icon-precomposed.png")
@access("anyone")
def touch_icon() -> Response:
    return _file("apple-touch-icon.png", "image/png")


@blueprint.get("/manifest.webmanifest")
@access("anyone")
def manifest() -> Response:
    """What a phone writes under the mark on its first screen."""
    icons = [
        {"src": static_url(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in SIZES
    ]
    site = {
        "name": settings().site_name,
        "start_url": "/",
        "display": "browser",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": icons,
    }
    return fixed_answer(json.dumps(site, ensure_ascii=False), "application/manifest+json")


def _file(name: str, content_type: str) -> Response:
    return file_answer((FOLDER / name).read_bytes(), content_type)
