"""The actions on calls, their numbers and operators."""

from __future__ import annotations

from uuid import UUID

from accounts.actors import Actor
from accounts.models import Centre
from accounts.roles import Scope
from calls.actions.call_control import answer_call, end_call, hold_call, resume_call, take_over_call, transfer_call
from calls.actions.caller_details import add_line, edit_call
from calls.actions.calls import open_call
from calls.actions.disposition import dispose_call, reopen_call, undo_act
from calls.actions.operators import set_operator_state
from calls.actions.telephony import PbxEvent, note_heartbeat, take_telephony_event
from calls.models import Call
from calls.states import TelephonyKind
from calls.timers import close, end_wrap_up, hang_up, lose, offer_next
from core import clock, events
from core.models import Timer
from dispatch.actions.calls import link_call, unlink_call
from dispatch.actions.edits import edit_incident
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from tests.contracts.world import World

DESK = "CT1"


def exchange(world: World) -> Actor:
    key = "key:00000000-0000-4000-8000-0000000000aa"
    return Actor(ref=key, name=world.words(), centre=world.call_taker.centre, scopes=frozenset({Scope.TELEPHONY}))


def tell(world: World, ref: str, *words: str, caller: str | None = None, agent: str | None = None) -> UUID:
    """Words of an exchange about one call, now."""
    for word in words:
        event = PbxEvent("pbx", ref, TelephonyKind(word), caller=caller or world.number(), agent=agent)
        call = take_telephony_event(actor=exchange(world), event=event)
    return call.id


def ringing(world: World, caller: str | None = None) -> UUID:
    return tell(world, world.words(), "ringing", caller=caller)


def answered(world: World, caller: str | None = None) -> UUID:
    call = ringing(world, caller)
    answer_call(actor=world.call_taker.at_desk(DESK), call=call)
    return call


def incident(world: World, call: UUID | None = None) -> UUID:
    place = Location(text=world.words())
    row, _ = open_incident(actor=world.dispatcher, location=place, type="F01", call=call)
    return row.id


def whole_call(world: World) -> None:
    ref, caller = world.words(), world.number()
    for word in ("ringing", "queued", "answered", "held", "resumed", "transferred", "answered", "ended"):
        tell(world, ref, word, word, caller=caller, agent="101")
    tell(world, world.words(), "ringing", "abandoned")


def backwards(world: World) -> None:
    tell(world, world.words(), "ended", "answered", "ringing", agent="101")


def rings_at_desks(world: World) -> None:
    set_operator_state(actor=world.call_taker.at_desk(DESK), state="ready")
    ref = world.words()
    tell(world, ref, "ringing", agent="101")
    tell(world, ref, "queued")
    tell(world, ref, "ringing", agent="301")
    tell(world, ref, "answered", agent="301")


def telephone_against_console(world: World) -> None:
    call = Call.objects.get(id=ringing(world))
    answer_call(actor=world.supervisor.at_desk(DESK), call=call.id)
    event = PbxEvent(call.source or "", call.call_ref or "", TelephonyKind.ANSWERED, at=call.started_at, agent="101")
    take_telephony_event(actor=exchange(world), event=event)


def lives(world: World) -> None:
    note_heartbeat(actor=exchange(world), source=world.words())
    ringing(world)


def by_hand(world: World) -> None:
    open_call(actor=world.call_taker.at_desk(DESK), channel="radio", number=world.number())


def takes_over(world: World) -> None:
    take_over_call(actor=world.supervisor.at_desk(DESK), call=answered(world))


def holds(world: World) -> None:
    call = answered(world)
    hold_call(actor=world.call_taker.at_desk(DESK), call=call)
    resume_call(actor=world.call_taker.at_desk(DESK), call=call)


def passes_on(world: World) -> None:
    call = answered(world)
    transfer_call(actor=world.call_taker.at_desk(DESK), call=call, to=world.words())
    answer_call(actor=world.supervisor.at_desk(DESK), call=call)


def ends(world: World) -> None:
    call = answered(world)
    end_call(actor=world.call_taker.at_desk(DESK), call=call)
    undo_act(actor=world.call_taker.at_desk(DESK), call=call)


def files_a_prank(world: World) -> None:
    caller = world.number()
    ringing(world, caller)
    call = answered(world, caller)
    dispose_call(actor=world.call_taker.at_desk(DESK), call=call, disposition="J1", note=world.words())
    undo_act(actor=world.call_taker.at_desk(DESK), call=call)
    dispose_call(actor=world.call_taker.at_desk(DESK), call=call, disposition="J2")
    link_call(actor=world.supervisor.at_desk(DESK), call=call, incident=incident(world))


def reopens(world: World) -> None:
    call = answered(world)
    end_call(actor=world.call_taker.at_desk(DESK), call=call)
    dispose_call(actor=world.call_taker.at_desk(DESK), call=call, disposition="J1")
    reopen_call(actor=world.call_taker.at_desk(DESK), call=call)


def edits(world: World) -> None:
    caller = world.number()
    ringing(world, caller)
    call = answered(world, caller)
    changes = {
        "caller_name": world.words(),
        "callback_number": world.number(),
        "language": "mad",
        "safe_to_call_back": False,
    }
    edit_call(actor=world.call_taker.at_desk(DESK), call=call, version=1, changes=changes)
    dispose_call(actor=world.call_taker.at_desk(DESK), call=call, disposition="N2")
    end_call(actor=world.call_taker.at_desk(DESK), call=call)
    edit_call(actor=world.call_taker.at_desk(DESK), call=call, version=2, changes={"caller_name": world.words()})


def writes(world: World) -> None:
    add_line(actor=world.call_taker.at_desk(DESK), call=answered(world), text=world.words())


def sets_operator_states(world: World) -> None:
    for state, reason in (("ready", None), ("not_ready", "sholat"), ("supervising", None), ("offline", None)):
        set_operator_state(actor=world.supervisor.at_desk(DESK), state=state, reason=reason)


def links_and_moves(world: World) -> None:
    first, second = incident(world, call=ringing(world)), incident(world)
    call = ringing(world)
    link_call(actor=world.call_taker.at_desk(DESK), call=call, incident=first)
    link_call(actor=world.dispatcher.at_desk(DESK), call=call, incident=second)


def links_and_unlinks(world: World) -> None:
    """A prank that was none is one again; a call that was closed by its link is filed anew."""
    target, caller = incident(world), world.number()
    prank = answered(world, caller)
    dispose_call(actor=world.call_taker.at_desk(DESK), call=prank, disposition="J1")
    link_call(actor=world.call_taker.at_desk(DESK), call=prank, incident=target)
    unlink_call(actor=world.call_taker.at_desk(DESK), call=prank)
    call = answered(world, caller)
    link_call(actor=world.call_taker.at_desk(DESK), call=call, incident=target)
    end_call(actor=world.call_taker.at_desk(DESK), call=call)
    with events.transaction():
        close(fire(call), clock.now())
    unlink_call(actor=world.dispatcher.at_desk("D1"), call=call)


def fire(call: UUID) -> list[Timer]:
    return [Timer(kind="call", subject=f"call:{call}", due_at=clock.now())]


def closes_by_itself(world: World) -> None:
    noise, talked = answered(world), ringing(world)
    dispose_call(actor=world.call_taker.at_desk(DESK), call=noise, disposition="G3")
    gone = tell(world, world.words(), "ringing", "abandoned")
    with events.transaction():
        hang_up(fire(noise), clock.now())
        lose(fire(talked), clock.now())
        close(fire(gone), clock.now())
    last = answered(world)
    end_call(actor=world.call_taker.at_desk(DESK), call=last)
    dispose_call(actor=world.call_taker.at_desk(DESK), call=last, disposition="N2")
    with events.transaction():
        timer = Timer(kind="operator", subject=f"operator:{world.call_taker.user}", due_at=clock.now())
        end_wrap_up([timer], clock.now())


def contact_safety(world: World) -> None:
    """A silent filing, its undo, a person, a restricted incident: each changes what all calls of a number show."""
    caller = world.number()
    ringing(world, caller)
    call = answered(world, caller)
    dispose_call(actor=world.call_taker.at_desk(DESK), call=call, disposition="G1")
    undo_act(actor=world.call_taker.at_desk(DESK), call=call)
    edit_call(actor=world.call_taker.at_desk(DESK), call=call, version=1, changes={"contact_safety": "safe"})
    link_call(actor=world.call_taker.at_desk(DESK), call=call, incident=(target := incident(world)))
    edit_incident(actor=world.dispatcher.at_desk(DESK), incident=target, version=1, changes={"type": "S05"})


def offers_one_by_one(world: World) -> None:
    """A call rings at one operator, who leaves; then at the next, who misses it."""
    Centre.objects.filter(pk=world.call_taker.centre).update(ring_all_below=0)
    set_operator_state(actor=world.call_taker.at_desk(DESK), state="ready")
    call = ringing(world)
    with events.transaction():
        offer_next(fire(call), clock.now())
    set_operator_state(actor=world.call_taker.at_desk(DESK), state="offline")
    with events.transaction():
        offer_next(fire(call), clock.now())


CASES = {
    "calls.take_telephony_event": whole_call,
    "calls.take_telephony_event:backwards": backwards,
    "calls.take_telephony_event:desks": rings_at_desks,
    "calls.take_telephony_event:console": telephone_against_console,
    "calls.take_telephony_event:timers": closes_by_itself,
    "calls.take_telephony_event:offers": offers_one_by_one,
    "calls.note_heartbeat": lives,
    "calls.open_call": by_hand,
    "calls.answer_call": answered,
    "calls.take_over_call": takes_over,
    "calls.hold_call": holds,
    "calls.resume_call": holds,
    "calls.transfer_call": passes_on,
    "calls.end_call": ends,
    "calls.undo_act": ends,
    "calls.dispose_call": files_a_prank,
    "calls.reopen_call": reopens,
    "calls.edit_call": edits,
    "calls.edit_call:safety": contact_safety,
    "calls.add_line": writes,
    "calls.set_operator_state": sets_operator_states,
    "dispatch.link_call": links_and_moves,
    "dispatch.unlink_call": links_and_unlinks,
}
