"""An appointment: a person, a post, a day, and the consent of the person."""

from portal.rules.kinds.facts_lines import day_line, line
from portal.rules.kinds.fields import Field, Values, typed
from portal.rules.kinds.kind import FactLine, Kind, Say, Words
from portal.rules.letters import opening

FIELDS = (
    Field(
        "person_name",
        "Full name of the person",
        "First and last name, spelt as the person spells it.",
        required=True,
        said="the full name of the person",
    ),
    Field(
        "honorific", "Title before the name", "For example Dr, Dato’ or Daw. Leave it empty if there is none."
    ),
    Field("position", "New post", "For example head of safety.", required=True),
    Field(
        "employer",
        "Employer",
        "The organisation, its division and the place: Selat Biru Ferries, Surabaya.",
        required=True,
    ),
    Field(
        "appointment_kind",
        "Kind of appointment",
        "",
        "choice",
        (
            ("hire", "Hired from outside"),
            ("promotion", "Promoted"),
            ("board", "Elected to the board"),
            ("interim", "Interim"),
            ("retirement", "Retires"),
            ("departure", "Leaves"),
        ),
        required=True,
    ),
    Field(
        "effective_date",
        "From when",
        "The first or last day in the post, or “immediate”.",
        "date_or_immediate",
        required=True,
        said="the day from which it counts",
    ),
    Field(
        "predecessor",
        "Who held the post before",
        "Leave it empty if the post is new.",
        said="who held the post before",
    ),
    Field(
        "predecessor_reason",
        "Why the predecessor left",
        "Finish the sentence: “who retires”, “who moves to the board”.",
        said="why the predecessor left",
    ),
    Field(
        "reports_to",
        "Reports to",
        "The post or body, for example the board.",
        said="to whom the person reports",
    ),
    Field(
        "responsibilities",
        "Responsible for",
        "What the person decides, and how many people or places that covers.",
        "text",
        required=True,
        rows=3,
        said="what the person is responsible for",
    ),
    Field("previous_employer", "Employer before", "Where the person worked last."),
    Field("previous_position", "Post before", "The last post, with the years if you know them."),
    Field("qualifications", "Degrees, certificates and awards", "Only what can be checked.", "text", rows=2),
    Field("home_town", "Home town", "With the country, if it is another."),
    Field(
        "superior_quote",
        "What the superior says",
        "One or two sentences on why this person. The words alone; we set the quotation marks.",
        "text",
        required=True,
        rows=3,
        said="what the superior says",
    ),
    Field("superior_name", "Name of the superior", "First and last name.", required=True),
    Field("superior_title", "Post of the superior", "For example managing director."),
    Field(
        "person_consent",
        "The person agrees to this release",
        "Ask before you send. An editor may ask too.",
        "tick",
        required=True,
        public=False,
        code="PRIVACY",
        said="that the person agrees",
    ),
)


def facts(values: Values, say: Say) -> list[FactLine]:
    language = typed(values, "language")

    def capital(text: str) -> str:
        return opening(text, language)

    leaves = typed(values, "appointment_kind") in ("retirement", "departure")
    return [
        line(say("Person"), _joined(values, " ", "honorific", "person_name")),
        line(say("Post"), capital(typed(values, "position"))),
        line(say("Employer"), typed(values, "employer")),
        day_line(say("Leaves") if leaves else say("Starts"), typed(values, "effective_date"), say),
        line(say("Succeeds"), _predecessor(values)),
        line(say("Reports to"), capital(typed(values, "reports_to"))),
        line(say("Responsible for"), capital(typed(values, "responsibilities"))),
        line(say("Before"), capital(_joined(values, ", ", "previous_position", "previous_employer"))),
        line(say("Qualifications"), capital(typed(values, "qualifications"))),
        line(say("Home town"), typed(values, "home_town")),
    ]


def _predecessor(values: Values) -> str:
    return _joined(values, ", ", "predecessor", "predecessor_reason") if typed(values, "predecessor") else ""


def _joined(values: Values, between: str, *names: str) -> str:
    return between.join(text for name in names if (text := typed(values, name)))


APPOINTMENT = Kind(
    name="appointment",
    label="Appointment",
    plural="Appointments",
    says="Somebody takes up or leaves a post. Have ready: full name, post, first day, who held it before, a quote "
    "from the superior, and the consent of the person.",
    words=Words(least=60, most=800, advised_least=150, advised_most=400),
    headline_pattern="{organisation} appoints {person_name} as {position}",
    fields=FIELDS,
    facts=facts,
)
