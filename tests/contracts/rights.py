"""Who may what (docs/rules/roles.md), written by hand: every call of the HTTP API against everybody who might ask.

A row is a method, an address and what each asker gets, in the order of `rights_world.ASKERS`:
nobody | call-taker dispatcher supervisor DAMKAR's desk, PLN's desk, crew of DMK1, admin, auditor | the keys by scope:
telephony location calls incidents units board reports exchange admin supervise restricted | keys bound to an agency:
incidents@DAMKAR incidents@PLN units@DAMKAR units@PLN board@DAMKAR admin@DAMKAR, and units+supervise.

+ goes through (what the thing's state says then is another matter)   - may see it, or knows the door, but may not: 403
? is not theirs to see: 404   x nobody: 401. `#` marks rows with the same address and another body.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from core.clock import now

TABLE = """
# agencies, units, stations: the admin's; a supervisor and an auditor read, an agency its own
GET   agencies                                     x --+++-++ --------+-- -----+-
PUT   agencies/TAGANA                              x ------+- --------+-- -------
PUT   agencies/DAMKAR                              x ------+- --------+-- -----+-
PUT   agencies/PLN                                 x ------+- --------+-- -------
GET   stations                                     x ++++++++ --++++--+-- +++++++
PUT   stations/NEW                                 x ------+- --------+-- -------
GET   units                                        x ++++++++ --++++--+-- +++++++
GET   units/DMK1                                   x ++++?+++ --++++--+-- +?+?+++
GET   units/PSC1                                   x +++???++ --++++--+-- ??????+
GET   units/DMK1/timeline                           x ++++?--+ --++------- +?-----
GET   units/PSC1/timeline                           x +++??--+ --++------- ??-----
PUT   units/NEW1                                   x ------+- --------+-- -------
PATCH units/DMK1                                   x ------+- --------+-- -------
# unit status: a dispatcher any, a supervisor by force, an agency its own, a crew its unit
POST  units/DMK1/status                            x -+++?+-- ---++------ +?+?--+
POST  units/PSC1/status                            x -++???-- ---++------ ????--+
POST  units/DMK1/status#force                      x --+----- ----------- ------+
POST  units/PSC1/status#force                      x --+----- ----------- ------+
POST  units/DMK1/emergency                         x -+++?+-- ---++------ +?+?--+
POST  units/PSC1/emergency                         x -++???-- ---++------ ????--+
POST  units/DMK1/emergency#over                    x -++-?+-- ----------- -?-?--+
POST  units/PSC1/emergency#over                    x -++???-- ----------- ????--+
POST  units/DMK1/talk-request                      x -+++?+-- ---++------ +?+?--+
POST  units/PSC1/talk-request                      x -++???-- ---++------ ????--+
POST  units/DMK1/talk-request#over                 x -+++?+-- ---++------ +?+?--+
POST  units/positions                              x ---+++-- ----+------ --++--+
# crews: who rides is seen with the units; a crew signs on itself, a desk its own crews, an admin anybody by name
GET   crews                                        x ++++++++ --++++--+-- +++++++
POST  crews/sign-on                                x ---++++- --------+-- -------
POST  crews/sign-off                               x ---++++- --------+-- -------
# calls: the centre sees them; one's own to work, a waiting one to take, any for a supervisor
GET   calls                                        x +++----+ --+--+----- ----+--
POST  calls                                        x +++----- --+-------- -------
GET   calls/{waiting}                              x +++????+ --+--+----- ----?--
GET   calls/{none}                                 x ???????? --?--?----- ----?--
POST  calls/{none}/lines                           x ???????? --?-------- -------
GET   calls/{waiting}/context                      x +++????+ --+--+----- ----?--
POST  calls/{waiting}/answer                       x +-+????- --+-------- -------
POST  calls/{waiting}/reopen                       x +++????- --+-------- -------
POST  calls/{waiting}/link                         x +++????- --+-------- -------
POST  calls/{waiting}/unlink                       x +++????- --+-------- -------
POST  calls/{waiting}/lines                        x +++????- --+-------- -------
PATCH calls/{waiting}                              x +++????- --+-------- -------
POST  calls/{taken}/answer                         x +++????- --+-------- -------
POST  calls/{taken}/answer#take_over               x --+????- ----------- -------
POST  calls/{taken}/hold                           x +-+????- --+-------- -------
POST  calls/{taken}/resume                         x +-+????- --+-------- -------
POST  calls/{taken}/transfer                       x +-+????- --+-------- -------
POST  calls/{taken}/end                            x +-+????- --+-------- -------
POST  calls/{taken}/dispose                        x +-+????- --+-------- -------
POST  calls/{taken}/undo                           x +-+????- --+-------- -------
POST  calls/{taken}/reopen                         x +-+????- --+-------- -------
POST  calls/{taken}/link                           x +++????- --+-------- -------
POST  calls/{taken}/unlink                         x -++????- --+-------- -------
POST  calls/{taken}/lines                          x +-+????- --+-------- -------
PATCH calls/{taken}                                x +-+????- --+-------- -------
# drafts: of whoever may work the call, and read the words of the restricted incident that it is about
GET   drafts                                       x +++----- --+-------- -------
GET   drafts/{none}                                x +++----- --+-------- -------
GET   drafts/{waiting}                             x +++????- --+-------- ----?--
GET   drafts/{taken}                               x +-+????- ----------- ----?--
PUT   drafts/{none}                                x +++----- --+-------- -------
PUT   drafts/{taken}                               x +-+????- ----------- ----?--
GET   operators                                    x +++----+ --+--+----- ----+--
POST  operators/me/state                           x +++----- ----------- -------
POST  workstations/clock                           x ++++++++ ----------- -------
# incidents: the centre sees all, an agency where it has a part, a crew its own
GET   incidents                                    x ++++++-+ --++-+----- ++--+--
POST  incidents                                    x ++++++-- --++------- ++-----
GET   incidents/{own}                              x ++++++?+ --++-+----- ++--+--
GET   incidents/{other}                            x +++????+ --++-+----- ??--?--
GET   incidents/{restricted}                       x +++????+ --++-+----- ??--?--
GET   incidents/{none}                             x ???????? --??-?----- ??--?--
PATCH incidents/{own}                              x +++---?- --++------- -------
PATCH incidents/{other}                            x +++????- --++------- ??-----
POST  incidents/{own}/notes                        x ++++++?- --++------- ++-----
POST  incidents/{other}/notes                      x +++????- --++------- ??-----
POST  notes/{note}/strike                          x -++---?- ---+------- -------
POST  incidents/{own}/people-at-risk               x ++++++?- --++------- ++-----
POST  incidents/{other}/people-at-risk             x +++????- --++------- ??-----
POST  people-at-risk/{people}                      x ++++++?- --++------- ++-----
POST  incidents/{own}/state                        x -++---?- ---+------- -------
POST  incidents/{other}/state                      x -++????- ---+------- ??-----
POST  incidents/{own}/merge                        x -++---?- ---+------- -------
POST  incidents/{other}/merge                      x -++????- ---+------- ??-----
POST  incidents/{own}/split                        x -++---?- ---+------- -------
POST  incidents/{other}/split                      x -++????- ---+------- ??-----
POST  incidents/{own}/reopen                       x -++---?- ---+------- -------
POST  incidents/{other}/reopen                     x -++????- ---+------- ??-----
POST  incidents/{own}/shortfall                    x -++---?- ---+------- -------
POST  incidents/{other}/shortfall                  x -++????- ---+------- ??-----
POST  incidents/{own}/undo                         x -+----?- ----------- -------
POST  incidents/{other}/undo                       x -+-????- ----------- ??-----
GET   incidents/{own}/recommendation               x ++++++?+ --++-+----- ++--+--
GET   incidents/{other}/recommendation             x +++????+ --++-+----- ??--?--
GET   incidents/{own}/timeline                     x +++++-?+ --++------- ++-----
GET   incidents/{other}/timeline                   x +++????+ --++------- ??-----
GET   incident-types                               x ++++++++ --++-+--+-- ++--++-
GET   types                                        x ++++++-- --++------- ++-----
GET   incident-dispositions                        x ++++++++ --++-+--+-- ++--++-
# assign, cancel, divert: a dispatcher; an agency its own units on its own tasks
POST  incidents/{own}/assignments                  x -+++?--- ---+------- +?-----
POST  incidents/{own}/assignments#PLN1             x -++?+--- ---+------- ?+-----
POST  incidents/{other}/assignments                x -++??--- ---+------- ??-----
POST  assignments/{assignment}/status              x -+++?+-- ---++------ +?+?--+
POST  assignments/{assignment}/status/undo         x -+++?+-- ---++------ +?+?--+
POST  assignments/{assignment}/cancel              x -+++?--- ---+------- +?-----
POST  assignments/{assignment}/send                x -+++?--- ---+------- +?-----
POST  assignments/{assignment}/reason              x -+++?--- ---+------- +?-----
# tasks: a dispatcher offers and answers on behalf, an agency answers its own and asks a second one
POST  incidents/{own}/tasks                        x -+++--?- ---+------- +------
POST  incidents/{other}/tasks                      x -++????- ---+------- ??-----
POST  tasks/{task}/accept                          x -+++--?- ---++------ +-+?--+
POST  tasks/{foreign_task}/accept                  x -++????- ---++------ ????--+
POST  tasks/{task}/refuse                          x -+++--?- ---++------ +-+?--+
POST  tasks/{foreign_task}/refuse                  x -++????- ---++------ ????--+
POST  tasks/{task}/done                            x -+++--?- ---++------ +-+?--+
POST  tasks/{foreign_task}/done                    x -++????- ---++------ ????--+
POST  tasks/{task}/withdraw                        x -++---?- ---++------ ------+
POST  tasks/{foreign_task}/withdraw                x -++????- ---++------ ??----+
# places: whoever opens incidents finds them; the map is for whoever has a board
GET   places                                       x ++++++-- --++------- ++-----
GET   places/at?lat=-7.01&lng=113.86               x ++++++-- --++------- ++-----
GET   places/map.json                              x ++++++++ -----+--+-- ----++-
# place warnings: proposed by whoever may, approved by a supervisor, ended by the centre or by whose they are
GET   places/warnings                              x ++++++++ --++------- ++-----
POST  places/warnings                              x +++++-+- --++------- ++-----
POST  places/warnings/{warning}/approve            x --+----- ----------- -------
POST  places/warnings/{warning}/keep               x --+----- ----------- -------
POST  places/warnings/{warning}/end                x -+++?-+- ---+------- +?-----
POST  incidents/{own}/warnings/seen                x ++++++?- --++------- ++-----
POST  incidents/{other}/warnings/seen              x +++????- --++------- ??-----
# alarms: acknowledged by role and rule
GET   alarms                                       x +++++--+ --++-+----- ++--+--
POST  alarms/{alarm_1}/acknowledge                 x +++????- -----+----- ----?--
POST  alarms/{alarm_2}/acknowledge                 x -++????- -----+----- ----?--
POST  alarms/{alarm_9}/acknowledge                  x -+++???- -----+----- ----+--
POST  alarms/{alarm_11}/acknowledge                x -+++???- -----+----- ----+--
POST  alarms/{alarm_15}/acknowledge                x --+????- -----+----- ----?--
POST  alarms/{alarm_16}/acknowledge                x -++???+- -----+----- ----?--
POST  incidents/{own}/alarms/acknowledge           x +++++-?- -----+----- ----+--
POST  incidents/{other}/alarms/acknowledge         x +++????- -----+----- ----?--
POST  alarms/{none}/acknowledge                    x ???????? -----?----- ----?--
POST  alarms/{alarm_2}/snooze                      x -++????- -----+----- ----?--
# the board, each in their own view; the exchange's endpoint is for its key alone
GET   board                                        x ++++++-+ -----+----- ----+--
POST  telephony/events                             x -------- +---------- -------
POST  telephony/heartbeat                          x -------- +---------- -------
"""

PLACE = {"text": "Pasar Anom, Kolor", "lat": -7.01, "lng": 113.86}
WHY = {"reason": "a reason"}
SEEN = {"reason": "seen", "name": "Ani"}
UNIT = {"agency": "DAMKAR", "kind": "car", "capabilities": []}

# What is sent: by the row's address, else by its last word.
BODIES: dict[str, Any] = {
    "units/NEW1": UNIT,
    "stations/NEW": {"agency": "DAMKAR", "name": "New", "lat": -7.01, "lng": 113.86},
    "units/DMK1": {"version": 1, "crew": 3},
    "units/positions": [{"unit": "DMK1", "lat": -7.01, "lng": 113.86}],
    "calls": {"channel": "radio"},
    "calls/{waiting}": {"version": 1, "language": "id"},
    "calls/{taken}": {"version": 1, "language": "id"},
    "operators/me/state": {"state": "ready"},
    "workstations/clock": {"at": "2026-01-31T08:00:00+07:00"},
    "incidents": {"location": PLACE},
    "incidents/{own}": {"version": 1, "priority": 2, **WHY},
    "incidents/{other}": {"version": 1, "priority": 2, **WHY},
    "places/warnings": {"kind": "danger", "lat": -7.2, "lng": 113.9, "text": "a dog", "review_on": "2099-01-01"},
    "incidents/{own}/state": {"state": "on_hold", **WHY},
    "incidents/{other}/state": {"state": "on_hold", **WHY},
    "units/DMK1/status#force": {"status": "out_of_service", "force": True, **WHY},
    "units/PSC1/status#force": {"status": "out_of_service", "force": True, **WHY},
    "incidents/{own}/assignments#PLN1": {"unit": "PLN1"},
    "telephony/events": {"source": "pbx", "call_ref": "9", "event": "ringing", "caller": "+6281230000009"},
    "telephony/heartbeat": {"source": "pbx"},
    "emergency#over": {"active": False},
    "talk-request#over": {"active": False},
    "answer#take_over": {"take_over": True},
    "status": {"status": "en_route"},
    "assignments/{assignment}/status/undo": {"status": "en_route"},
    "sign-on": {"unit": "DMK1"},
    "keep": {"review_on": "2099-01-01"},
    "dispose": {"disposition": "J1"},
    "shortfall": {"reason": "no second engine", "name": "Siti"},
    "link": {"incident": "{own}"},
    "lines": {"text": "a line"},
    "drafts/{none}": {"version": 0, "body": {"words": "half a word"}},
    "drafts/{taken}": {"version": 0, "body": {"words": "half a word"}},
    "notes": {"text": "a note"},
    "people-at-risk": {"place": "first floor"},
    "{people}": {"contact": True},
    "merge": {"into": "{mine}"},
    "split": {"location": PLACE},
    "tasks": {"agency": "DISHUB"},
    "assignments": {"unit": "DMK2"},
    "acknowledge": SEEN,
    "incidents/{own}/alarms/acknowledge": {**SEEN, "seen": []},
    "incidents/{other}/alarms/acknowledge": {**SEEN, "seen": []},
    "snooze": {**SEEN, "until": now() + timedelta(minutes=5)},
    "strike": WHY,
    "assignments/{assignment}/reason": WHY,
    "accept": WHY,
    "refuse": WHY,
    "done": WHY,
    "withdraw": WHY,
    "TAGANA": {"name": "Tagana"},
    "DAMKAR": {"name": "Damkar"},
    "PLN": {"name": "PLN"},
}

# Addresses that are no calls of the API, each with a test of its own (tests/accounts/test_pages.py and others).
PAGES = {
    "sign-in/factor/", "second-factor/", "second-factor/confirm/", "second-factor/app/", "second-factor/passkey/",
    "second-factor/codes/", "second-factor/remove/", "lost-factors/", "lost-factors/<uuid:bridge>/end/",
    "", "sign-in/", "sign-in/as/", "sign-out/", "training/ring/", "training/steps/", "training/mail/", "password/",
    "preferences/",
    "console/", "board/", "wall/", "map/", "map/tiles.pmtiles", "units/", "cards/", "cards/<uuid:block>/print/",
    "incidents/<int:number>/print/", "agency/",
    "crew/", "crew/sw.js", "crew/manifest.webmanifest", "reports/", "admin/", "metrics", "^api/", "api/v1/",
    "api/v1/docs", "api/v1/openapi.json",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A call and what each asker gets."""

    method: str
    path: str
    expected: str
    body: Any = field(default=None)

    @property
    def template(self) -> str:
        """Its address as the OpenAPI document writes it, with every name of an object or code as {}."""
        steps = self.path.partition("#")[0].partition("?")[0].split("/")
        whole = steps[0] in {"agencies", "stations", "units"} and len(steps) > 1 and steps[1] != "positions"
        return "/".join("{}" if step.startswith("{") or (whole and at == 1) else step for at, step in enumerate(steps))


def rows() -> list[Row]:
    """The table, read."""
    made = []
    for line in TABLE.strip().splitlines():
        if not line.startswith("#"):
            method, path, *expected = line.split()
            body = BODIES.get(path, BODIES.get(path.rpartition("/")[2], {}))
            made.append(Row(method, path, "".join(expected), None if method == "GET" else body))
    return made
