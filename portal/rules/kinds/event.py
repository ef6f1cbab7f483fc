"""A major event: what, when in which zone, where, for how much and for whom."""

from portal.rules.kinds.facts_lines import day_line, line, moment_line, number_line
from portal.rules.kinds.fields import Field, Values, choice_label, typed
from portal.rules.kinds.kind import FactLine, Kind, Say, Words
from portal.rules.reading import is_url

EVENT_KIND = Field(
    "event_kind",
    "Kind of event",
    "",
    "choice",
    (
        ("conference", "Conference"),
        ("festival", "Festival"),
        ("exhibition", "Exhibition"),
        ("performance", "Performance"),
        ("market", "Market"),
        ("race", "Race"),
        ("meeting", "Meeting"),
        ("fundraiser", "Fundraiser"),
        ("other", "Other"),
    ),
    required=True,
)

OPEN_TO_PUBLIC = Field(
    "open_to_public",
    "May anybody come",
    "",
    "choice",
    (("yes", "Yes"), ("no", "No, only those invited")),
    required=True,
    said="whether anybody may come",
)

FIELDS = (
    Field("event_name", "Name of the event", "As it stands on the poster, without a slogan.", required=True),
    EVENT_KIND,
    Field(
        "starts_at",
        "Starts",
        "Day and time, as a clock on the spot shows it.",
        "datetime",
        required=True,
        said="when it starts",
    ),
    Field(
        "ends_at",
        "Ends",
        "Day and time; the last day, if it lasts several.",
        "datetime",
        required=True,
        said="when it ends",
    ),
    Field(
        "timezone",
        "Time zone of the place",
        "We offer that of your country. A city is enough, such as Yangon.",
        "zone",
        required=True,
    ),
    Field(
        "doors_at",
        "Doors open",
        "Only if it is another time than the start.",
        "datetime",
        said="when the doors open",
    ),
    Field("venue_name", "Venue", "The name of the hall, park or house.", required=True),
    Field(
        "street_address",
        "Street address",
        "With the town, and how to get in without stairs if you know it.",
        required=True,
    ),
    Field("price", "Price", "For example free, or 12 ringgit, children 5.", required=True),
    Field(
        "ticket_url",
        "Where to get tickets",
        "The whole address, with https:// in front.",
        "url",
        inputmode="url",
        said="the address for tickets",
    ),
    Field(
        "booking_deadline",
        "Book by",
        "The last day, if there is one.",
        "date",
        said="the last day for booking",
    ),
    Field("capacity", "Capacity", "How many people have room, as a number.", "whole", inputmode="numeric"),
    Field("organiser", "Organiser", "Who runs it, with the full name.", required=True),
    Field(
        "speakers", "Speakers or performers", "First and last names; the best known first.", "text", rows=2
    ),
    Field("age_limit", "Age limit", "For example 18 and over."),
    OPEN_TO_PUBLIC,
    Field(
        "media_contact",
        "For reporters and photographers",
        "Only the editors see this: whom to ask for a pass, and when pictures can be taken.",
        "text",
        rows=2,
        public=False,
        said="the contact for reporters",
    ),
)


def facts(values: Values, say: Say) -> list[FactLine]:
    zone = typed(values, "timezone")
    return [
        line(say("Event"), typed(values, "event_name")),
        line(say("Kind"), _kind_of_event(values, say)),
        moment_line(say("Starts"), typed(values, "starts_at"), zone),
        moment_line(say("Ends"), typed(values, "ends_at"), zone),
        moment_line(say("Doors"), typed(values, "doors_at"), zone),
        line(say("Venue"), typed(values, "venue_name")),
        line(say("Address"), typed(values, "street_address")),
        line(say("Price"), typed(values, "price")),
        _tickets(values, say),
        day_line(say("Book by"), typed(values, "booking_deadline"), say),
        number_line(say("Capacity"), typed(values, "capacity")),
        line(say("Organiser"), typed(values, "organiser")),
        line(say("With"), typed(values, "speakers")),
        line(say("Age limit"), typed(values, "age_limit")),
        line(say("Open to all"), say(choice_label(OPEN_TO_PUBLIC, typed(values, "open_to_public")))),
    ]


def _kind_of_event(values: Values, say: Say) -> str:
    chosen = typed(values, "event_kind")
    return "" if chosen == "other" else say(choice_label(EVENT_KIND, chosen))


def _tickets(values: Values, say: Say) -> FactLine:
    address = typed(values, "ticket_url")
    return (
        FactLine(say("Tickets"), address, link=address) if is_url(address) else FactLine(say("Tickets"), "")
    )


EVENT = Kind(
    name="event",
    label="Event",
    plural="Events",
    says="A conference, festival, exhibition, show, market, race or meeting. Have ready: start and end, venue and "
    "street, price, organiser, and whether anybody may come.",
    words=Words(least=100, most=1500, advised_least=250, advised_most=800),
    headline_pattern="{event_name} comes to {venue_name}",
    fields=FIELDS,
    facts=facts,
)
