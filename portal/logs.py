"""One line for each thing that happened: JSON in production, short text in development.

No line holds what people typed, tokens or addresses; a request is named by its id and its route.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, MutableMapping
from traceback import extract_tb
from typing import Any

import structlog

from portal.settings import Settings

ONE_LINE = str.maketrans({"\n": "\\n", "\r": "\\r", "\x85": " ", "\u2028": " ", "\u2029": " "})


def configure(settings: Settings) -> None:
    """Send everything that is logged, also by libraries, through one formatter to standard error."""
    shared: list[Any] = [  # structlog's own type for a processor is as wide
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_ending(settings)],
        )
    )
    handler.set_name("portal")
    _install(handler)


def _ending(settings: Settings) -> list[Any]:
    if settings.is_production:
        return [_where_it_failed, structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [short_text]


def _where_it_failed(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The places and the kind of a failure. Its message is left out: databases quote the row that they refused."""
    problem = event.pop("exc_info", None)
    if problem is True:
        problem = sys.exc_info()
    if isinstance(problem, BaseException):
        problem = (type(problem), problem, problem.__traceback__)
    if isinstance(problem, tuple) and problem[0] is not None:
        event["failure"] = problem[0].__name__
        event["places"] = [f"{each.filename}:{each.lineno} {each.name}" for each in extract_tb(problem[2])]
    return event


def short_text(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    """`11:20:05 info request method=GET …`, and a traceback below it where there is one."""
    problem = event.pop("exc_info", None)
    moment = str(event.pop("timestamp", ""))[11:19]
    level, name, words = event.pop("level", ""), event.pop("logger", ""), event.pop("event", "")
    line = f"{moment} {level} {name}: {words} {_pairs(event)}".rstrip().translate(ONE_LINE)
    if isinstance(problem, tuple) and problem[0] is not None:
        line += "\n" + logging.Formatter().formatException(problem)
    return line


def _pairs(event: Mapping[str, Any]) -> str:
    return " ".join(f"{key}={value}" for key, value in event.items())


def _install(handler: logging.Handler) -> None:
    root = logging.getLogger()
    for old in [each for each in root.handlers if each.get_name() == "portal"]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for noisy in ("alembic", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
