"""Risks that ask for a second pair of eyes or a recorded check.

Few and sure: each flag costs the desk a second person, so words alone raise one only where they leave little doubt.
Editors may set and take off flags. `first_release` depends on the sender's past and is added elsewhere.
"""

import re

from portal.rules.kinds import every_field
from portal.rules.kinds.fields import Values, ticked, typed
from portal.rules.requirements.case import public_text
from portal.rules.requirements.measured import Measured
from portal.rules.requirements.people import CHILD

FLAGS = ("legal", "listed", "minors", "health", "political", "financial", "third_party", "first_release")

_WORDS = {
    "legal": re.compile(
        r"\b(?:lawsuits?|sued|suing|plaintiffs?|defendants?|indict(?:ed|ments?)|convicted|acquitted|prosecut(?:ed|ors?|ion)"
        r"|(?:high|supreme|district|appeals?) court|court (?:case|ruling|order|action)|arrested|charged with)\b",
        re.IGNORECASE,
    ),
    "health": re.compile(
        r"\b(?:clinically proven|miracle cure|cures? (?:cancer|diabetes|covid\S*|hiv|dengue|malaria)"
        r"|(?:treats?|prevents?|heals?) (?:cancer|diabetes|covid\S*|hiv|dengue|malaria)|boosts? (?:the )?immun\w+)",
        re.IGNORECASE,
    ),
    "political": re.compile(
        r"\b(?:vote (?:for|against)|election campaign|campaign rally|our candidate|referendum campaign"
        r"|(?:presidential|parliamentary|party) candidate)\b",
        re.IGNORECASE,
    ),
    "financial": re.compile(
        r"\b(?:guaranteed (?:returns?|profits?)|invest (?:now|today)|(?:token|coin) (?:sale|offering)|buy (?:the )?shares"
        r"|initial public offering|share price will|double your money)\b",
        re.IGNORECASE,
    ),
    "minors": CHILD,
}


def risk_flags(kind_name: str, values: Values, measured: Measured) -> set[str]:
    """The flags that follow from a release alone."""
    text = public_text(every_field(kind_name, values), values, measured)
    return {flag for flag, words in _WORDS.items() if words.search(text)} | _from_answers(kind_name, values)


def _from_answers(kind_name: str, values: Values) -> set[str]:
    own = {field.name for field in every_field(kind_name, values)}
    answers = {
        "minors": ticked(values, "minors_named") and "minors_named" in own,
        "listed": "ticker" in own and (bool(typed(values, "ticker")) or ticked(values, "forward_looking")),
        "third_party": "counterpart" in own and bool(typed(values, "counterpart")),
    }
    return {flag for flag, raised in answers.items() if raised}
