"""The shape of what the composition root (config.registry) hands to core, which knows nothing of the domain."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from core.models import Timer

Body = TypeVar("Body", bound=Mapping[str, Any])


@dataclass(frozen=True, slots=True)
class Form(Generic[Body]):
    """A thing's current form with who, besides the centre, has a part in it."""

    body: Body
    agencies: frozenset[UUID] = frozenset()
    units: frozenset[UUID] = frozenset()


# ids None: every open thing of the kind; else those of the ids that are open. What is missing is off the board.
FormReader = Callable[[Collection[UUID] | None], Mapping[UUID, Form[Any]]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that stands on the board: its subject prefix, its list's name there, its bulk reader."""

    prefix: str
    plural: str
    read: FormReader


@dataclass(frozen=True, slots=True)
class TimerHandler:
    """What happens when timers of a kind fall due.

    lock: locks, in the order of actions and with SKIP LOCKED, the subjects' rows and whatever else stands left of a
    timer there and `fire` will touch (alarms); given subject texts, returns those it got. fire: called once inside the
    transaction with the timers that are still armed and due, and the time; re-checks its condition, writes in bulk,
    arms what is next, appends its facts.
    """

    lock: Callable[[Sequence[str]], set[str]]
    fire: Callable[[Sequence[Timer], Any], None]


@dataclass(frozen=True, slots=True)
class HealthPart:
    """One part of /healthz: ok or not, and figures that say why."""

    ok: bool
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """The words of a notification in one language: a line for a subject or a lock screen, and the whole."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class SystemFault:
    """Something of the machinery that people should hear of.

    kind: `timer.failed` (a handler failed three times) or `clock.late` (deadlines fire more than 5 s late; `standing`
    turns False when they are on time again), `disk.low` or `backup.late` (the machine's, until it is well again).
    subject: the timer's own, or `source:<uuid>` of the worker or of the machine's part. figures: ids, codes and
    integers that say more.
    """

    kind: str
    subject: str
    at: datetime
    standing: bool = True
    figures: Mapping[str, Any] = field(default_factory=dict)


def ignore_fault(fault: SystemFault) -> None:
    """Do nothing more about it: the log and the health page show it."""


@dataclass(frozen=True, slots=True)
class Registry:
    """Where things meet."""

    kinds: tuple[Kind, ...]
    timers: Mapping[str, TimerHandler]
    # Where units are: [callsign, lat, lng, heading, speed, fix_at] of those received since a moment (None: of all),
    # each with a Form that names who may see it.
    positions: Callable[[datetime | None], list[tuple[Form[Any], list[Any]]]]
    kpis: Callable[[], Mapping[str, Any]]
    recipients: Callable[[Collection[str]], Mapping[str, list[tuple[str, str]]]]
    health: Mapping[str, Callable[[], HealthPart]]
    # The words of a notification kind: (params, language) -> Message; a kind without an entry is sent as its codes.
    messages: Mapping[str, Callable[[Mapping[str, Any], str], Message]] = field(default_factory=dict)
    # Called inside the transaction that appends the event of the fault; alarms raise rule 16 from it.
    on_fault: Callable[[SystemFault], None] = ignore_fault
    # Conditions that no single write makes true: looked at every two seconds by the clock that goes first.
    watches: tuple[Callable[[], None], ...] = ()
    # What the domain keeps for a while only: each deletes its own and returns how many.
    cleaners: tuple[Callable[[], int], ...] = ()
