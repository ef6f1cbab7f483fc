"""The pages that every kind shares: news, story and the declarations of the check page."""

import re

from portal.rules.kinds.fields import Field, Values, typed

QUOTE_NAME = re.compile(r"quotes-(0|[1-9][0-9]?)-(text|speaker|title)")
MOST_QUOTES = 20  # that are kept of one story

NEWS = (
    Field(
        "language",
        "Language of the release",
        "The language that the headline and the story are written in: its name, such as Burmese or Tiếng Việt, or its tag.",
        "language",
        required=True,
        page="news",
        code="FORMAT",
        said="the language",
    ),
    Field(
        "headline",
        "Headline",
        "Who does what, in 40 to 90 characters. No question, no exclamation mark, no capitals for effect.",
        required=True,
        most=170,
        rows=2,
        page="news",
        code="HEADLINE",
    ),
    Field(
        "subheadline",
        "Second line of the headline",
        "One more fact, 250 characters at most. Leave it empty if the headline says it all.",
        most=250,
        page="news",
        code="HEADLINE",
    ),
    Field(
        "summary",
        "Summary",
        "One or two sentences for lists and the daily e-mail, best 120 to 200 characters. "
        "Do not repeat the first paragraph.",
        "text",
        most=250,
        rows=3,
        page="news",
        code="LENGTH",
    ),
    Field(
        "city",
        "City or town",
        "Where the news comes from. It opens the release: NAYPYITAW, Myanmar –",
        required=True,
        page="news",
        code="FORMAT",
    ),
    Field(
        "region",
        "Province, state or region",
        "Helps us to tell two towns of one name apart.",
        page="news",
        code="FORMAT",
    ),
    Field(
        "country",
        "Country",
        "The country of that city.",
        "country",
        required=True,
        page="news",
        autocomplete="country",
        code="FORMAT",
    ),
)

BODY = (
    Field(
        "body",
        "Story",
        "Start with who does what, where and when. Write as a reporter would: “the company”, not “we”. "
        "No dateline and no “About us”: we add both.",
        "text",
        required=True,
        rows=16,
        page="story",
        code="LENGTH",
    ),
    Field(
        "body_format",
        "How the story is written",
        "Plain text needs no marks. Choose Markdown if you use its marks for lists and links.",
        "choice",
        (("text", "Plain text"), ("markdown", "Markdown"), ("html", "Pasted from a word processor")),
        page="story",
        code="FORMAT",
        start="text",
        said="how the story is written",
    ),
)

NOTES = (
    Field(
        "notes_to_editors",
        "Notes to the editors",
        "Never published. What helps us to check: sources, numbers to call, what must not run.",
        "text",
        rows=4,
        page="story",
        public=False,
        code="FORMAT",
    ),
)

DECLARATIONS = (
    Field(
        "declare_authorised",
        "I may issue this release for the organisation.",
        type="tick",
        required=True,
        page="check",
        public=False,
        code="IDENTITY",
        said="that you may issue this release",
    ),
    Field(
        "declare_facts",
        "I have checked the facts, names and figures.",
        type="tick",
        required=True,
        page="check",
        public=False,
        code="FACTS",
        said="that you have checked the facts, names and figures",
    ),
    Field(
        "declare_rights",
        "We hold the rights to the text, and whoever is quoted or named in it agrees.",
        type="tick",
        required=True,
        page="check",
        public=False,
        code="MEDIA",
        said="that you hold the rights to the text, and that whoever is named agrees",
    ),
)


def quote_fields(number: int) -> tuple[Field, Field, Field]:
    """The three fields of quote `number`, counted from 0."""
    stem, nth = f"quotes-{number}", "the quote" if number == 0 else f"quote {number + 1}"
    return (
        Field(
            f"{stem}-text",
            "What was said",
            "The words alone; we set the quotation marks.",
            "text",
            rows=3,
            page="story",
            said=f"the words of {nth}",
        ),
        Field(f"{stem}-speaker", "Who said it", "First and last name.", page="story", said=f"who said {nth}"),
        Field(
            f"{stem}-title",
            "Their post",
            "With the organisation, where it is another than yours.",
            page="story",
            said=f"the post of the speaker of {nth}",
        ),
    )


def quote_numbers(values: Values) -> list[int]:
    """The numbers of the quotes in which something was typed, in order."""
    found = {
        int(match[1]) for name in values if (match := QUOTE_NAME.fullmatch(name)) and typed(values, name)
    }
    return sorted(found)
