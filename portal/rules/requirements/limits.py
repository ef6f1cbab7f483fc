"""How long things may be. Hard limits stop a release, advised ones only say what editors prefer."""

from collections.abc import Iterator

from portal.rules.issues import Issue, advice, blocking
from portal.rules.requirements.case import Case

HEADLINE_LEAST, HEADLINE_ADVISED_LEAST, HEADLINE_ADVISED_MOST = 10, 40, 90
HEADLINE_LEAST_IF_DENSE = 4
HEADLINE_ADVISED_WORDS = 15
SUMMARY_ADVISED_LEAST, SUMMARY_ADVISED_MOST = 120, 200
ABOUT_MOST_WORDS = 150
LINE_ADVISED, TEXT_ADVISED = 200, 1000

FOR_A_WORD = {
    6: "In Burmese, Thai, Lao, Khmer and Tibetan letters six characters count as one word.",
    2: "In Chinese, Japanese and Yi letters two characters count as one word.",
}


def story_length(case: Case) -> Iterator[Issue]:
    count, words = case.measured.body_words, case.kind.words
    if not case.typed("body"):
        return
    told = f"The story has {_words(count)}."
    if count < words.least:
        yield blocking("LENGTH", "body", f"{told} Write {words.least} or more.", mend=_how_counted(case))
    elif count > words.most:
        yield blocking("LENGTH", "body", f"{told} Keep {words.most} or fewer.", mend=_how_counted(case))
    elif not words.advised_least <= count <= words.advised_most:
        side = "short" if count < words.advised_least else "long"
        advised = f"We advise {words.advised_least} to {words.advised_most} for this kind of news."
        yield advice("LENGTH", "body", f"{told} That is {side}. {advised}", mend="You can send it as it is.")


def headline_length(case: Case) -> Iterator[Issue]:
    count = case.measured.headline_graphemes
    if not case.typed("headline"):
        return
    told = f"The headline has {_characters(count)}."
    dense = case.measured.headline_is_dense
    least = HEADLINE_LEAST_IF_DENSE if dense else HEADLINE_LEAST
    if count < least:
        yield blocking("HEADLINE", "headline", f"{told} Write {least} or more.")
    elif count > _most(case, "headline"):
        yield blocking("HEADLINE", "headline", f"{told} Keep {_most(case, 'headline')} or fewer.")
    elif (count < HEADLINE_ADVISED_LEAST and not dense) or count > HEADLINE_ADVISED_MOST:
        advised = f"{HEADLINE_ADVISED_LEAST} to {HEADLINE_ADVISED_MOST} read best."
        yield advice("HEADLINE", "headline", f"{told} {advised}")
    elif case.measured.headline_words > HEADLINE_ADVISED_WORDS:
        told = f"The headline has {_words(case.measured.headline_words)}."
        yield advice("HEADLINE", "headline", f"{told} {HEADLINE_ADVISED_WORDS} or fewer read best.")


def second_lines(case: Case) -> Iterator[Issue]:
    """The second line of the headline and the summary."""
    for name, count, said, code in (
        ("subheadline", case.measured.subheadline_graphemes, "The second line of the headline", "HEADLINE"),
        ("summary", case.measured.summary_graphemes, "The summary", "LENGTH"),
    ):
        if case.typed(name) and count > _most(case, name):
            told = f"{said} has {_characters(count)}. Keep {_most(case, name)} or fewer."
            yield blocking(code, name, told)


def summary_advice(case: Case) -> Iterator[Issue]:
    count = case.measured.summary_graphemes
    too_short = count < SUMMARY_ADVISED_LEAST and not case.measured.summary_is_dense
    if case.typed("summary") and (too_short or SUMMARY_ADVISED_MOST < count <= _most(case, "summary")):
        advised = f"{SUMMARY_ADVISED_LEAST} to {SUMMARY_ADVISED_MOST} fit the lists and the daily e-mail."
        yield advice("LENGTH", "summary", f"The summary has {_characters(count)}. {advised}")


def about_length(case: Case) -> Iterator[Issue]:
    count = case.measured.about_words
    if count > ABOUT_MOST_WORDS:
        told = f"The About text of your organisation has {_words(count)}. Keep {ABOUT_MOST_WORDS} or fewer."
        yield blocking("LENGTH", "about", told, mend="Shorten it on the page of your organisation.")


def other_lengths(case: Case) -> Iterator[Issue]:
    """Answers so long that they belong into the story; they are sent all the same."""
    for field in case.fields:
        most = {"line": LINE_ADVISED, "text": TEXT_ADVISED}.get(field.type)
        unlimited = field.most is None and field.name not in ("body", "notes_to_editors")
        count = len(case.typed(field.name))
        if most and unlimited and count > most:
            told = f"{field.label}: this has {_characters(count)}."
            yield advice(
                "LENGTH", field.name, f"{told} Keep it under {most} and put the rest into the story."
            )


def _most(case: Case, name: str) -> int:
    return next(field.most for field in case.fields if field.name == name and field.most)


def _how_counted(case: Case) -> str:
    """Only to those whose letters are counted so."""
    return " ".join(FOR_A_WORD[per_word] for per_word in sorted(case.measured.body_scripts, reverse=True))


def _words(count: int) -> str:
    return "1 word" if count == 1 else f"{count} words"


def _characters(count: int) -> str:
    return "1 character" if count == 1 else f"{count} characters"
