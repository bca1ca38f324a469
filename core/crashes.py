"""Errors and tracebacks as logs may hold them: what failed and where, without a value that somebody typed or sent."""

from __future__ import annotations

import errno
import logging
import sys
import threading
import traceback
from types import TracebackType
from typing import Any

import psycopg

from core.errors import DomainError

LONGEST_CHAIN = 5

logger = logging.getLogger(__name__)


def described(error: BaseException) -> str:
    """An error by its type and what it holds of codes and names: its text may quote a caller, a name, a password."""
    name = type(error).__name__
    details: list[str] = []
    if isinstance(error, psycopg.Error):
        diagnosis = error.diag
        named = (diagnosis.table_name, diagnosis.column_name, diagnosis.constraint_name)
        details = [text for text in (error.sqlstate, *named) if text]
    elif isinstance(error, DomainError):
        details = [str(error.code)]
    elif isinstance(error, OSError) and isinstance(error.errno, int):
        details = [errno.errorcode.get(error.errno, str(error.errno))]
    elif isinstance(error, SystemExit) and isinstance(error.code, int):
        details = [str(error.code)]
    return f"{name}: {' '.join(details)}" if details else name


def trace(error: BaseException) -> str:
    """The traceback of an error and of what caused it: files, lines and functions, no values and no messages."""
    parts: list[str] = []
    seen: BaseException | None = error
    for _ in range(LONGEST_CHAIN):
        if seen is None:
            break
        frames = traceback.extract_tb(seen.__traceback__)
        lines = [f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}' for frame in frames]
        inner = [f"  | {described(one)}" for one in seen.exceptions] if isinstance(seen, BaseExceptionGroup) else []
        parts.append("\n".join(["Traceback (most recent call last):", *lines, described(seen), *inner]))
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\ncaused by\n".join(parts)


def log_crashes() -> None:
    """Have what ends a process or a thread, warnings and failures of logging itself go through the log's own form."""
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = False  # it would print the message and its arguments


def _uncaught(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        logger.critical("crashed", exc_info=(kind, error, at))


def _uncaught_in_thread(args: Any) -> None:
    if args.exc_type is not SystemExit and args.exc_value is not None:
        logger.critical("thread_crashed", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))


def _unraisable(args: Any) -> None:
    if args.exc_value is not None:
        logger.error("unraisable", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))
