"""What stands in one box of a draft and belongs into another goes there at a press: the dateline, a line to ring or write
to, and the About text of a story; the lines behind the first of a pasted headline.

Nothing is lost: what was taken out of the story is kept in the draft under `taken_out` and shown on the story page until
that page is saved again; lines behind a headline wait under `rest` until somebody says where they go. Each step is the
same the second time, so a press that comes twice is one.
"""

from portal.actions.releases.content import Content, with_story
from portal.rules import out_of_place
from portal.rules.kinds import typed
from portal.rules.requirements.writing import short_name
from portal.storage.tables import Organisation
from portal.text import out_of_place as sources

REST, STEP = "rest", "step"
"""Under these names what came is handed on beside the answers of a page; no field has them."""
OUT_OF_THE_STORY = ("dateline", "contact", "about")
REST_INTO_STORY, REST_LEFT_OUT = "rest", "no-rest"
STEPS = (*OUT_OF_THE_STORY, REST_INTO_STORY, REST_LEFT_OUT)


def with_rest(content: Content, rest: str) -> Content:
    """The content with lines that stood behind a headline; where none came, with those that wait already."""
    return {**content, "rest": rest} if rest else content


def put_in_place(content: Content, step: str, organisation: Organisation) -> Content:
    """The content after one of `STEPS`; any other word changes nothing."""
    if step in OUT_OF_THE_STORY:
        return _out_of_the_story(content, step, organisation)
    if step not in (REST_INTO_STORY, REST_LEFT_OUT):
        return content
    rest = content.get("rest", "")
    left = {key: value for key, value in content.items() if key != "rest"}
    return _with_body(left, _joined(content, rest)) if rest and step == REST_INTO_STORY else left


def about_taken_out(content: Content, organisation: Organisation) -> str:
    """The About text that the last press took out of the story, for the page of an organisation that has none; else ""."""
    taken = content.get("taken_out", {})
    if taken.get("what") != "about" or organisation.about:
        return ""
    return out_of_place.without_about_heading(taken["text"], short_name(organisation.name))


def without_what_was_taken_out(content: Content) -> Content:
    """It was shown, and the page on which it stood has been saved."""
    return {key: value for key, value in content.items() if key != "taken_out"}


def _out_of_the_story(content: Content, what: str, organisation: Organisation) -> Content:
    values = content["values"]
    taken = _taken(content, what, organisation)
    if not taken.found:
        return content
    answers = _answers(what, taken.found)
    placed = {name: text for name, text in answers.items() if not typed(values, name)}
    changed = {**content, "values": {**values, **placed}, "taken_out": {"what": what, "text": taken.found}}
    return _with_body(changed, taken.story)


def _taken(content: Content, what: str, organisation: Organisation) -> sources.Taken:
    values = content["values"]
    story, written_as = values.get("body", ""), values.get("body_format", "") or "text"
    if what == "dateline":
        return sources.dateline(story, written_as, typed(values, "city"))
    if what == "contact":
        return sources.contacts(story, written_as)
    return sources.about(story, written_as, short_name(organisation.name))


def _answers(what: str, found: str) -> dict[str, str]:
    """The answers of other pages that it gives; of several lines the first that says each."""
    if what == "dateline":
        return {"city": out_of_place.place_of(found)}
    lines = found.split("\n") if what == "contact" else []
    return {name: text for line in reversed(lines) for name, text in out_of_place.contact_in(line).items()}


def _joined(content: Content, rest: str) -> str:
    values = content["values"]
    return sources.joined(values.get("body", ""), values.get("body_format", "") or "text", rest)


def _with_body(content: Content, story: str) -> Content:
    left_out = {"left_out": content["left_out"]} if "left_out" in content else {}
    return {**with_story({**content, "values": {**content["values"], "body": story}}), **left_out}
