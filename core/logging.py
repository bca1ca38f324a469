"""One JSON line on standard error for each thing worth telling; secrets never among them."""

from __future__ import annotations

import logging.config
import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

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


def hide_secrets(_logger: WrappedLogger, _method: str, entry: EventDict) -> MutableMapping[str, Any]:
    """Blank values under names such as password or token, and keys that stand in running text."""
    return {name: _hidden(name, value) for name, value in entry.items() if name not in _LEFT_OUT}


def _hidden(name: str, value: Any) -> Any:
    if _SECRET_NAME.search(name):
        return HIDDEN
    if isinstance(value, Mapping):
        return {str(inner): _hidden(str(inner), item) for inner, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(name, item) for item in value]
    if isinstance(value, str):
        for pattern, instead in _SECRETS_IN_TEXT:
            value = pattern.sub(instead, value)
    return value


def _processors(*more: Processor) -> list[Processor]:
    return [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        *more,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,  # the plain traceback: no local variables, which may be a caller's words
    ]


def configure(options: Mapping[str, Any]) -> None:
    """Set logging up; Django calls it with settings.LOGGING ({"level": "INFO"})."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": _processors(structlog.stdlib.ExtraAdder()),
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        hide_secrets,
                        structlog.processors.JSONRenderer(sort_keys=False, ensure_ascii=False, default=str),
                    ],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": options.get("level", "INFO")},
            "loggers": {
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
