"""The shapes of public addresses, looked at before the database is asked: other shapes cannot exist."""

import re

_REFERENCE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,31}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,119}")


def is_reference(text: str) -> bool:
    return _REFERENCE.fullmatch(text) is not None


def is_slug(text: str) -> bool:
    return _SLUG.fullmatch(text) is not None
