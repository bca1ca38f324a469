"""What an event can be: each app lists its kinds, with the fields of their data and their sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum, StrEnum
from typing import Any, Self

from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_noop as _

# The type of a field's value by the field's name. A field may be absent or None. An Enum stands for its values.
Fields = Mapping[str, type]

# Every event may have it: it was stated more than a minute after it happened.
LATE = "late"
FORCED = _("(forced)")


class EventKind(StrEnum):
    """The base of the event kinds of an app: a text for the log that knows its data and its sentence.

    A member is (name in the log, sentence, fields of its data, further sentences) and is called as its name is, in
    capitals: CALL_RANG for "call.rang". Sentences are marked with `gettext_noop` and show a field as %(field)s. Further
    sentences, by field, follow the first one where the data has that field.
    """

    sentence: str
    fields: Fields
    further: Mapping[str, str]

    def __new__(
        cls, name: str, sentence: str, fields: Fields | None = None, further: Mapping[str, str] | None = None
    ) -> Self:
        """Make a member."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.sentence, member.fields, member.further = sentence, fields or {}, further or {}
        return member

    @classmethod
    def named(cls, name: str) -> Self:
        """The member of this app with a name in the log. Raises KeyError where there is none."""
        return {kind.value: kind for kind in cls}[name]

    def check(self, data: Mapping[str, Any]) -> None:
        """Raise TypeError where the data has a field that this kind does not have, or a value of another type."""
        for field, value in data.items():
            if field == LATE:
                continue
            if field not in self.fields:
                raise TypeError(f"{self} has no field {field!r}")
            if value is not None and not _fits(value, self.fields[field]):
                raise TypeError(f"{self}: {field} is a {self.fields[field].__name__}, not {value!r}")


class CoreEvent(EventKind):
    """What happens to the event log, the timers and the clock."""

    # Many board items changed at once: every client reads its board anew.
    FEED_RESET = "feed.reset", _("Every board was read anew."), {"why": str}
    TIMER_FAILED = (
        "timer.failed",
        _("A deadline could not be kept: the system failed three times."),
        {"timer": int, "timer_kind": str, "due_at": str},
    )
    CLOCK_LATE = "clock.late", _("Deadlines are kept late."), {"seconds": int}
    CLOCK_ON_TIME = "clock.on_time", _("Deadlines are kept in time again."), {"seconds": int}


def all_kinds() -> Iterator[EventKind]:
    """Every kind of every installed app."""
    autodiscover_modules("events")
    for app in EventKind.__subclasses__():
        yield from app


def _fits(value: Any, wanted: type) -> bool:
    if issubclass(wanted, Enum):
        return isinstance(value, wanted) or value in {member.value for member in wanted}
    return isinstance(value, wanted)
