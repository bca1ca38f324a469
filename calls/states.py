"""Call states, dispositions and operator states, with the steps between them (docs/rules/states.md)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.states import Steps


class CallState(models.TextChoices):
    """Where a call is (docs/rules/call-states.md#states)."""

    RINGING = "ringing", _("Ringing")
    QUEUED = "queued", _("Waiting")
    ANSWERED = "answered", _("Answered")
    ON_HOLD = "on_hold", _("On hold")
    CONFERENCE = "conference", _("Conference")
    TRANSFERRING = "transferring", _("Being transferred")
    ENDED = "ended", _("Ended")
    DROPPED = "dropped", _("Cut off after the answer")
    WRAP_UP = "wrap_up", _("Wrap-up")
    CLOSED = "closed", _("Closed")
    ABANDONED = "abandoned", _("Hung up before the answer")
    BLOCKED_IVR = "blocked_ivr", _("Kept by the announcement")


S = CallState
WAITING = (S.RINGING, S.QUEUED)
IN_TALK = (S.ANSWERED, S.ON_HOLD, S.CONFERENCE, S.TRANSFERRING)
OPEN = tuple(state for state in CallState if state not in {S.CLOSED, S.BLOCKED_IVR})

STEPS = Steps(
    {
        S.RINGING: (S.QUEUED, S.ANSWERED, S.ABANDONED, S.BLOCKED_IVR, S.CLOSED),
        S.QUEUED: (S.RINGING, S.ANSWERED, S.ABANDONED, S.CLOSED),
        S.ANSWERED: (S.ON_HOLD, S.CONFERENCE, S.TRANSFERRING, S.ENDED, S.DROPPED, S.CLOSED),
        S.ON_HOLD: (S.ANSWERED, S.ENDED, S.DROPPED),
        S.CONFERENCE: (S.ANSWERED, S.ENDED, S.DROPPED),
        S.TRANSFERRING: (S.ANSWERED, S.ENDED, S.DROPPED),
        S.ENDED: (S.WRAP_UP,),
        S.DROPPED: (S.WRAP_UP,),
        S.WRAP_UP: (S.CLOSED,),
        S.ABANDONED: (S.CLOSED,),
        S.BLOCKED_IVR: (),
        # Reopened: back to wrap-up, or on the list of those who hung up before the answer.
        S.CLOSED: (S.WRAP_UP, S.ABANDONED),
    }
)


class Disposition(models.TextChoices):
    """How a call is filed (docs/rules/call-states.md#dispositions); one is mandatory to leave wrap-up."""

    E1 = "E1", _("Emergency, new incident")
    E2 = "E2", _("Emergency, adds to an open incident")
    E3 = "E3", _("Passed on to another area or agency")
    N1 = "N1", _("Complaint, no emergency")
    N2 = "N2", _("Information")
    G1 = "G1", _("Silent")
    G2 = "G2", _("Open line, suspicious sounds")
    G3 = "G3", _("Misdialled, child")
    J1 = "J1", _("Prank")
    J2 = "J2", _("Proven false report")
    D1 = "D1", _("Cut off after the answer")
    D2 = "D2", _("Not answered")
    T1 = "T1", _("Test")
    W1 = "W1", _("Wrong number")


# Set by what happens, not by a choice: E1 by opening an incident, E2 by linking, D2 by abandoning.
CHOSEN = frozenset(Disposition) - {Disposition.E1, Disposition.E2, Disposition.D2}
STRIKES = frozenset({Disposition.J1, Disposition.J2})


# A caller who could not speak, or whose line carried suspicious sounds, may be in danger if the telephone rings.
MAKES_UNSAFE = frozenset({Disposition.G1, Disposition.G2})


class ContactSafety(models.TextChoices):
    """Whether a number may be called back, texted or rated. Unknown: call back, no text. Unsafe: none of them."""

    UNKNOWN = "unknown", _("not asked yet")
    SAFE = "safe", pgettext_lazy("contact safety", "safe")
    UNSAFE = "unsafe", _("unsafe")


class Channel(models.TextChoices):
    """How it reached us."""

    VOICE = "voice", _("Telephone")
    SMS = "sms", _("SMS")
    CHAT = "chat", _("Chat")
    APP = "app", _("App")
    WALK_IN = "walk_in", _("Walk-in")
    RADIO = "radio", _("Radio")
    ECALL = "ecall", _("eCall")
    AGENCY = "agency", _("Another agency")


class TelephonyKind(models.TextChoices):
    """What a PBX sends (docs/rules/call-states.md#pbx-events)."""

    RINGING = "ringing"
    QUEUED = "queued"
    ANSWERED = "answered"
    HELD = "held"
    RESUMED = "resumed"
    TRANSFERRED = "transferred"
    ENDED = "ended"
    ABANDONED = "abandoned"


class StepKind(models.TextChoices):
    """What can happen to a call: a PBX's word, an act at a console, or the system's."""

    RINGING = "ringing"
    QUEUED = "queued"
    ANSWERED = "answered"
    HELD = "held"
    RESUMED = "resumed"
    TRANSFERRED = "transferred"
    ENDED = "ended"
    ABANDONED = "abandoned"
    CLAIMED = "claimed"
    TAKEN_OVER = "taken_over"
    DISPOSED = "disposed"
    MARKED = "marked"
    UNDONE = "undone"
    REOPENED = "reopened"
    HUNG_UP = "hung_up"
    LOST = "lost"
    CLOSED = "closed"


class OperatorStatus(models.TextChoices):
    """What a person at a desk is doing (docs/rules/operator-states.md#states)."""

    OFFLINE = "offline", _("Offline")
    READY = "ready", _("Ready")
    RINGING = "ringing", _("Ringing")
    ON_CALL = "on_call", _("On a call")
    WRAP_UP = "wrap_up", _("Wrap-up")
    NOT_READY = "not_ready", _("Not ready")
    OUTBOUND = "outbound", _("Calling out")
    SUPERVISING = "supervising", _("Supervising")
    TRAINING = "training", _("Training")


class Reason(models.TextChoices):
    """Why somebody is not ready (docs/rules/operator-states.md#reasons)."""

    BREAK = "istirahat", _("Break")
    PRAYER = "sholat", _("Prayer")
    MEAL = "makan", _("Meal")
    BRIEFING = "briefing", _("Briefing")
    TOILET = "toilet", _("Toilet")
    TROUBLE = "gangguan_teknis", _("Technical trouble")
    OTHER = "tugas_lain", _("Other task")
    NO_ANSWER = "tidak_menjawab", _("Does not answer")


O = OperatorStatus  # noqa: E741 - read beside the table only
_SELF = (O.READY, O.NOT_READY, O.OUTBOUND, O.SUPERVISING, O.TRAINING, O.OFFLINE)
OPERATOR_STEPS = Steps(
    {
        O.OFFLINE: (O.READY, O.NOT_READY, O.SUPERVISING, O.TRAINING, O.ON_CALL),
        O.READY: (*_SELF, O.RINGING, O.ON_CALL),
        O.RINGING: (O.READY, O.ON_CALL, O.NOT_READY, O.OFFLINE),
        O.ON_CALL: (O.WRAP_UP, O.READY, O.OFFLINE),
        O.WRAP_UP: (*_SELF, O.ON_CALL),
        O.NOT_READY: (*_SELF, O.ON_CALL),
        O.OUTBOUND: (*_SELF, O.ON_CALL),
        O.SUPERVISING: (*_SELF, O.ON_CALL),
        O.TRAINING: (*_SELF, O.ON_CALL),
    }
)
