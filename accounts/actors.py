"""Who acts: a person, a key, the clock or the demo, with what they may. Every action takes one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from accounts.roles import ROLE_RIGHTS, SCOPE_RIGHTS, Reach, Right, Role, Scope, furthest
from core import clock
from core.errors import Refused

# The demo of a training place, as the log names it: neither a person nor a key. Its id stands for it in forms.
DEMO = "demo"
DEMO_ID = UUID("de3000de-3000-4000-8000-00000000de30")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts, as the log names them (`ref`) and as the table of rights sees them.

    agency: a desk's or crew's agency, or the one a key is bound to. unit: the unit a crew is signed on to. desk: the
    code of the desk that they act at, which events name.
    """

    ref: str
    name: str
    centre: UUID
    roles: frozenset[Role] = frozenset()
    scopes: frozenset[Scope] = frozenset()
    agency: UUID | None = None
    unit: UUID | None = None
    user: UUID | None = None
    language: str = "id"
    desk: str | None = None
    everything: bool = field(default=False)  # the system itself

    def at_desk(self, desk: str | None) -> Actor:
        """The same actor at a desk, by its code."""
        return replace(self, desk=desk)

    @property
    def is_key(self) -> bool:
        """Whether a program acts, by an API key."""
        return self.ref.startswith("key:")

    @property
    def is_person(self) -> bool:
        """Whether a named person acts."""
        return self.user is not None

    def reach(self, right: Right) -> Reach:
        """How far this actor's right goes. A key bound to an agency reaches only that agency's own."""
        if self.everything:
            return Reach.ANY
        reaches = [ROLE_RIGHTS[role].get(right, Reach.NONE) for role in self.roles]
        by_scope = [SCOPE_RIGHTS[scope].get(right, Reach.NONE) for scope in self.scopes]
        if self.is_key and self.agency and Reach.ANY in by_scope:
            by_scope = [Reach.OWN]
        return furthest(reaches + by_scope)

    def may(self, right: Right) -> bool:
        """Whether the actor has the right at all."""
        return self.reach(right) is not Reach.NONE

    def require(self, right: Right) -> Reach:
        """The reach of a right, or Refused: `scope_missing` for a key, `not_allowed` for a person."""
        reach = self.reach(right)
        if reach is Reach.NONE:
            raise Refused("scope_missing" if self.is_key else "not_allowed", right=str(right))
        return reach

    def require_any(self, right: Right) -> None:
        """Refuse whoever has the right for less than the whole centre: a key bound to an agency, for one."""
        if self.require(right) is not Reach.ANY:
            raise Refused("not_allowed", right=str(right))

    def require_of_key(self, *rights: Right) -> None:
        """Refuse a key that lacks one of these, before anything is looked up: it must not learn what there is."""
        if self.is_key:
            for right in rights:
                self.require(right)

    def stamp(self, at: datetime | None, received_at: datetime | None = None) -> clock.Stamp:
        """Judge a time that this actor gives for what it reports from where it is (docs/rules/times.md).

        A crew's telephone sends what it kept while it had no network: a machine's clock, never refused. Anybody else's
        raises Invalid (`time_in_future`, `time_too_old`).
        """
        judge = clock.stamp_from_machine if Role.CREW in self.roles else clock.stamp_from_person
        return judge(at, received_at)


def demo_actor(centre: UUID) -> Actor:
    """The demo, which may what the system may: for a training place only."""
    return Actor(ref=DEMO, name="Demo", centre=centre, everything=True)


def system_actor(centre: UUID, part: str = "clock") -> Actor:
    """The system itself, as the log names it: "system:clock"."""
    return Actor(ref=f"system:{part}", name="Sigap", centre=centre, everything=True)
