"""Which statements a piece of work sends to the database, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

APPEND = "sigap_append("
_FRAMING = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "BEGIN", "COMMIT", "ROLLBACK", "SET CONSTRAINTS")


@dataclass
class Statements:
    """The statements seen, their text as sent."""

    seen: list[str] = field(default_factory=list)

    @property
    def appends(self) -> int:
        """How often the event log was appended to."""
        return sum(APPEND in statement for statement in self.seen)

    @property
    def after_append(self) -> list[str]:
        """What followed the first append, transaction control aside: for one action this must be empty."""
        for index, statement in enumerate(self.seen):
            if APPEND in statement:
                return [later for later in self.seen[index + 1 :] if not later.upper().startswith(_FRAMING)]
        return []


@contextmanager
def record_statements() -> Iterator[Statements]:
    """Record every statement of this thread's connection for the length of the block."""
    statements = Statements()

    def note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        statements.seen.append(str(sql).strip())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield statements
