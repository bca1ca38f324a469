"""Tables of allowed steps: one small class for every state machine of the domain."""

from __future__ import annotations

from collections.abc import Mapping

from core.errors import Conflict


class Steps:
    """Which state may follow which. `check` is the one place a forbidden step is refused."""

    def __init__(self, table: Mapping[str, tuple[str, ...]]) -> None:
        self.table = {state: tuple(allowed) for state, allowed in table.items()}
        unknown = {to for allowed in self.table.values() for to in allowed} - self.table.keys()
        if unknown:
            raise ValueError(f"steps to states that are not in the table: {sorted(unknown)}")

    def allowed(self, state: str) -> tuple[str, ...]:
        """The states that may follow `state`."""
        return self.table[state]

    def may(self, state: str, to: str) -> bool:
        """Whether `to` may follow `state`."""
        return to in self.table[state]

    def check(self, state: str, to: str) -> bool:
        """True if the step changes something, False if the state is the same already.

        Raises Conflict(`step_not_allowed`) naming the allowed ones.
        """
        if state == to:
            return False
        if not self.may(state, to):
            raise Conflict(
                "step_not_allowed",
                f"{state} -> {to}",
                state=state,
                wanted=to,
                allowed=list(self.table[state]),
            )
        return True
