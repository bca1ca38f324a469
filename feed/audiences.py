"""Who sees what on a board and in a feed: the centre everything, an agency and a crew what they have a part in."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from core.registry import Form


@dataclass(frozen=True, slots=True)
class View:
    """A way to look at the place. Everybody with the same view gets the very same text. id: the agency's or unit's."""

    kind: Literal["centre", "agency", "crew"]
    id: UUID | None = None

    @property
    def subject(self) -> str | None:
        """The subject that an event must name to be sent to this view; None: all events are sent."""
        if self.kind == "centre":
            return None
        return f"{'agency' if self.kind == 'agency' else 'unit'}:{self.id}"


CENTRE = View("centre")


def sees(view: View, form: Form[Any]) -> bool:
    """Whether a thing stands on this view's board."""
    if view.kind == "centre":
        return True
    return view.id in (form.agencies if view.kind == "agency" else form.units)


def receives(view: View, subjects: Collection[str]) -> bool:
    """Whether an event that names these subjects is sent to this view."""
    return view.kind == "centre" or view.subject in subjects


@dataclass(frozen=True, slots=True)
class Admission:
    """Somebody who may open a socket.

    watches: subjects ("session:<uuid>", "user:<uuid>", "key:<uuid>") whose end closes the socket.
    expires_at: when the session or key ends by itself; None: never.
    """

    view: View
    watches: frozenset[str] = frozenset()
    expires_at: datetime | None = None


# Judges a connection's scope (headers, cookies): an Admission, or the code to close it with (4401, 4403).
Admit = Callable[[dict[str, Any]], Admission | int]
