"""People and bodies that a release names: children first, then anybody who must have agreed."""

import re
from collections.abc import Iterator

from portal.rules.issues import Issue, advice
from portal.rules.kinds.fields import ticked
from portal.rules.requirements.case import Case, public_text

CHILD = re.compile(
    r"\b(?:aged?|age of) (?:[1-9]|1[0-7])\b(?! ?(?:to|and|or|–|-|years? (?:and|or)|%))"
    r"|\b(?:[1-9]|1[0-7])-year-old (?:boy|girl|pupil|student|schoolboy|schoolgirl|son|daughter|player)\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"\b(?:sponsored by|in partnership with|together with|supported by|in cooperation with) (?:the )?[A-Z]\w+(?: [A-Z]\w+)*"
)


def children(case: Case) -> Iterator[Issue]:
    """A child seems to be named, and the sender has not said so."""
    found = CHILD.search(public_text(case.fields, case.values, case.measured)) if case.english else None
    has_tick = any(field.name == "minors_named" for field in case.fields)
    if found and not ticked(case.values, "minors_named"):
        mend = (
            "Tick that somebody under 18 is named."
            if has_tick
            else "Leave the name out, or tell the editors who agreed."
        )
        told = f"“{found[0]}”: the release seems to be about somebody under 18."
        yield advice("PRIVACY", "minors_named" if has_tick else "body", f"{told} {mend}")


def third_parties(case: Case) -> Iterator[Issue]:
    if case.typed("counterpart") or not case.english:
        return
    if found := _TOGETHER.search(case.measured.body_text):
        told = f"“{found[0][:80]}”: another body is named."
        yield advice("THIRD_PARTY", "body", f"{told} Make sure that it has agreed; an editor may ask.")


def partner_unnamed(case: Case) -> Iterator[Issue]:
    if case.typed("news_kind") in ("contract", "partnership", "merger") and not case.typed("counterpart"):
        yield advice("FACTS", "counterpart", "News of this kind has two sides. Name the other organisation.")


def quotes(case: Case) -> Iterator[Issue]:
    """A quote needs its speaker, and a speaker needs words."""
    for field in case.fields:
        stem, _, part = field.name.rpartition("-")
        if part == "text" and case.typed(field.name) and not case.typed(f"{stem}-speaker"):
            yield advice("FACTS", f"{stem}-speaker", "The quote has no speaker. Write who said it.")
        if part == "speaker" and case.typed(field.name) and not case.typed(f"{stem}-text"):
            yield advice("FACTS", f"{stem}-text", "There is a speaker without words. Write what was said.")
