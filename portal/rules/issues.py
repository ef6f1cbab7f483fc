"""What a check returns. It lives apart from the checks because reading, kinds and times return issues too."""

from dataclasses import dataclass

BLOCKING = "blocking"
ADVICE = "advice"


@dataclass(frozen=True)
class Issue:
    """One thing to look at: `code` is from the list of reasons, `field` the name of the form field it stands at.

    `message` says what is wrong and then what to do; `mend` adds what helps; `page` is the page to mend it on.
    `move` names what of a story has a place of its own, where one press can move it there (`rules/out_of_place.py`).
    """

    code: str
    field: str
    severity: str
    message: str
    mend: str = ""
    page: str = ""
    move: str = ""

    @property
    def blocks(self) -> bool:
        return self.severity == BLOCKING


def blocking(code: str, field: str, message: str, *, mend: str = "", page: str = "") -> Issue:
    return Issue(code, field, BLOCKING, message, mend, page)


def advice(code: str, field: str, message: str, *, mend: str = "", page: str = "", move: str = "") -> Issue:
    return Issue(code, field, ADVICE, message, mend, page, move)
