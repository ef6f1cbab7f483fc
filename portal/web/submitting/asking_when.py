"""How the contact page asks when a release may run: the zone that it offers, and the night with two such hours."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from portal.rules.kinds.contact_page import timed
from portal.rules.publication_time import fold_answers
from portal.web.access import settings
from portal.web.forms.fields import Answer


def fields_asked(fields: Iterable[Answer], values: Mapping[str, str]) -> Iterator[Answer]:
    """Without the question which of two equal hours is meant, unless the typed time comes twice."""
    zone = values.get("release_timezone", "").strip() or settings().timezone
    twice = fold_answers(values.get("release_at", ""), zone) if timed(values) else ()
    for field in fields:
        if field.name == "release_fold":
            field.asked = replace(field.asked, choices=twice, required=True)
        if twice or field.name != "release_fold":
            yield field
