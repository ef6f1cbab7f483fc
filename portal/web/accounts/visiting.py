"""From where somebody comes, and where they may be sent."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import request

from portal.actions.accounts.limits import visit_from
from portal.actions.accounts.sessions import Visit
from portal.rules.permissions import NEWSROOM
from portal.web.access import portal

_UNSEEN = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029\\]")


def visit() -> Visit:
    """The browser's name, and a hashed address: behind proxies the one that the trusted hop saw."""
    agent = "".join(sign for sign in request.user_agent.string if sign.isprintable())
    return visit_from(portal(), request.remote_addr or "", agent=agent)


def first_page(role: str) -> str:
    """Where a person goes who did not say where to."""
    return "/newsroom" if role in NEWSROOM else "/desk"


def same_site_path(wanted: str | None) -> str | None:
    """A path on this site, or nothing: no other host, no scheme, nothing that a browser could read as one."""
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or _UNSEEN.search(wanted):
        return None
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else wanted


def browser_name(agent: str) -> str:
    """`Firefox on Linux`, as far as it can be told."""
    browsers = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
    systems = {
        "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "macOS",
        "Linux": "Linux",
    }  # fmt: skip
    browser = next((name for mark, name in browsers.items() if mark in agent), "A browser")
    system = next((name for mark, name in systems.items() if mark in agent), "")
    return f"{browser} on {system}" if system else browser
