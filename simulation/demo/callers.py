"""Callers and those who answer them: a call rings, a person who is ready has it first, else the demo answers."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from calls.actions.call_control import answer_call, end_call
from calls.actions.caller_details import add_line
from calls.actions.disposition import dispose_call
from calls.actions.telephony import PbxEvent, take_telephony_event
from calls.models import Call
from calls.states import IN_TALK, WAITING, CallState, Disposition, TelephonyKind
from core import clock
from dispatch.actions.calls import link_call
from simulation.demo.human_activity import somebody_is_ready
from simulation.demo.incidents import Incidents
from simulation.demo.locking import call_in_hand
from simulation.demo.random_events import ABANDONED, Drawn, Emergency, Noise
from simulation.demo.scheduler import Stage

SOURCE = "demo"
EMERGENCY_NUMBER = "112"
# A person who is ready has a ringing call to themselves for so long (seconds of the wall clock): before rule 1 rises.
LEFT_TO_PEOPLE_SECONDS = 8.0
CALLER = "Penelepon"


class Callers:
    """Rings, answers, listens and files."""

    def __init__(self, stage: Stage, incidents: Incidents, *, run: str, rate: float) -> None:
        self._stage, self._incidents = stage, incidents
        self._run, self._rate = run, rate

    def next(self, index: int, *, at_most: float = float("inf")) -> None:
        """Have call `index` come after its gap, at most so many seconds, and after it the next one."""
        gap = self._stage.dice.gap_seconds(index, self._rate, self._stage.local_time().hour)
        self._stage.after(min(gap, at_most), partial(self._come, index))

    def ring(self, key: object, drawn: Drawn, *, wait_seconds: float) -> None:
        """A call rings; somebody of the demo answers after so long, if nobody else has."""
        stage = self._stage
        call = take_telephony_event(actor=stage.actor, event=self._event(key, TelephonyKind.RINGING, drawn.number))
        # What the caller says is written down at once, so that a person who answers has somebody to listen to.
        words = f"{CALLER}: {drawn.statement}" if not drawn.statement.startswith("(") else drawn.statement
        add_line(actor=stage.actor, call=call.id, text=words, at=stage.at())
        stage.report("ring", key, drawn.type if isinstance(drawn, Emergency) else drawn.disposition)
        if isinstance(drawn, Noise) and drawn.disposition == ABANDONED:
            stage.after(drawn.talk_seconds, partial(self._give_up, key, call.id))
        else:
            stage.after(wait_seconds, partial(self.answer, key, call.id, drawn, stage.now))

    def answer(self, key: object, call: UUID, drawn: Drawn, rang_at: float) -> None:
        """Answer, unless a person is ready who has not had the time to."""
        stage = self._stage
        left = rang_at + stage.real(LEFT_TO_PEOPLE_SECONDS) - stage.now
        if left > 0 and stage.now >= 0 and somebody_is_ready():
            stage.after(left, partial(self.answer, key, call, drawn, rang_at))
            return
        with call_in_hand(stage.actor, call) as row:
            if row is None or row.state not in WAITING:
                return
            answer_call(actor=stage.actor, call=call, at=stage.at())
        stage.report("answer", key)
        if isinstance(drawn, Emergency):
            asks = stage.dice.between(12, 30, "asks", key)
            stage.after(asks, partial(self._open, key, call, drawn))
        else:
            stage.after(drawn.talk_seconds, partial(self._file, key, call, drawn))

    def resume(self, call: Call) -> None:
        """Take up an own call that an earlier run of the demo has left."""
        drawn = self._stage.dice.call(f"left:{call.id}")
        noise = drawn if isinstance(drawn, Noise) and drawn.disposition != ABANDONED else _SILENT
        key = f"left-{str(call.id)[:8]}"
        if call.state in WAITING:
            self._stage.after(3, partial(self.answer, key, call.id, noise, self._stage.now))
        elif call.disposition is None:
            self._stage.after(6, partial(self._file, key, call.id, noise))
        else:
            self._stage.after(6, partial(self._hang_up, key, call.id))

    def _come(self, index: int) -> None:
        stage = self._stage
        self.ring(index, stage.dice.call(index), wait_seconds=stage.dice.between(2, 7, "answer", index))
        self.next(index + 1)

    def _give_up(self, key: object, call: UUID) -> None:
        """The caller hangs up before anybody has answered."""
        with call_in_hand(self._stage.actor, call) as row:
            if row is None or row.state not in WAITING:
                return
            self._line(row, TelephonyKind.ABANDONED)
        self._stage.report("abandoned", key)

    def _file(self, key: object, call: UUID, drawn: Noise) -> None:
        """The call is no emergency: it is filed, and ends with that or with the caller's hanging up."""
        stage = self._stage
        with call_in_hand(stage.actor, call) as row:
            if row is None or row.state in {*WAITING, CallState.CLOSED}:
                return
            if drawn.caller_hangs_up and row.state in IN_TALK:
                self._line(row, TelephonyKind.ENDED)
            dispose_call(
                actor=stage.actor,
                call=call,
                disposition=drawn.disposition,
                note=drawn.note,
                at=stage.at(),
            )
        stage.report("filed", key, drawn.disposition)

    def _open(self, key: object, call: UUID, drawn: Emergency) -> None:
        """The call is an emergency: an incident is opened from it, and the caller is asked on for a while."""
        stage = self._stage
        with call_in_hand(stage.actor, call) as row:
            if row is None or row.state not in IN_TALK:
                return
            incident = self._incidents.open(key, drawn, call)
        self._incidents.follow(key, incident, drawn.type)
        stage.after(drawn.talk_seconds, partial(self._hang_up, key, call))
        if drawn.second_caller:
            also = stage.dice.between(20, 90, "second", key)
            stage.after(also, partial(self._second, f"{key}+", drawn, incident))

    def _second(self, key: object, drawn: Emergency, incident: UUID) -> None:
        """Somebody else calls about the same."""
        stage = self._stage
        number = stage.dice.call(f"second:{key}").number
        call = take_telephony_event(actor=stage.actor, event=self._event(key, TelephonyKind.RINGING, number))
        add_line(actor=stage.actor, call=call.id, text=f"{CALLER}: {drawn.second_caller}", at=stage.at())
        stage.report("ring", key, drawn.type)
        stage.after(stage.dice.between(3, 8, "answer", key), partial(self._link, key, call.id, incident, stage.now))

    def _link(self, key: object, call: UUID, incident: UUID, rang_at: float) -> None:
        stage = self._stage
        left = rang_at + stage.real(LEFT_TO_PEOPLE_SECONDS) - stage.now
        if left > 0 and stage.now >= 0 and somebody_is_ready():
            stage.after(left, partial(self._link, key, call, incident, rang_at))
            return
        with call_in_hand(stage.actor, call) as row:
            if row is None or row.state not in WAITING:
                return
            answer_call(actor=stage.actor, call=call, at=stage.at())
            if self._incidents.is_ours_and_open(incident):
                link_call(actor=stage.actor, call=call, incident=incident, at=stage.at())
            else:  # it is over, or somebody else's: nothing is put into it
                dispose_call(actor=stage.actor, call=call, disposition=Disposition.N2, at=stage.at())
        stage.report("linked", key)
        stage.after(stage.dice.between(10, 25, "talk", key), partial(self._hang_up, key, call))

    def _hang_up(self, key: object, call: UUID) -> None:
        with call_in_hand(self._stage.actor, call) as row:
            if row is None or row.state not in IN_TALK:
                return
            if row.source == SOURCE:
                self._line(row, TelephonyKind.ENDED)
            else:
                end_call(actor=self._stage.actor, call=call, at=self._stage.at())
        self._stage.report("ended", key)

    def _line(self, call: Call, event: TelephonyKind) -> None:
        pbx_event = PbxEvent(
            SOURCE, call.call_ref or "", event, at=self._stage.at() or clock.now(), called=EMERGENCY_NUMBER
        )
        take_telephony_event(actor=self._stage.actor, event=pbx_event)

    def _event(self, key: object, event: TelephonyKind, number: str | None) -> PbxEvent:
        at = self._stage.at() or clock.now()
        return PbxEvent(SOURCE, f"{self._run}-{key}", event, at=at, caller=number, called=EMERGENCY_NUMBER)


_SILENT = Noise("G1", None, "(diam)", None, 8.0, caller_hangs_up=True)
