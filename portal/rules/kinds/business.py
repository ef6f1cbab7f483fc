"""Business news: a launch, an opening, a contract, results; what it is worth and to whom."""

from portal.rules.kinds.facts_lines import amount_line, day_line, line, number_line
from portal.rules.kinds.fields import Field, Values, choice_label, typed
from portal.rules.kinds.kind import FactLine, Kind, Say, Words

NEWS_KIND = Field(
    "news_kind",
    "Kind of business news",
    "Choose what comes nearest; the story says the rest.",
    "choice",
    (
        ("launch", "Launch"),
        ("expansion", "Expansion"),
        ("opening", "Opening"),
        ("contract", "Contract"),
        ("partnership", "Partnership"),
        ("merger", "Merger or takeover"),
        ("results", "Results"),
        ("award", "Award"),
        ("anniversary", "Anniversary"),
        ("funding", "Funding"),
        ("report", "Report"),
        ("other", "Other news"),
    ),
    required=True,
)

FIELDS = (
    NEWS_KIND,
    Field("product", "Product or site", "The name of the product, service, plant, shop or route."),
    Field(
        "location",
        "Where it happens",
        "The place of the opening, plant, project or deal. It may differ from the city of the release.",
        required=True,
        said="where it happens",
    ),
    Field(
        "amount",
        "Amount",
        "Value of the deal, investment or result, as a figure: 2,500,000. Leave it empty if it is not public.",
        "amount",
        inputmode="decimal",
    ),
    Field("currency", "Currency", "The three letters, such as MMK, SGD or USD."),
    Field(
        "jobs",
        "Jobs",
        "How many jobs are created, kept or lost, as a number.",
        "whole",
        inputmode="numeric",
        said="the number of jobs",
    ),
    Field(
        "effective_date",
        "From when",
        "The day on which it opens, starts or takes effect, or “immediate”.",
        "date_or_immediate",
        required=True,
        said="the day from which it counts",
    ),
    Field(
        "counterpart",
        "Other organisation named",
        "The partner, buyer, seller or customer that the release names.",
    ),
    Field(
        "counterpart_consent",
        "The other organisation has agreed in writing to be named",
        "Keep the letter or mail: an editor may ask for it.",
        "tick",
        needed_when="counterpart",
        public=False,
        code="THIRD_PARTY",
        said="that the other organisation has agreed to be named",
    ),
    Field("ticker", "Stock exchange and ticker", "Only for a listed company, for example SGX: D05."),
    Field(
        "forward_looking",
        "The release makes statements about the future",
        "Forecasts of sales, profit or growth. Editors read these with care.",
        "tick",
        public=False,
        said="whether it makes statements about the future",
    ),
)


def facts(values: Values, say: Say) -> list[FactLine]:
    return [
        line(say("News"), say(choice_label(NEWS_KIND, typed(values, "news_kind")))),
        line(say("Product or site"), typed(values, "product")),
        line(say("Where"), typed(values, "location")),
        amount_line(say("Amount"), values),
        number_line(say("Jobs"), typed(values, "jobs")),
        day_line(say("From"), typed(values, "effective_date"), say),
        line(say("With"), typed(values, "counterpart")),
        FactLine(say("Listed as"), typed(values, "ticker"), unbroken=True),
    ]


BUSINESS = Kind(
    name="business",
    label="Business",
    plural="Business",
    says="A launch, an opening, a contract, results. Have ready: what happens where and from when, figures that "
    "you can prove, and leave from any partner you name.",
    words=Words(least=100, most=1500, advised_least=250, advised_most=800),
    headline_pattern="{organisation} opens {product} in {location}",
    fields=FIELDS,
    facts=facts,
)
