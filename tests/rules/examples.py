"""One whole, valid release of each kind, as typed. Organisations and people are invented."""

import re
from datetime import UTC, datetime

from portal.rules.requirements import Issue, Measured, check

NOW = datetime(2026, 3, 24, 3, 0, tzinfo=UTC)
COUNTRIES = frozenset({"ID", "KH", "LA", "MM", "MY", "SG", "TH", "VN"})
LANGUAGES = frozenset(
    "ar de en en-GB en-SG fr id ja km ko lo ms my shn th vi yue zh zh-Hans zh-Hant zh-TW".split()
)

_CONTACT = {
    "contact_name": "Dewi Anggraini",
    "contact_role": "Press officer",
    "contact_email": "press@selatbiru.example",
    "contact_phone": "+62 31 5550 0177",
    "contact_site": "https://selatbiru.example/news",
    "newsroom_name": "Dewi Anggraini",
    "newsroom_phone": "+62 811 5550 0163",
    "newsroom_hours": "08:00 to 18:00",
    "timing": "immediate",
    "release_at": "",
    "release_timezone": "",
}

_FERRY = """Selat Biru Ferries starts a nightly ferry between Surabaya and Kalianget on Friday 1 May 2026. It leaves \
at 21:00 and arrives at 05:30.

The crossing takes 310 passengers and 40 cars. A berth costs 95,000 rupiah, a seat 60,000. Tickets go on sale on 7 April.

Until now the last boat left at 15:00. Traders from Sumenep had asked for a night crossing so that fish and salt reach \
the Surabaya markets by morning. The company expects 60,000 passengers in the first year and has hired 22 people for \
the route.

The ferry is the Madu Lestari, built in 2014 and refitted in February. It has two decks for cars, 80 berths and a ramp \
for wheelchairs. In bad weather the crossing is called off by 18:00 on the same day, and tickets are paid back in full."""

_LIBRARY = """The Sarpankhin Foundation opens a library for children in Mawlamyine on Saturday 4 April 2026. It stands \
in Zaygyo ward, beside the old market, and lends books without charge.

The library begins with 3,200 books in Burmese, Mon and Karen. It is open every day from 09:00 to 17:00. Children may \
take two books home for a week; a parent signs for the card.

Twenty-four volunteers read stories aloud each Saturday morning. The foundation trained them in February together with \
teachers from four schools of the town. Shelves and tables were made by carpenters of the ward from the timber of an \
old warehouse.

The foundation was set up in 2016 and keeps seven ward libraries in Mon State. Whoever wants to give books may bring \
them to the library in the afternoon."""

_MATCH = """Kinta Rovers beat Teluk Sari 2-1 in Ipoh on Sunday 22 March 2026 and reached the final of the state league.

Farid Osman scored after nine minutes from a corner. Teluk Sari drew level before the break through Hakim Yusof, who \
met a cross from the left. Lim Wei Jian won the match with a free kick in the 81st minute.

Kinta Rovers, who finished third in the league, meet Sungai Emas in the final in Taiping on 5 April. It is their first \
final since 2011. About 900 people watched the match."""

_SAFETY = """Selat Biru Ferries has appointed Ratna Kusumawardhani as head of safety. She starts on 6 April 2026 and \
succeeds Agus Prihadi, who retires after 19 years with the company.

Ms Kusumawardhani was harbour master of Tanjung Lor for six years. She led the change of the port to digital passenger \
lists and its rescue drills at night, which are now held four times a year.

In the new post she is responsible for crew training, vessel inspection and passenger safety on eleven routes between \
Java, Madura and Bali. For the first time the head of safety reports to the board and not to the operations department."""

_FAIR = """The Mekong Looms Guild brings the Mekong Looms Fair back to the old market of Vientiane from 24 to 26 April \
2026. Sixty weavers from Laos, Thailand and Cambodia show and sell their cloth.

The fair was last held in 2019. This year each weaver works at a loom in the hall, so that visitors can follow a cloth \
from the thread to the hem. Twelve of the looms are more than eighty years old and were lent by families in Luang \
Prabang and Savannakhet.

Entry is free. Workshops for beginners cost 40,000 kip and last two hours; places are booked at the entrance. On the \
first evening the guild gives its prize for natural dyes. A jury of three dyers chooses from work that was sent in by \
weavers in nine provinces.

The hall has step-free access from the river side. The nearest bus stop is at the morning market."""

EXAMPLES: dict[str, dict[str, str]] = {
    "business": {
        "language": "en",
        "headline": "Selat Biru Ferries starts a night ferry to Kalianget on 1 May",
        "subheadline": "Traders from Madura reach the markets of Surabaya by morning",
        "summary": "A ferry with room for 310 passengers and 40 cars crosses every night. It replaces an afternoon "
        "boat and brings 22 new jobs.",
        "city": "Surabaya",
        "region": "East Java",
        "country": "ID",
        "news_kind": "opening",
        "product": "Night ferry Surabaya to Kalianget",
        "location": "Surabaya and Kalianget",
        "amount": "14000000000",
        "currency": "IDR",
        "jobs": "22",
        "effective_date": "2026-05-01",
        "counterpart": "Port of Kalianget",
        "counterpart_consent": "y",
        "body": _FERRY,
        "body_format": "text",
        "quotes-0-text": "A trader can sleep on board and be at the market before it opens.",
        "quotes-0-speaker": "Bambang Hartanto",
        "quotes-0-title": "Managing director",
        "notes_to_editors": "The timetable is confirmed by the port.",
        **_CONTACT,
    },
    "community": {
        "language": "en",
        "headline": "Sarpankhin Foundation opens a library for children in Mawlamyine",
        "summary": "The library in Zaygyo ward lends 3,200 books in three languages without charge. Volunteers read "
        "stories on Saturdays.",
        "city": "Mawlamyine",
        "region": "Mon State",
        "country": "MM",
        "group_name": "Sarpankhin Foundation",
        "group_kind": "charity",
        "beneficiary": "Children in Zaygyo ward",
        "what_happens": "A library for children opens and lends books without charge.",
        "date": "2026-04-04",
        "place": "Zaygyo ward, Mawlamyine",
        "amount_raised": "18,000,000 kyat",
        "volunteers": "24",
        "how_to_take_part": "Bring books to the library in the afternoon.",
        "charity_number": "MON-0117",
        "body": _LIBRARY,
        "body_format": "text",
        **_CONTACT,
    },
    "sports": {
        "language": "en",
        "headline": "Kinta Rovers beat Teluk Sari 2–1 and reach the state final",
        "summary": "A free kick nine minutes from time takes Kinta Rovers to a final for the first time since 2011. "
        "They meet Sungai Emas in Taiping.",
        "city": "Ipoh",
        "region": "Perak",
        "country": "MY",
        "sport": "Football",
        "competition": "Perak State League",
        "division": "Men, first division",
        "stage": "Semi-final",
        "match_kind": "result",
        "date": "2026-03-22",
        "venue": "Kinta Ground, Ipoh",
        "home": "Kinta Rovers",
        "away": "Teluk Sari",
        "home_score": "2",
        "away_score": "1",
        "period_scores": "1–1, 1–0",
        "scorers": "Farid Osman, Lim Wei Jian; Hakim Yusof",
        "coach_quote": "We waited for our moment – Rashid Karim",
        "next_fixture": "Sungai Emas, Taiping, 5 April",
        "body": _MATCH,
        "body_format": "text",
        **_CONTACT,
    },
    "appointment": {
        "language": "en",
        "headline": "Selat Biru Ferries appoints Ratna Kusumawardhani head of safety",
        "summary": "The former harbour master takes charge of safety on eleven routes on 6 April and reports to the "
        "board of the company.",
        "city": "Surabaya",
        "region": "East Java",
        "country": "ID",
        "person_name": "Ratna Kusumawardhani",
        "position": "head of safety",
        "employer": "Selat Biru Ferries, Surabaya",
        "appointment_kind": "hire",
        "effective_date": "2026-04-06",
        "predecessor": "Agus Prihadi",
        "predecessor_reason": "who retires",
        "reports_to": "the board",
        "responsibilities": "crew training, vessel inspection and passenger safety on eleven routes",
        "previous_employer": "Port of Tanjung Lor",
        "previous_position": "harbour master",
        "qualifications": "Master’s certificate (class II)",
        "home_town": "Gresik, Indonesia",
        "superior_quote": "Ratna has sent ships back to the quay when others would have let them sail.",
        "superior_name": "Bambang Hartanto",
        "superior_title": "Managing director",
        "person_consent": "y",
        "body": _SAFETY,
        "body_format": "text",
        **_CONTACT,
    },
    "event": {
        "language": "en",
        "headline": "Mekong Looms Guild brings sixty weavers to the old market",
        "summary": "The Mekong Looms Fair returns after seven years. Weavers from three countries work at their looms "
        "in the hall, and entry is free.",
        "city": "Vientiane",
        "region": "",
        "country": "LA",
        "event_name": "Mekong Looms Fair",
        "event_kind": "market",
        "starts_at": "2026-04-24T10:00",
        "ends_at": "2026-04-26T18:00",
        "timezone": "Asia/Vientiane",
        "doors_at": "2026-04-24T09:30",
        "venue_name": "Old market hall",
        "street_address": "12 River Road, Vientiane",
        "price": "Free; workshops 40,000 kip",
        "ticket_url": "https://looms.example/fair",
        "booking_deadline": "2026-04-20",
        "capacity": "800",
        "organiser": "Mekong Looms Guild",
        "speakers": "Bounmy Vongsa, Sok Chenda",
        "age_limit": "None",
        "open_to_public": "yes",
        "media_contact": "Noy Keola, +856 20 5550 0119, pictures from 09:00",
        "body": _FAIR,
        "body_format": "text",
        **_CONTACT,
    },
}

ORGANISATIONS = {
    "business": "Selat Biru Ferries",
    "community": "Sarpankhin Foundation",
    "sports": "Kinta Rovers",
    "appointment": "Selat Biru Ferries",
    "event": "Mekong Looms Guild",
}

MEAN = (
    "“" * 60_000, '"' * 60_001, "#" * 60_000 + "a", "\n" * 60_000, "A " * 30_000, "https://" * 7_000, "!" * 60_000,
    "aged " * 12_000, "- " * 30_000, "Monday 1 " * 6_000, "sponsored by A" * 4_000,
)  # fmt: skip
"""Texts of one thing only, as long as a form takes: whoever reads each letter once for each would take minutes."""


def measured(values: dict[str, str], **known: object) -> Measured:
    """Counts that are good enough for English; `known` replaces some of them."""
    body = values.get("body", "")
    counts: dict[str, object] = {
        "body_text": body,
        "lead": body.split("\n\n")[0],
        "body_words": len(re.findall(r"\w[\w’'-]*", body)),
        "headline_words": len(values.get("headline", "").split()),
        "headline_graphemes": len(values.get("headline", "")),
        "subheadline_graphemes": len(values.get("subheadline", "")),
        "summary_graphemes": len(values.get("summary", "")),
    }
    return Measured(**{**counts, **known})  # type: ignore[arg-type]


def issues_of(kind_name: str, changes: dict[str, str] | None = None, **circumstances: object) -> list[Issue]:
    """The issues of the example of a kind with some answers changed."""
    values = {**EXAMPLES[kind_name], **(changes or {})}
    settings: dict[str, object] = {
        "now": NOW,
        "organisation_name": ORGANISATIONS[kind_name],
        "site_timezone": "Asia/Singapore",
        "countries": COUNTRIES,
        "languages": LANGUAGES.__contains__,
    }
    counts = circumstances.pop("measured", None) or measured(values)
    return check(kind_name, values, counts, **{**settings, **circumstances})  # type: ignore[arg-type]


def blocking_of(
    kind_name: str, changes: dict[str, str] | None = None, **circumstances: object
) -> list[tuple[str, str]]:
    """Field and code of what blocks."""
    return [(i.field, i.code) for i in issues_of(kind_name, changes, **circumstances) if i.blocks]


def advice_of(
    kind_name: str, changes: dict[str, str] | None = None, **circumstances: object
) -> list[tuple[str, str]]:
    return [(i.field, i.code) for i in issues_of(kind_name, changes, **circumstances) if not i.blocks]
