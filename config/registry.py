"""The composition root: what core gets from the domain. The one module that knows every app."""

from __future__ import annotations

from alarms.machine import watch_machine
from alarms.messages import MESSAGES as ALARM_MESSAGES
from alarms.queries import alarm_forms
from alarms.sources import RULES as SOURCE_RULES
from alarms.sources import watch_sources
from alarms.system_faults import RULES as TROUBLE_RULES
from alarms.system_faults import raise_trouble
from alarms.timers import handlers as rule_handlers
from calls.drafts import clean_drafts
from calls.load import RULES as LOAD_RULES
from calls.load import TIMERS as LOAD_TIMERS
from calls.load import watch_load
from calls.queries import live_kpis, operator_forms
from calls.timers import RULES as CALL_RULES
from calls.timers import TIMERS as CALL_TIMERS
from config.recipients import resolve
from core.registry import Kind, Registry
from dispatch.messages import MESSAGES
from dispatch.queries.board_items import incident_forms
from dispatch.queries.calls import call_forms
from dispatch.queries.units import unit_forms
from dispatch.timers import RULES as DISPATCH_RULES
from dispatch.timers.warnings import TIMERS as WARNING_TIMERS
from monitoring.health.sources import source_clocks
from units.queries import moved_positions
from units.timers import RULES as UNIT_RULES

registry = Registry(
    kinds=(
        Kind("call", "calls", call_forms),
        Kind("incident", "incidents", incident_forms),
        Kind("unit", "units", unit_forms),
        Kind("alarm", "alarms", alarm_forms),
        Kind("operator", "operators", operator_forms),
    ),
    timers=rule_handlers((*CALL_RULES, *LOAD_RULES, *UNIT_RULES, *DISPATCH_RULES, *TROUBLE_RULES, *SOURCE_RULES))
    | CALL_TIMERS
    | LOAD_TIMERS
    | WARNING_TIMERS,
    positions=moved_positions,
    kpis=live_kpis,
    recipients=resolve,
    health={"sources": source_clocks},
    messages={**MESSAGES, **ALARM_MESSAGES},
    on_fault=raise_trouble,
    watches=(watch_sources, watch_load, watch_machine),
    cleaners=(clean_drafts,),
)
