"""Every read of calls and operators."""

from __future__ import annotations

from calls.queries.calls import call_bodies, call_for, may_work, open_calls, visible_calls
from calls.queries.kpis import live_kpis
from calls.queries.operators import calls_in_hand, operator_form_of, operator_forms

__all__ = [
    "call_bodies",
    "call_for",
    "calls_in_hand",
    "live_kpis",
    "may_work",
    "open_calls",
    "operator_form_of",
    "operator_forms",
    "visible_calls",
]
