"""Whether a page or a mail could act: elements that run, load or overlay, event attributes, odd addresses.

What the portal's own templates hold is known and allowed; everything else must have come out of somebody's text.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

NEVER = frozenset(
    """applet audio base bgsound embed frame frameset iframe img image isindex link-none marquee math noembed noframes
    noscript object param picture plaintext portal source style svg template track video xml xmp""".split()
)
OWN_METAS = frozenset(
    (
        "viewport",
        "color-scheme",
        "theme-color",
        "robots",
        "description",
        "twitter:card",
        "supported-color-schemes",
        "",
    )
)
OWN_FORMS = re.compile(r"/(account|desk|newsroom|submit|newsletter|releases)(/[\w./-]*)?|/search|/releases/")
OWN_LINKS = frozenset(
    ("stylesheet", "icon", "apple-touch-icon", "manifest", "preload", "alternate", "canonical", "nofollow")
)
ADDRESSES = (
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "poster",
    "background",
    "xlink:href",
    "cite",
    "srcset",
)
HARMLESS = re.compile(r"(https?://|mailto:|tel:|/|#|\?|$)", re.IGNORECASE)


class _Inspector(HTMLParser):
    def __init__(self, *, mail: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.mail = mail
        self.found: list[str] = []
        self.data: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag in NEVER and not (self.mail and tag == "style"):
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}" for name in known if name.startswith("on") or name in ("srcdoc", "is")]
        if "style" in known and not self.mail:
            self.found.append(f"{tag} style")
        self.found += [
            f"{tag} {known[name]}" for name in ADDRESSES if not HARMLESS.match(known.get(name, ""))
        ]
        check = getattr(self, f"_see_{tag}", None)
        if check:
            check(known)

    def handle_data(self, data: str) -> None:
        if self.data is not None:
            self.data.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self.data is not None:
            try:
                json.loads("".join(self.data))
            except ValueError:
                self.found.append("a script whose data ends early")
            self.data = None

    def _see_script(self, known: dict[str, str]) -> None:
        if known.get("type") == "application/ld+json":
            self.data = []
        elif not known.get("src", "").startswith("/static/"):
            self.found.append(f"script {known}")

    def _see_form(self, known: dict[str, str]) -> None:
        if self.mail or not OWN_FORMS.fullmatch(known.get("action", "/account")):
            self.found.append(f"form {known}")

    def _see_meta(self, known: dict[str, str]) -> None:
        name = known.get("name", "")
        if ("http-equiv" in known and not self.mail) or name not in OWN_METAS:
            self.found.append(f"meta {known}")

    def _see_link(self, known: dict[str, str]) -> None:
        if known.get("rel", "") not in OWN_LINKS:
            self.found.append(f"link {known}")


def acting_in(html: str, *, mail: bool = False) -> list[str]:
    """What in this page could act that is not ours; nothing where all is well."""
    inspector = _Inspector(mail=mail)
    inspector.feed(html)
    inspector.close()
    return inspector.found
