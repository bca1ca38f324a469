"""What screens read, at 10,000 incidents and at many more: each query beside itself at 10,000, and beside its aim."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.core.management import call_command

from accounts.actors import Actor
from bench.board_rows import PLACES, UNITS, World, load_units
from bench.results import Measure, Options, Result, percentile
from calls.models import Call
from calls.queries.calls import history_of
from config.registry import registry
from core.paging import page
from dispatch.models import Incident
from dispatch.queries.board_items import forms_of
from dispatch.queries.calls import call_page
from dispatch.queries.duplicates import likely_same
from dispatch.queries.incidents import visible_incidents
from dispatch.queries.recommendation import recommendation
from dispatch.queries.timeline import OLDEST_FIRST, timeline_entries, timeline_of
from feed.audiences import CENTRE
from feed.board import snapshot
from places.geodesy import Point
from places.search import find_places

NEEDS = "database"
SMALL = 10_000
SIZE = 100_000
ROUNDS = 40
GROWTH = 1.1
# Milliseconds in the median that each may take; a query without one is measured beside itself alone.
AIMS = {"board of 300 open incidents": 50.0, "caller history": 5.0, "possible duplicates": 10.0}
TYPED = (
    "toko sumberanyar", "masjid karang", "sdn batu 12", "warung tanjungsari", "simpang saron", "psr ganding",
    "mushola kalijaya", "bengkel lengkong", "gudang pabaindah 7", "balai bataagung", "pelabuhan kalianget", "blut",
)  # fmt: skip

Query = Callable[[], object]


def run(options: Options) -> Result:
    """Measure; size: how many incidents at most, each with five facts (1,000,000 take a quarter of an hour to load)."""
    call_command("load_defaults", verbosity=0)
    size = max(options.size or SIZE, SMALL)
    world = World()
    queries = _queries(world)
    world.grow(SMALL)
    before = {name: _median(query) for name, query in queries.items()}
    world.grow(size)
    measures = []
    for name, query in queries.items():
        ours, aim = _median(query), AIMS.get(name)
        grown = ours <= GROWTH * before[name]
        words = f"<= {GROWTH} x" + (f", <= {aim:.0f} ms" if aim else "")
        measures.append(
            Measure(
                f"{name}, {size:,}",
                "ms",
                round(ours, 2),
                round(before[name], 2),
                words,
                grown and ours <= (aim or ours),
            )
        )
    return Result("board", [*measures, *_fleet(world), *_names(world)])


def _queries(world: World) -> dict[str, Query]:
    actor = world.dispatcher
    waiting = Call(pk=world.call.pk, centre=world.centre, number=world.call.number, started_at=world.call.started_at)
    here = Point(-7.0099, 113.8769)
    return {
        "board of 300 open incidents": lambda: snapshot(registry, CENTRE),
        "caller history": lambda: call_page(actor, history_of(actor, world.call)),
        "possible duplicates": lambda: likely_same(actor, waiting, here, "F01"),
        "timeline of one incident": lambda: _timeline(actor, world.closed),
        "first page of all incidents": lambda: page(
            visible_incidents(actor).select_related("type", "centre", "owner"),
            order=("-created_at", "id"), cursor=None, limit=50, forms=_forms,
        ),
        "an incident by its number": lambda: _forms(list(visible_incidents(actor).filter(number=5_000))),
    }  # fmt: skip


def _timeline(actor: Actor, incident: Incident) -> object:
    return page(
        timeline_of(actor, incident), order=OLDEST_FIRST, cursor=None, limit=50,
        forms=lambda rows: timeline_entries(actor, incident, rows),
    )  # fmt: skip


def _forms(incidents: list[Incident]) -> list[object]:
    return [form.body for form in forms_of(incidents).values()]


def _fleet(world: World) -> list[Measure]:
    """Recommendations: with the regency's units, then with a state's."""
    incident = Incident.objects.select_related("type", "plan").get(pk=world.open.pk)
    few = _median(lambda: recommendation(world.dispatcher, incident))
    load_units()
    many = _median(lambda: recommendation(world.dispatcher, incident))
    second = _median(lambda: recommendation(world.dispatcher, incident, alarm=2))
    name = f"recommendation, {UNITS:,} units"
    return [
        Measure(name, "ms", round(many, 1), round(few, 1), "<= 50 ms", many <= 50),
        Measure(f"{name}, second alarm", "ms", round(second, 1), round(few, 1), "<= 50 ms", second <= 50),
    ]


def _names(world: World) -> list[Measure]:
    """Place search while it is typed: the median of every beginning of some names."""
    typed = [text[:length] for text in TYPED for length in range(3, len(text) + 1)]
    few = [_milliseconds(lambda text=text: find_places(world.centre.id, text)) for text in typed]  # type: ignore[misc]
    world.load_places()
    many = [_milliseconds(lambda text=text: find_places(world.centre.id, text)) for text in typed]  # type: ignore[misc]
    middle = percentile(many, 0.5)
    name = f"place search, {PLACES:,} names"
    return [
        Measure(f"{name}, p50", "ms", round(middle, 1), round(percentile(few, 0.5), 1), "<= 15 ms", middle <= 15),
        Measure(f"{name}, p95", "ms", round(percentile(many, 0.95), 1), round(percentile(few, 0.95), 1)),
        Measure(f"{name}, p99", "ms", round(percentile(many, 0.99), 1), round(percentile(few, 0.99), 1)),
    ]


def _median(query: Query) -> float:
    for _ in range(3):
        query()
    return percentile([_milliseconds(query) for _ in range(ROUNDS)], 0.5)


def _milliseconds(query: Query) -> float:
    begun = time.perf_counter()
    query()
    return (time.perf_counter() - begun) * 1000
