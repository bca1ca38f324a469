"""Playing a log: every call, incident, assignment and status by its own request, at the file's times."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from launcher.console_output import words
from simulation.replay.cad_log import CadLog, Case, Part, Row, Stamp
from simulation.replay.http_client import ApiClient, Problem, Stopped
from simulation.replay.ordering import Act, Order

CONNECTIONS = 8
STANDS_READY_BEFORE = timedelta(hours=1)
HANDLED = "handled"
# Reported as what became of a row where the site itself refused a step.
REFUSED_BY_PLACE = "refused_by_the_place"
# These are of the key or the address, not of a row: the play ends.
HOPELESS = {401, 403}


@dataclass(slots=True)
class Counts:
    """What was made."""

    calls: int = 0
    incidents: int = 0
    assignments: int = 0
    closed: int = 0
    cancelled: int = 0
    left_open: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, name: str) -> None:
        """One more, from any thread."""
        with self.lock:
            setattr(self, name, getattr(self, name) + 1)


class Play:
    """One play of a log through a client."""

    def __init__(self, cad_log: CadLog, client: ApiClient) -> None:
        self.cad_log, self.client = cad_log, client
        self.counts = Counts()
        self._callsign: dict[str, str] = {}
        self._tasks: dict[UUID, list[str]] = {}
        self._on_scene: set[UUID] = set()
        self._lost: set[UUID] = set()

    def run(self, *, speed: float | None = None, progress: Callable[[int, int], None]) -> None:
        """Make agency and units, then play. progress: rows played and rows in all. Raises Stopped."""
        try:
            self._prepare()
            acts, rows = self._acts(), len(self.cad_log.rows)
            order = Order(acts, speed=speed)
            order.run(CONNECTIONS, lambda done: progress(rows * done // len(acts), rows))
        except Problem as problem:
            raise _hopeless(problem) from problem

    def _prepare(self) -> None:
        cad_log = self.cad_log
        self.client.ask("PUT", f"agencies/{cad_log.agency}", {"name": cad_log.agency_name})
        at = _text(cad_log.begins_at - STANDS_READY_BEFORE)
        for vehicle in cad_log.vehicles:
            body = {
                "agency": cad_log.agency,
                "kind": vehicle.kind,
                "capabilities": list(vehicle.capabilities),
                "status": "available_station",
                "at": at,
            }
            # A callsign that another agency of the place has already gets the file's agency in front.
            for callsign in (vehicle.callsign, f"{cad_log.agency}-{vehicle.callsign}"):
                try:
                    self.client.ask("PUT", f"units/{callsign}", body)
                except Problem as problem:
                    if problem.code != "agency_fixed" or callsign != vehicle.callsign:
                        raise
                else:
                    self._callsign[vehicle.callsign] = callsign
                    break

    def _acts(self) -> list[Act]:
        """Everything to do, by time; at one moment what opens goes first, then each unit's acts in their order."""
        acts: list[tuple[tuple[datetime, int, int, int], Act]] = []
        for case in self.cad_log.cases:
            opened = case.received_at
            acts.append(((opened, 0, 0, 0), Act(opened, (case.number,), partial(self._open, case))))
            for part in case.parts:
                keys = (case.number, ("unit", part.unit))
                sent = max(part.dispatched_at, opened)
                acts.append(((sent, 1, part.turn, 0), Act(sent, keys, partial(self._send, case, part))))
                for step, stamp in enumerate(part.stamps, start=1):
                    at = max(stamp.at, opened)
                    acts.append(((at, 1, part.turn, step), Act(at, keys, partial(self._report, case, part, stamp))))
            end = max(case.ends_at, opened)
            acts.append(((end, 2, 0, 0), Act(end, (case.number,), partial(self._end, case))))
        acts.sort(key=lambda pair: pair[0])
        return [act for _, act in acts]

    def _open(self, case: Case) -> None:
        """The call, the incident from it, and the call's end: when the incident was entered, for the file has none."""
        incident: dict[str, Any] = {
            "id": str(case.incident),
            "type": case.type,
            "location": _place(case),
            "narrative": case.narrative,
            "call": str(case.call),
            "at": _text(case.entered_at),
        }
        if case.priority is not None:
            incident["priority"] = case.priority
        try:
            call = {"id": str(case.call), "channel": "voice", "at": _text(case.received_at)}
            self.client.ask("POST", "calls", call)
            self.counts.add("calls")
            form = self.client.ask("POST", "incidents", incident)
            self.counts.add("incidents")
            self._tasks[case.incident] = [
                task["id"] for task in form["tasks"] if task["state"] in {"offered", "accepted"}
            ]
            self.client.ask("POST", f"calls/{case.call}/end", {"at": _text(case.entered_at)})
        except Problem as problem:
            if problem.status in HOPELESS:
                raise
            self._lost.add(case.incident)
            for row in case.rows:
                _refuse(row, problem)
            return
        parts = {id(part.row) for part in case.parts}
        for row in case.rows:
            if id(row) not in parts:  # a row of the call itself
                row.entered += 1

    def _send(self, case: Case, part: Part) -> None:
        if case.incident in self._lost:
            return
        body = {"id": str(part.id), "unit": self._callsign[part.unit], "at": _text(part.dispatched_at)}
        try:
            self.client.ask("POST", f"incidents/{case.incident}/assignments", body)
        except Problem as problem:
            if problem.status in HOPELESS:
                raise
            _refuse(part.row, problem)
            return
        part.row.entered += 1
        self.counts.add("assignments")

    def _report(self, case: Case, part: Part, stamp: Stamp) -> None:
        if not part.row.entered:
            return
        body = {"status": stamp.status, "at": _text(stamp.at)}
        try:
            if stamp.status == "available_station":  # on the way back it has no assignment any more
                self.client.ask("POST", f"units/{self._callsign[part.unit]}/status", body)
            else:
                self.client.ask("POST", f"assignments/{part.id}/status", body)
        except Problem as problem:
            if problem.status in HOPELESS:
                raise
            _refuse(part.row, problem)
            return
        part.row.entered += 1
        if stamp.status in {"on_scene", "transporting", "at_destination"}:
            self._on_scene.add(case.incident)

    def _end(self, case: Case) -> None:
        """Withdraw what agencies were asked; close where somebody was on scene, cancel where nobody was."""
        if case.incident in self._lost:
            return
        at = _text(case.ends_at)
        state = f"incidents/{case.incident}/state"
        try:
            if case.incident not in self._on_scene:  # cancelling withdraws the tasks
                self.client.ask("POST", state, {"state": "cancelled", "at": at})
                self.counts.add("cancelled")
                return
            for task in self._tasks.pop(case.incident, []):
                self.client.ask("POST", f"tasks/{task}/withdraw", {"at": at})
            closing = {"state": "closed", "disposition": HANDLED, "at": at}
            try:
                self.client.ask("POST", state, closing)
            except Problem as problem:
                if problem.code != "step_not_allowed":
                    raise
                self.client.ask("POST", state, {"state": "resolved", "at": at})
                self.client.ask("POST", state, closing)
            self.counts.add("closed")
        except Problem as problem:
            if problem.status in HOPELESS:
                raise
            self.counts.add("left_open")
            for row in case.rows:
                row.refusals.add(f"incident_left_open: {problem.code}")


def _refuse(row: Row, problem: Problem) -> None:
    row.refusals.add(f"{REFUSED_BY_PLACE}: {problem.code}")


def _place(case: Case) -> dict[str, Any]:
    place: dict[str, Any] = {"text": case.place}
    if case.point:
        place["lat"], place["lng"] = case.point
    return place


def _text(at: datetime) -> str:
    """A time with its zone, as kept in the file."""
    return at.isoformat()


def _hopeless(problem: Problem) -> Stopped:
    if problem.status == 401:
        return Stopped(
            words(
                "the place doesn't know this key: give one of its own by --key (create_api_key makes it).",
                "tempat itu tidak mengenal kunci ini: beri kuncinya sendiri dengan --key (dibuat oleh create_api_key).",
            )
        )
    if problem.code == "scope_missing":
        scopes = " ".join(f"--scope {scope}" for scope in SCOPES)
        return Stopped(
            words(
                f"the key lacks a scope; it needs {scopes}.",
                f"kunci kurang cakupan; perlu {scopes}.",
            )
        )
    return Stopped(words(f"refused: {problem.code}: {problem}.", f"ditolak: {problem.code}: {problem}."))


SCOPES = ("calls", "incidents", "units", "admin")
