"""Community news: charities, schools, faiths, clubs, councils and residents, and what they do for whom."""

from portal.rules.kinds.facts_lines import day_line, line, number_line
from portal.rules.kinds.fields import Field, Values, choice_label, typed
from portal.rules.kinds.kind import FactLine, Kind, Say, Words

GROUP_KIND = Field(
    "group_kind",
    "Kind of group",
    "",
    "choice",
    (
        ("charity", "Charity"),
        ("school", "School"),
        ("faith", "Faith group"),
        ("club", "Club"),
        ("council", "Council"),
        ("residents", "Residents"),
        ("other", "Other"),
    ),
    required=True,
)

MINORS = (
    Field(
        "minors_named",
        "The release names somebody under 18",
        "Also when the name stands only in a quote.",
        "tick",
        public=False,
        code="PRIVACY",
        said="whether it names somebody under 18",
    ),
    Field(
        "minors_consent",
        "A parent or guardian of each of them has agreed in writing",
        "Keep the letters: an editor may ask for them.",
        "tick",
        needed_when="minors_named",
        public=False,
        code="PRIVACY",
        said="that a parent or guardian has agreed",
    ),
)

FIELDS = (
    Field("group_name", "Name of the group", "The full name, as it should stand in the news.", required=True),
    GROUP_KIND,
    Field(
        "beneficiary",
        "Who benefits",
        "The people, place or cause that it helps.",
        required=True,
        said="who benefits",
    ),
    Field(
        "what_happens",
        "What happened or will happen",
        "One sentence: who does what.",
        "text",
        required=True,
        rows=2,
        said="what happened or will happen",
    ),
    Field(
        "date",
        "Date",
        "The day on which it happened or will happen; the first, if there are several.",
        "date",
        required=True,
    ),
    Field("place", "Place", "Hall, street, village: where somebody would have to go.", required=True),
    Field(
        "amount_raised", "Amount raised", "The figure with its currency, for example 4,200 ringgit.", "amount"
    ),
    Field(
        "volunteers",
        "Volunteers",
        "How many people give their time, as a number.",
        "whole",
        inputmode="numeric",
        said="the number of volunteers",
    ),
    Field(
        "how_to_take_part",
        "How to take part",
        "Where to come, call or write, and until when.",
        "text",
        rows=2,
        said="how to take part",
    ),
    Field("charity_number", "Registration number of the charity", "As it stands in the public register."),
    *MINORS,
)


def facts(values: Values, say: Say) -> list[FactLine]:
    return [
        line(say("Group"), typed(values, "group_name")),
        line(say("Kind"), _kind_of_group(values, say)),
        line(say("For"), typed(values, "beneficiary")),
        line(say("What"), typed(values, "what_happens")),
        day_line(say("Date"), typed(values, "date"), say),
        line(say("Place"), typed(values, "place")),
        line(say("Raised"), typed(values, "amount_raised")),
        number_line(say("Volunteers"), typed(values, "volunteers")),
        line(say("Take part"), typed(values, "how_to_take_part")),
        line(say("Registered"), typed(values, "charity_number")),
    ]


def _kind_of_group(values: Values, say: Say) -> str:
    chosen = typed(values, "group_kind")
    return "" if chosen == "other" else say(choice_label(GROUP_KIND, chosen))


COMMUNITY = Kind(
    name="community",
    label="Community",
    plural="Community",
    says="A charity, school, faith group, club, council or residents. Have ready: who does what for whom, the date "
    "and place, and leave from the parents of anybody under 18.",
    words=Words(least=100, most=1500, advised_least=250, advised_most=800),
    headline_pattern="{group_name} helps {beneficiary} in {place}",
    fields=FIELDS,
    facts=facts,
)
