"""Sport: fixtures and results first, with the score as data, so that the facts box can never say another score."""

from portal.rules import scores
from portal.rules.kinds.community import MINORS
from portal.rules.kinds.facts_lines import day_line, line
from portal.rules.kinds.fields import Field, Values, typed
from portal.rules.kinds.kind import FactLine, Kind, Say, Words

LOWEST_WINS = ("golf", "cross-country", "cross country")


def is_match(values: Values) -> bool:
    return typed(values, "match_kind") in ("fixture", "result")


def is_result(values: Values) -> bool:
    return typed(values, "match_kind") == "result"


_SCORE_HINT = "Best a whole number; wickets or penalties may follow: 187/6, 2 (4). Other scores stand as you type them: 2½, W/O."

FIELDS = (
    Field("sport", "Sport", "For example sepak takraw, football, badminton.", required=True),
    Field("competition", "Competition", "The full name of the league, cup or meeting.", required=True),
    Field(
        "division",
        "Division",
        "Age group, division, men or women: for example under-17 girls.",
        required=True,
    ),
    Field("stage", "Stage or round", "For example quarter-final, second leg."),
    Field(
        "match_kind",
        "Kind of sports news",
        "",
        "choice",
        (
            ("fixture", "Match to come"),
            ("result", "Result"),
            ("signing", "Signing"),
            ("trial", "Trial"),
            ("award", "Award"),
            ("other", "Other"),
        ),
        required=True,
    ),
    Field("date", "Date", "The day of the match, signing, trial or award.", "date", required=True),
    Field("venue", "Venue", "Ground, hall or course, with its town.", required=True),
    Field("home", "Home side", "The side named first in the programme.", needed_when=is_match),
    Field("away", "Away side", "The side named second.", needed_when=is_match),
    Field(
        "home_score",
        "Score of the home side",
        _SCORE_HINT,
        "score",
        needed_when=is_result,
    ),
    Field(
        "away_score",
        "Score of the away side",
        _SCORE_HINT,
        "score",
        needed_when=is_result,
    ),
    Field("period_scores", "Scores by half, period or set", "For example 1–0, 1–1."),
    Field(
        "scorers",
        "Scorers or best performers",
        "Three a side at most, first and last names, from the official statistics only.",
        "text",
        rows=2,
    ),
    Field(
        "coach_quote",
        "What the coach said",
        "The words and, after a dash, the name of the coach.",
        "text",
        rows=3,
        said="what the coach said",
    ),
    Field("next_fixture", "Next fixture", "Against whom, where and when."),
    *MINORS,
)


def facts(values: Values, say: Say) -> list[FactLine]:
    return [
        line(say("Sport"), typed(values, "sport")),
        line(say("Competition"), typed(values, "competition")),
        line(say("Division"), typed(values, "division")),
        line(say("Stage"), typed(values, "stage")),
        line(say("Result") if result(values) else say("Match"), result(values) or _pairing(values)),
        line(say("By period"), _by_period(values)),
        line(say("Scorers"), typed(values, "scorers")),
        day_line(say("Date"), typed(values, "date"), say),
        line(say("Venue"), typed(values, "venue")),
        line(say("Next"), typed(values, "next_fixture")),
    ]


def result(values: Values) -> str:
    """`Kinta Rovers 2–1 Teluk Sari`, the winner first; empty where a side or a score is missing."""
    home = (typed(values, "home"), typed(values, "home_score"))
    away = (typed(values, "away"), typed(values, "away_score"))
    if not (is_result(values) and all((*home, *away))):
        return ""
    return scores.line(*away, *home) if _away_won(values) else scores.line(*home, *away)


def _by_period(values: Values) -> str:
    """In the order of the result, so that no line of the box says another winner than the one above it."""
    typed_so = typed(values, "period_scores")
    if not (result(values) and _away_won(values)):
        return typed_so
    return scores.turned(typed_so, (typed(values, "home"), typed(values, "away")))


def _away_won(values: Values) -> bool:
    low_wins = any(name in typed(values, "sport").lower() for name in LOWEST_WINS)
    home, away = typed(values, "home_score"), typed(values, "away_score")
    return scores.winner(home, away, low_wins=low_wins) == "away"


def _pairing(values: Values) -> str:
    home, away = typed(values, "home"), typed(values, "away")
    return f"{home} v {away}" if home and away else home or away


SPORTS = Kind(
    name="sports",
    label="Sport",
    plural="Sport",
    says="A match to come, a result, a signing, a trial or an award. Have ready: competition, both sides, the score "
    "and the first and last names of the scorers.",
    words=Words(least=60, most=600, advised_least=150, advised_most=300),
    headline_pattern="{home} beat {away} {home_score}–{away_score}",
    fields=FIELDS,
    facts=facts,
)
