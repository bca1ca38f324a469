"""What a rule needs to know of its subject, handed in by the composition root: alarms knows no subject itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Standing:
    """A subject whose condition still holds.

    subjects: further subjects of the alarm's facts. agencies: those that see the alarm, besides the centre.
    params: ids and codes for the alarm's words: `unit`, `callsign`, `agency`, `incident` and `number` wherever the
    subject has one, so that a screen can group alarms by incident. variant: which of the rule's tables of seconds
    counts, where it has several.
    """

    centre: UUID
    priority: int | None
    subjects: tuple[str, ...] = ()
    agencies: tuple[UUID, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """An escalation rule: how to lock its subjects (SKIP LOCKED, in the order of actions) and which still stand."""

    rule: int
    lock: Callable[[Sequence[str]], set[str]]
    standing: Callable[[Collection[str]], dict[str, Standing]]
