"""Answers that are missing. Nothing is required to save; these are required to send."""

from collections.abc import Iterator

from portal.rules.issues import Issue, blocking
from portal.rules.kinds import DECLARATIONS
from portal.rules.kinds.fields import Field, answered, asked
from portal.rules.requirements.case import Case

_VERBS = {
    "tick": "Confirm",
    "choice": "Choose",
    "country": "Choose",
    "language": "Choose",
    "zone": "Choose",
    "date": "Give",
    "date_or_immediate": "Give",
    "datetime": "Give",
}
_QUESTION_WORDS = frozenset("who what when where why which whether to".split())


def missing_answers(case: Case) -> Iterator[Issue]:
    for field in case.fields:
        if asked(field, case.values) and not answered(field, case.values):
            yield _missing(field)


def missing_declarations(case: Case) -> Iterator[Issue]:
    for field in DECLARATIONS:
        if case.declared is not None and field.name not in case.declared:
            yield _missing(field)


def _missing(field: Field) -> Issue:
    return blocking(field.code, field.name, request(field), mend=field.hint, page=field.page)


def request(field: Field) -> str:
    """The sentence that asks for an answer: "Write the headline." """
    said = field.in_a_sentence
    asks_a_question = said.split()[0] in _QUESTION_WORDS and field.type != "tick"
    return f"{'Say' if asks_a_question else _VERBS.get(field.type, 'Write')} {said}."
