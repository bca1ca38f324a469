"""The escalation rules by name, and which roles acknowledge their alarms (docs/rules/escalation.md)."""

from __future__ import annotations

from enum import IntEnum

from accounts.actors import Actor
from accounts.roles import Role, Scope


class EscalationRule(IntEnum):
    """An escalation rule; the value is its number in docs/rules/escalation.md, in policies, alarms and the API."""

    CALL_WAITING = 1
    P1_WITHOUT_UNITS = 2
    P2_WITHOUT_UNITS = 3
    P3_WITHOUT_UNITS = 4
    NOT_ACKNOWLEDGED = 5
    NOT_EN_ROUTE = 6
    NOT_ON_SCENE = 7
    NO_REPORT_FROM_SCENE = 8
    CREW_EMERGENCY = 9
    CALL_BACKS_DUE = 10
    TASK_NOT_ACCEPTED = 11
    NO_FREE_OPERATOR = 12
    MANY_ABANDONED_CALLS = 13
    COMPLAINT_OPEN = 14
    NUISANCE_NUMBER = 15
    SYSTEM_FAULT = 16
    WARNING_NOT_SEEN = 17
    AREA_WITHOUT_DESK = 18
    CLOCK_OFF = 19
    CALL_ON_HOLD = 20


_R = EscalationRule
# Which rules a role may acknowledge (docs/rules/roles.md#acknowledging).
ACKNOWLEDGES: dict[Role, frozenset[EscalationRule]] = {
    Role.CALL_TAKER: frozenset({_R.CALL_WAITING, _R.CALL_BACKS_DUE, _R.CALL_ON_HOLD}),
    Role.DISPATCHER: frozenset(_R) - {_R.NO_FREE_OPERATOR, _R.MANY_ABANDONED_CALLS, _R.NUISANCE_NUMBER},
    Role.SUPERVISOR: frozenset(_R),
    Role.AGENCY_DESK: frozenset({_R.CREW_EMERGENCY, _R.TASK_NOT_ACCEPTED}),
    Role.ADMIN: frozenset({_R.SYSTEM_FAULT, _R.CLOCK_OFF}),
}


def may_acknowledge(actor: Actor, rule: int) -> bool:
    """Whether the actor's role may acknowledge alarms of a rule (docs/rules/roles.md#acknowledging).

    Which alarms the actor sees is another question.
    """
    if actor.everything or Scope.BOARD in actor.scopes:
        return True
    return any(rule in ACKNOWLEDGES.get(role, frozenset()) for role in actor.roles)
