"""One shape for every step that a form takes: done, 303; not right yet, 422; somebody was faster, 409.

The same press once more is answered as the first time.

Both refusals draw the page again, with what was typed where it was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect
from werkzeug.wrappers import Response

from portal.rules.issues import Issue
from portal.rules.refusals import Conflict, Invalid, Repeated
from portal.web.errors import told

Answer = Response | tuple[str, int]
Again = Callable[[str, list[Issue]], str]


def answered(
    step: Callable[[], Any],  # its answer matters to `then` alone
    *,
    again: Again,
    then: str | Callable[[Any], str],
    tell: Callable[[Conflict], str] = told,
) -> Answer:
    """Take the step and go on to `then`, or draw the page `again` with why not and what is wrong at which field.

    `tell` says what somebody did first, by the clock of the page that is drawn again.
    """
    try:
        done = step()
    except Repeated as again_pressed:
        done = again_pressed.result
    except Conflict as refused:
        return again(tell(refused), []), 409
    except Invalid as refused:
        return again(refused.sentence, list(refused.issues)), 422
    return redirect(then if isinstance(then, str) else then(done), 303)
