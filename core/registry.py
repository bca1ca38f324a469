"""The shape of what the composition root (config.registry) hands to core, which knows no word of the trade."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from core.models import Event, Timer


@dataclass(frozen=True, slots=True)
class Form:
    """A thing's current form with who, besides the centre, has a part in it."""

    body: dict[str, Any]
    agencies: frozenset[UUID] = frozenset()
    units: frozenset[UUID] = frozenset()


# ids None: every open thing of the kind; else those of the ids that are open. What is missing is off the board.
FormReader = Callable[[Collection[UUID] | None], dict[UUID, Form]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that stands on the board: its subject prefix, its list's name there, its bulk reader."""

    prefix: str
    plural: str
    read: FormReader


@dataclass(frozen=True, slots=True)
class TimerHandler:
    """What happens when timers of a kind fall due.

    lock: locks the subjects' rows in the order of actions with SKIP LOCKED, given subject texts; returns those it
    got. fire: called once inside the transaction with the timers that are still armed and due, and the time;
    re-checks its condition, writes in bulk, arms what is next, appends its facts.
    """

    lock: Callable[[Sequence[str]], set[str]]
    fire: Callable[[Sequence[Timer], Any], None]


@dataclass(frozen=True, slots=True)
class HealthPart:
    """One part of /healthz: ok or not, and figures that say why."""

    ok: bool
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registry:
    """Where things meet."""

    kinds: tuple[Kind, ...]
    timers: Mapping[str, TimerHandler]
    # One sentence of a timeline: (event, language, names) -> text; names is a bulk reader's answer.
    sentences: Mapping[str, Callable[[Event, str], str]]
    positions: Callable[[Collection[UUID] | None], list[tuple[Form, list[Any]]]]
    kpis: Callable[[], dict[str, Any]]
    recipients: Callable[[str], list[tuple[str, str]]]
    health: Mapping[str, Callable[[], HealthPart]]
