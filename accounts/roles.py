"""Who may do what, as one table (docs/rules/roles.md). Everything that asks "may they?" asks `reach`."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The roles of a centre. A person may have several."""

    CALL_TAKER = "call_taker"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    AGENCY_DESK = "agency_desk"
    CREW = "crew"
    ADMIN = "admin"
    AUDITOR = "auditor"


class Scope(StrEnum):
    """What an API key may be made for."""

    TELEPHONY = "telephony"
    LOCATION = "location"
    CALLS = "calls"
    INCIDENTS = "incidents"
    UNITS = "units"
    BOARD = "board"
    REPORTS = "reports"
    EXCHANGE = "exchange"
    ADMIN = "admin"
    SUPERVISE = "supervise"
    RESTRICTED = "restricted"


class Reach(StrEnum):
    """How far a permission goes: everything of the centre, or only what is one's own (see each right below)."""

    NONE = "none"
    OWN = "own"
    ANY = "any"


class Right(StrEnum):
    """The rights of roles and scopes. What "own" means stands beside each."""

    CALL_SEE = "call.see"
    CALL_WORK = "call.work"  # take, edit, hold, end, dispose; own: calls one took, and any waiting to take
    CALL_LINK = "call.link"  # link, open an incident from it; own: own or waiting
    INCIDENT_SEE = "incident.see"  # own: the agency's tasks and units; the crew's active and stacked
    INCIDENT_RESTRICTED = "incident.restricted"  # own: of calls they took; offered or accepted task; while assigned
    INCIDENT_NUMBER = "incident.number"  # the caller's number; own: accepted task; while assigned
    INCIDENT_OPEN = "incident.open"  # own: for the own agency; field-initiated by a crew
    INCIDENT_EDIT = "incident.edit"
    INCIDENT_NOTE = "incident.note"  # own: what one sees
    INCIDENT_STATE = "incident.state"  # state, merge, split, cancel, reopen, close
    ASSIGN = "assign"  # assign, cancel, divert; own: own units on own tasks
    UNIT_SEE = "unit.see"  # own: own agency's; own unit
    UNIT_STATUS = "unit.status"  # own: own agency's; own unit
    UNIT_FORCE = "unit.force"
    UNIT_EMERGENCY_END = "unit.emergency_end"  # after voice contact with the crew, noted by name
    UNIT_POSITION = "unit.position"
    TASK_OFFER = "task.offer"  # own: a second agency on an own task
    TASK_ANSWER = "task.answer"  # accept, refuse, done; any: on behalf, with a reason
    ALARM_SEE = "alarm.see"  # own: rules 9 and 11 of the own agency
    ALARM_ACKNOWLEDGE = "alarm.acknowledge"  # which rules: alarms/rules.py
    MEASURES = "measures"  # nuisance block, surge, scarcity, broadcast, force, take over; own: propose
    PLACE_WARNINGS = "place_warnings"  # own: propose, or the own agency's
    PLACE_WARNINGS_APPROVE = "place_warnings.approve"
    PLACE_WARNINGS_SEE = "place_warnings.see"  # own: the own agency's; while assigned
    SETTINGS_READ = "settings.read"  # agencies, units, people, types, plans, rules, cards, keys; own: own units
    SETTINGS_WRITE = "settings.write"
    FACTOR_BRIDGE = "factor.bridge"  # a lost second factor, for one shift; never one's own
    REPORTS = "reports"  # own: own hands, own agency
    LOG_SEE = "log.see"  # own: timelines they may see
    BOARD_SEE = "board.see"  # the centre's board and feed; own: the agency's or crew's view
    OPERATE = "operate"  # has an operator state: takes calls, dispatches, supervises
    TELEPHONY = "telephony"
    LOCATION = "location"
    EXCHANGE = "exchange"


_ANY, _OWN = Reach.ANY, Reach.OWN

ROLE_RIGHTS: dict[Role, dict[Right, Reach]] = {
    Role.CALL_TAKER: {
        Right.CALL_SEE: _ANY,
        Right.CALL_WORK: _OWN,
        Right.CALL_LINK: _OWN,
        Right.INCIDENT_SEE: _ANY,
        Right.INCIDENT_RESTRICTED: _OWN,
        Right.INCIDENT_NUMBER: _ANY,
        Right.INCIDENT_OPEN: _ANY,
        Right.INCIDENT_EDIT: _ANY,
        Right.INCIDENT_NOTE: _ANY,
        Right.UNIT_SEE: _ANY,
        Right.ALARM_SEE: _ANY,
        Right.ALARM_ACKNOWLEDGE: _ANY,
        Right.MEASURES: _OWN,
        Right.PLACE_WARNINGS: _OWN,
        Right.PLACE_WARNINGS_SEE: _ANY,
        Right.REPORTS: _OWN,
        Right.LOG_SEE: _OWN,
        Right.BOARD_SEE: _ANY,
        Right.OPERATE: _ANY,
    },
    Role.DISPATCHER: {
        Right.CALL_SEE: _ANY,
        Right.CALL_WORK: _OWN,
        Right.CALL_LINK: _ANY,
        Right.INCIDENT_SEE: _ANY,
        Right.INCIDENT_RESTRICTED: _ANY,
        Right.INCIDENT_NUMBER: _ANY,
        Right.INCIDENT_OPEN: _ANY,
        Right.INCIDENT_EDIT: _ANY,
        Right.INCIDENT_NOTE: _ANY,
        Right.INCIDENT_STATE: _ANY,
        Right.ASSIGN: _ANY,
        Right.UNIT_SEE: _ANY,
        Right.UNIT_STATUS: _ANY,
        Right.UNIT_EMERGENCY_END: _ANY,
        Right.TASK_OFFER: _ANY,
        Right.TASK_ANSWER: _ANY,
        Right.ALARM_SEE: _ANY,
        Right.ALARM_ACKNOWLEDGE: _ANY,
        Right.MEASURES: _OWN,
        Right.PLACE_WARNINGS: _ANY,
        Right.PLACE_WARNINGS_SEE: _ANY,
        Right.REPORTS: _ANY,
        Right.LOG_SEE: _OWN,
        Right.BOARD_SEE: _ANY,
        Right.OPERATE: _ANY,
    },
    Role.SUPERVISOR: {
        Right.CALL_SEE: _ANY,
        Right.CALL_WORK: _ANY,
        Right.CALL_LINK: _ANY,
        Right.INCIDENT_SEE: _ANY,
        Right.INCIDENT_RESTRICTED: _ANY,
        Right.INCIDENT_NUMBER: _ANY,
        Right.INCIDENT_OPEN: _ANY,
        Right.INCIDENT_EDIT: _ANY,
        Right.INCIDENT_NOTE: _ANY,
        Right.INCIDENT_STATE: _ANY,
        Right.ASSIGN: _ANY,
        Right.UNIT_SEE: _ANY,
        Right.UNIT_STATUS: _ANY,
        Right.UNIT_FORCE: _ANY,
        Right.UNIT_EMERGENCY_END: _ANY,
        Right.TASK_OFFER: _ANY,
        Right.TASK_ANSWER: _ANY,
        Right.ALARM_SEE: _ANY,
        Right.ALARM_ACKNOWLEDGE: _ANY,
        Right.MEASURES: _ANY,
        Right.PLACE_WARNINGS: _ANY,
        Right.PLACE_WARNINGS_APPROVE: _ANY,
        Right.PLACE_WARNINGS_SEE: _ANY,
        Right.FACTOR_BRIDGE: _ANY,
        Right.SETTINGS_READ: _ANY,
        Right.REPORTS: _ANY,
        Right.LOG_SEE: _ANY,
        Right.BOARD_SEE: _ANY,
        Right.OPERATE: _ANY,
    },
    Role.AGENCY_DESK: {
        Right.INCIDENT_SEE: _OWN,
        Right.INCIDENT_RESTRICTED: _OWN,
        Right.INCIDENT_NUMBER: _OWN,
        Right.INCIDENT_OPEN: _OWN,
        Right.INCIDENT_NOTE: _OWN,
        Right.ASSIGN: _OWN,
        Right.UNIT_SEE: _OWN,
        Right.UNIT_STATUS: _OWN,
        Right.UNIT_POSITION: _OWN,
        Right.TASK_OFFER: _OWN,
        Right.TASK_ANSWER: _OWN,
        Right.ALARM_SEE: _OWN,
        Right.ALARM_ACKNOWLEDGE: _OWN,
        Right.PLACE_WARNINGS: _OWN,
        Right.PLACE_WARNINGS_SEE: _OWN,
        Right.SETTINGS_READ: _OWN,
        Right.REPORTS: _OWN,
        Right.LOG_SEE: _OWN,
        Right.BOARD_SEE: _OWN,
    },
    Role.CREW: {
        Right.INCIDENT_SEE: _OWN,
        Right.INCIDENT_RESTRICTED: _OWN,
        Right.INCIDENT_NUMBER: _OWN,
        Right.INCIDENT_OPEN: _OWN,
        Right.INCIDENT_NOTE: _OWN,
        Right.UNIT_SEE: _OWN,
        Right.UNIT_STATUS: _OWN,
        Right.UNIT_POSITION: _OWN,
        Right.PLACE_WARNINGS_SEE: _OWN,
        Right.BOARD_SEE: _OWN,
    },
    Role.ADMIN: {
        Right.UNIT_SEE: _ANY,
        Right.ALARM_ACKNOWLEDGE: _ANY,
        Right.PLACE_WARNINGS: _ANY,
        Right.PLACE_WARNINGS_SEE: _ANY,
        Right.FACTOR_BRIDGE: _ANY,
        Right.SETTINGS_READ: _ANY,
        Right.SETTINGS_WRITE: _ANY,
        Right.REPORTS: _ANY,
    },
    Role.AUDITOR: {
        Right.CALL_SEE: _ANY,
        Right.INCIDENT_SEE: _ANY,
        Right.INCIDENT_RESTRICTED: _ANY,
        Right.INCIDENT_NUMBER: _ANY,
        Right.UNIT_SEE: _ANY,
        Right.ALARM_SEE: _ANY,
        Right.PLACE_WARNINGS_SEE: _ANY,
        Right.SETTINGS_READ: _ANY,
        Right.REPORTS: _ANY,
        Right.LOG_SEE: _ANY,
        Right.BOARD_SEE: _ANY,
    },
}

SCOPE_RIGHTS: dict[Scope, dict[Right, Reach]] = {
    Scope.TELEPHONY: {Right.TELEPHONY: _ANY},
    Scope.LOCATION: {Right.LOCATION: _ANY},
    # A program can't be "the person who took it": a key works every call that the scope opens.
    Scope.CALLS: {
        **{
            right: reach
            for right, reach in ROLE_RIGHTS[Role.CALL_TAKER].items()
            if right not in {Right.OPERATE, Right.ALARM_ACKNOWLEDGE, Right.INCIDENT_RESTRICTED, Right.BOARD_SEE}
        },
        Right.CALL_WORK: _ANY,
        Right.CALL_LINK: _ANY,
    },
    Scope.INCIDENTS: {
        right: reach
        for right, reach in ROLE_RIGHTS[Role.DISPATCHER].items()
        if right
        not in {
            Right.OPERATE,
            Right.ALARM_ACKNOWLEDGE,
            Right.UNIT_EMERGENCY_END,
            Right.INCIDENT_RESTRICTED,
            Right.BOARD_SEE,
            Right.CALL_SEE,
            Right.CALL_WORK,
        }
    },
    Scope.UNITS: {
        Right.UNIT_SEE: _ANY,
        Right.UNIT_STATUS: _ANY,
        Right.UNIT_POSITION: _ANY,
        Right.TASK_ANSWER: _ANY,
    },
    Scope.BOARD: {
        Right.BOARD_SEE: _ANY,
        Right.CALL_SEE: _ANY,
        Right.INCIDENT_SEE: _ANY,
        Right.UNIT_SEE: _ANY,
        Right.ALARM_SEE: _ANY,
        Right.ALARM_ACKNOWLEDGE: _ANY,
    },
    Scope.REPORTS: {Right.REPORTS: _ANY},
    Scope.EXCHANGE: {Right.EXCHANGE: _ANY},
    Scope.ADMIN: {Right.SETTINGS_READ: _ANY, Right.SETTINGS_WRITE: _ANY, Right.UNIT_SEE: _ANY},
    Scope.SUPERVISE: {Right.UNIT_FORCE: _ANY, Right.UNIT_EMERGENCY_END: _ANY, Right.MEASURES: _ANY},
    Scope.RESTRICTED: {Right.INCIDENT_RESTRICTED: _ANY},
}

_ORDER = (Reach.NONE, Reach.OWN, Reach.ANY)


def furthest(reaches: list[Reach]) -> Reach:
    """The widest of several reaches; NONE of none."""
    return max(reaches, key=_ORDER.index, default=Reach.NONE)
