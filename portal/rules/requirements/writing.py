"""How a release reads. All of it advises. What rests on English words looks at English releases only."""

import re
from collections.abc import Iterator

from portal.rules import leftover_code as left_over
from portal.rules import out_of_place
from portal.rules.issues import Issue, advice
from portal.rules.reading import primary_language
from portal.rules.requirements.case import Case

# The opening mark is kept out of what follows it, so that a thousand opening marks cost no more than one.
_QUOTED = re.compile(
    r"[“„][^“”„]*[“”]|\"[^\"]*\"|«[^«»]*»|»[^«»]*«|‹[^‹›]*›|›[^‹›]*‹|「[^「」]*」|『[^『』]*』|《[^《》]*》|〈[^〈〉]*〉"
)
_PRAISE = re.compile(
    r"\b(?:world[- ]class|best[- ]in[- ]class|cutting[- ]edge|state[- ]of[- ]the[- ]art|ground[- ]?breaking|game[- ]chang\w+"
    r"|revolutionary|unparalleled|unrivall?ed|unprecedented|unmatched|one[- ]stop|next[- ]generation"
    r"|(?:the |a |most )?(?:exciting|amazing|incredible|breathtaking|prestigious|innovative|visionary)"
    r"|market[- ]leading|(?:the|a) (?:world'?s |region'?s |country'?s |nation'?s )?(?:leading|premier|foremost|finest|greatest)"
    r"|(?:proud|thrilled|delighted|excited|pleased) to (?:announce|present|introduce|launch))\b",
    re.IGNORECASE,
)
_DIRECT = re.compile(
    r"\b(?:[Yy]ou|[Yy]our|[Yy]ours|[Ww]e|[Oo]ur|[Oo]urs|us|my|me)\b"
    r"|\bI(?=['’](?:m|ve|ll|d)\b| (?:am|have|was|will|would|think|believe|hope|want)\b)"
)
_HAS_TIME = re.compile(
    r"\d|\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|yesterday|tomorrow|week|weekend|month|year"
    r"|january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_LEGAL_ENDING = re.compile(
    r"[,.]?\s+(?:ltd|limited|pte|pvt|inc|corp|corporation|co|company|plc|llc|bhd|sdn|tbk|jsc|gmbh)\.?$",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"FOR IMMEDIATE RELEASE|EMBARGOED UNTIL.*|[-–— ]{0,3}(?:30|ENDS)[-–— ]{0,3}|# ?# ?#[# ]*|PRESS RELEASE|NOTES? TO EDITORS?:?"
)
_LONGEST_MARK = 80
_ZAWGYI = re.compile(r"(?:^|\s)\u1031|[\u1060-\u1097]")
LEAD_LEAST_WORDS, LEAD_MOST_WORDS = 10, 60
CAPITALS_IN_A_ROW = 4


def own_words(text: str) -> str:
    """The text without what stands in quotation marks."""
    return _QUOTED.sub(" ", text)


def _prose(case: Case) -> tuple[tuple[str, str], ...]:
    return (
        ("headline", case.typed("headline")),
        ("subheadline", case.typed("subheadline")),
        ("summary", case.typed("summary")),
        ("body", case.measured.body_text),
    )


def praise(case: Case) -> Iterator[Issue]:
    for field, text in _prose(case):
        found = list(dict.fromkeys(_PRAISE.findall(own_words(text)))) if case.english else []
        if found:
            named = ", ".join(f"“{words}”" for words in found[:3])
            told = f"{named} {'is' if len(found) == 1 else 'are'} praise, not news."
            yield advice(
                "HYPE",
                field,
                f"{told} Editors ask for such words to be cut.",
                mend="Say what can be counted or checked.",
            )


def exclamation_marks(case: Case) -> Iterator[Issue]:
    for field, text in _prose(case):
        if re.search(r"[!！]", own_words(text)):
            said = {"body": "The story", "summary": "The summary"}.get(field, "The headline")
            yield advice("HYPE", field, f"{said} has an exclamation mark. End the sentence with a full stop.")


def direct_address(case: Case) -> Iterator[Issue]:
    for field, text in _prose(case):
        if case.english and (found := _DIRECT.search(own_words(text))):
            told = f"“{found[0]}” outside a quote speaks to the reader or for the sender."
            yield advice(
                "DIRECT_ADDRESS", field, f"{told} Write as a reporter would: “the company”, “visitors”."
            )


def headline_form(case: Case) -> Iterator[Issue]:
    headline = case.typed("headline")
    if headline.endswith(("?", "？", "؟")):
        yield advice("HEADLINE", "headline", "The headline asks a question. Say the answer.")
    if case.english and re.match(r"how to\b", headline, re.IGNORECASE):
        yield advice("HEADLINE", "headline", "“How to” promises advice, not news. Say who does what.")
    if headline.endswith((".", "။", "。")) and not headline.endswith("..."):
        yield advice("HEADLINE", "headline", "The headline ends with a full stop. Leave it out.")
    if headline and headline.casefold() == case.typed("summary").casefold():
        yield advice(
            "HEADLINE", "summary", "The summary repeats the headline. Add a fact, or leave it empty."
        )


def summary_copies_lead(case: Case) -> Iterator[Issue]:
    summary, lead = (
        " ".join(text.casefold().split()) for text in (case.typed("summary"), case.measured.lead)
    )
    if summary and lead and (summary == lead or (len(summary) > 60 and lead.startswith(summary))):
        yield advice(
            "WRITING",
            "summary",
            "The summary copies the first paragraph. Say it in other words, or leave it empty.",
        )


def weak_lead(case: Case) -> Iterator[Issue]:
    lead = case.measured.lead
    if not lead or not case.english:
        return
    count = len(lead.split())
    if count < LEAD_LEAST_WORDS:
        yield advice(
            "WEAK_LEAD", "body", "The first paragraph is very short. Say who does what, where and when."
        )
    elif count > LEAD_MOST_WORDS:
        yield advice(
            "WEAK_LEAD", "body", f"The first paragraph has {count} words. Keep it under {LEAD_MOST_WORDS}."
        )
    elif not _HAS_TIME.search(lead):
        yield advice("WEAK_LEAD", "body", "The first paragraph does not say when. Name the day or the month.")


def source_named(case: Case) -> Iterator[Issue]:
    name = short_name(case.organisation_name).casefold()
    if _latin(name) != _latin(case.measured.lead):
        return  # a Latin name may be written otherwise in another script
    top = " ".join(
        (case.typed("headline"), case.typed("subheadline"), case.typed("summary"), case.measured.lead)
    )
    if name and case.measured.lead and name not in top.casefold():
        told = f"Neither the headline nor the first paragraph names {case.organisation_name}."
        yield advice("NO_SOURCE", "body", f"{told} Say early who announces this.")


def _latin(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return 2 * sum(c < "\u0250" for c in letters) > len(letters)


def short_name(organisation_name: str) -> str:
    """The name as people say it, without Ltd, Pte or Sdn Bhd."""
    name = organisation_name.strip()
    while (shorter := _LEGAL_ENDING.sub("", name)) != name and shorter:
        name = shorter
    return name


def capitals(case: Case) -> Iterator[Issue]:
    for field, text in _prose(case):
        run = _run_of_capitals("\n".join(line for line in text.splitlines() if not is_mark(line)))
        if run:
            yield advice("FORMAT", field, f"“{run[:60]}” is in capitals. Write it in ordinary letters.")


def _run_of_capitals(text: str) -> str:
    run: list[str] = []
    for word in text.split():
        if word.isupper():
            run.append(word)
            continue
        if len(run) >= CAPITALS_IN_A_ROW:
            break
        run = []
    return " ".join(run) if len(run) >= CAPITALS_IN_A_ROW else ""


def marks_of_the_trade(case: Case) -> Iterator[Issue]:
    """Marks that a newsroom sets itself: embargo lines, ###, the dateline, the About text."""
    body = case.measured.body_text
    if mark := next((line.strip() for line in body.splitlines() if is_mark(line)), ""):
        yield advice("FORMAT", "body", f"“{mark[:60]}” is not printed. Leave it out; we set such marks.")
    if out_of_place.dateline(body, case.typed("city")):
        told = "The story begins with a dateline. Leave it out; we add it."
        yield advice("FORMAT", "body", told, move="dateline")
    if out_of_place.has_contact(body):
        told = "A line of the story looks like a contact."
        where = "Move it to the page Contact and time; readers find it beside the story."
        yield advice("FORMAT", "body", f"{told} {where}", move="contact")
    if out_of_place.has_about(body, short_name(case.organisation_name)):
        told = "The story ends with an About text. Leave it out; we add yours."
        yield advice("FORMAT", "body", told, move="about")


def leftover_code(case: Case) -> Iterator[Issue]:
    """Each field says where: the code with the words before it."""
    public = (field.name for field in case.fields if field.public and field.type in ("line", "text"))
    prose = {**{name: case.typed(name) for name in public}, "body": case.measured.body_text}
    for field, text in prose.items():
        if places := left_over.found_in(text):
            named = ", ".join(f"“{place}”" for place in places)
            told = f"Code from another program is left in the text: {named}."
            yield advice("FORMAT", field, f"{told} Readers would see it as it stands. Take it out.")


def left_out_of_a_paste(case: Case) -> Iterator[Issue]:
    """Deletions and comments of a word processor: gone, and said, because somebody may have meant them to stay."""
    counts = case.measured.left_out
    told = [
        f"{counts[name]} {one if counts[name] == 1 else many}"
        for name, one, many in (
            ("deleted", "deleted passage", "deleted passages"),
            ("hidden", "hidden passage", "hidden passages"),
            ("comments", "comment", "comments"),
        )
        if counts.get(name)
    ]
    if told:
        listed = " and ".join([", ".join(told[:-1]), told[-1]] if told[:-1] else told)
        yield advice("FORMAT", "body", f"We left out {listed}. Look once more.")


def is_mark(line: str) -> bool:
    return len(line) <= _LONGEST_MARK and _MARK.fullmatch(line.strip()) is not None


def burmese_encoding(case: Case) -> Iterator[Issue]:
    """Zawgyi looks right on old telephones only. It is never converted in silence: short texts are ambiguous."""
    for field, text in _prose(case):
        if primary_language(case.values) == "my" and _ZAWGYI.search(text):
            yield advice(
                "FORMAT", field, "This looks like Zawgyi, which many readers cannot read. Type it in Unicode."
            )
