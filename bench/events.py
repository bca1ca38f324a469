"""The events of the benches."""

from __future__ import annotations

from core.event_kinds import EventKind


class BenchEvent(EventKind):
    """What a bench writes beside what people do. Nobody reads it: it has no translation."""

    BENCH_FIRED = "bench.fired", "A timer of a bench fired."
    BENCH_WRITTEN = "bench.written", "A row of a bench."
