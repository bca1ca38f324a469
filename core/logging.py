"""One JSON line on standard error for each event of operation; secrets and what people wrote never among them.

Our own loggers write ids, codes and numbers. What libraries log is not ours to choose: of theirs the template and the
numbers stay, texts go, since a text may quote what somebody sent.
"""

from __future__ import annotations

import logging.config
import re
import sys
from collections.abc import Mapping, MutableMapping
from itertools import islice
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from core.crashes import described, log_crashes, trace

HIDDEN = "***"
# The last part of a name that says its value is a secret: api_key, session_token, Set-Cookie.
_SECRET_NAME = re.compile(
    r"(?:^|[_\-.])(?:password|passwd|secret|token|authorization|cookie|credentials|dsn|key|otp|sessionid)$",
    re.IGNORECASE,
)
_SECRETS_IN_TEXT = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w\-.~+/=]+"), r"\1 " + HIDDEN),
    (re.compile(r"(?i)\b(key|token|password|secret|sessionid)=[^\s&;,\"']+"), r"\1=" + HIDDEN),
    (re.compile(r"(?i)\b([a-z][a-z0-9+.\-]*://[^\s:/@]*):[^\s@]+@"), r"\1:" + HIDDEN + "@"),
)
# What frameworks hang on a record that is no news: whole requests and sockets.
_LEFT_OUT = frozenset({"request", "sock", "server_time", "taskName", "color_message"})


# The packages whose records are kept whole.
OURS = frozenset(
    {
        "accounts",
        "alarms",
        "bench",
        "calls",
        "config",
        "core",
        "directory",
        "dispatch",
        "feed",
        "http_server",
        "launcher",
        "monitoring",
        "notifications",
        "places",
        "plans",
        "sigap",
        "simulation",
        "staff",
        "units",
        "web",
    }
)
LONGEST = 500
LONGEST_TRACE = 8_000
MOST_ITEMS = 50
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|\d{4,}")
_WARNING = re.compile(r"(.*?:\d+: \w+): ")
# Of what Celery and others hang on a record only figures stay.
_FIGURES = (bool, int, float)


def only_ours(_logger: WrappedLogger, _method: str, entry: EventDict) -> EventDict:
    """Take texts out of what a library logged: its message keeps its template, its extras their numbers."""
    record: logging.LogRecord | None = entry.get("_record")
    args = entry.pop("positional_args", None)
    if record is None or entry.get("_from_structlog") or record.name.partition(".")[0] in OURS:
        return entry
    kept = {name: value for name, value in entry.items() if name in _KEPT or isinstance(value, _FIGURES)}
    return kept | {"event": _without_texts(record, args)}


_KEPT = frozenset({"level", "logger", "timestamp", "exception", "_record", "_from_structlog"})


def _without_texts(record: logging.LogRecord, args: object) -> str:
    request = getattr(record, "request", None)
    if request is not None and hasattr(record, "status_code"):
        match = getattr(request, "resolver_match", None)
        route = getattr(match, "route", None)
        return f"{record.status_code} {getattr(request, 'method', '')} {route if route is not None else '(no route)'}"
    template = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    if record.name == "py.warnings":
        found = _WARNING.match(template)
        return found[1] if found else "warning"
    if not args:
        return _QUOTED.sub(HIDDEN, template.split("\n", 1)[0])
    try:
        if isinstance(args, Mapping):
            return template % {name: _figure(value) for name, value in args.items()}
        return template % tuple(map(_figure, args if isinstance(args, tuple) else (args,)))
    except (TypeError, ValueError, KeyError):
        return template


def _figure(value: object) -> object:
    if value is None or isinstance(value, _FIGURES):
        return value
    return described(value) if isinstance(value, BaseException) else HIDDEN


def add_trace(_logger: WrappedLogger, _method: str, entry: EventDict) -> EventDict:
    """Put the traceback of `exc_info` under `exception`, without the error's text."""
    given = entry.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        entry["exception"] = trace(error)
    return entry


def hide_secrets(_logger: WrappedLogger, _method: str, entry: EventDict) -> MutableMapping[str, Any]:
    """Blank values under names such as password or token, and keys that stand in running text."""
    return {name: _hidden(name, value) for name, value in entry.items() if name not in _LEFT_OUT}


def _cut(name: str, text: str) -> str:
    longest = LONGEST_TRACE if name == "exception" else LONGEST
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"


def _hidden(name: str, value: Any) -> Any:
    if _SECRET_NAME.search(name):
        return HIDDEN
    if isinstance(value, Mapping):
        return {str(inner)[:LONGEST]: _hidden(str(inner), item) for inner, item in islice(value.items(), MOST_ITEMS)}
    if isinstance(value, list | tuple):
        return [_hidden(name, item) for item in value[:MOST_ITEMS]]
    if isinstance(value, BaseException):
        return described(value)
    if isinstance(value, str):
        value = _cut(name, value)
        for pattern, instead in _SECRETS_IN_TEXT:
            value = pattern.sub(instead, value)
    return value


def _processors(*more: Processor) -> list[Processor]:
    return [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        *more,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_trace,
    ]


_UVICORN = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")


def configure(options: Mapping[str, Any]) -> None:
    """Set logging up; Django calls it with settings.LOGGING ({"level": "INFO", "crashes": False}).

    crashes: the process's output is a log, so that what ends it is written in the log's form.
    """
    if options.get("crashes"):
        log_crashes()
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "pass_foreign_args": True,
                    "foreign_pre_chain": _processors(structlog.stdlib.ExtraAdder()),
                    "processors": [
                        only_ours,
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        hide_secrets,
                        structlog.processors.JSONRenderer(sort_keys=False, ensure_ascii=False, default=str),
                    ],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": options.get("level", "INFO")},
            "loggers": {
                # uvicorn's command line has set its own up before.
                **{name: {"handlers": [], "propagate": True, "level": "WARNING"} for name in _UVICORN},
                "httpcore": {"level": "WARNING"},
                "kombu": {"level": "WARNING"},
                "celery.beat": {"level": "WARNING"},
                "celery.app.trace": {"level": "WARNING"},
                "celery.worker.strategy": {"level": "WARNING"},
                "celery.worker.request": {"level": "WARNING"},
            },
        }
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_processors(structlog.stdlib.PositionalArgumentsFormatter()),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
