import time as t, random
from statistics import median
from core import events, clock as time
from django.db import connection, reset_queries
from units.models import Unit, Position
from tests.dispatch.fleet import *
from dispatch.queries.recommendation import recommendation
from dispatch.queries.units import unit_forms
from units.actions.positions import Fix, record_positions
def test_speed(fresh_database, dispatcher, crew, supervisor):
    e = unit("DMK1"); a=unit("PSC1")
    random.seed(1)
    us=[]
    for i in range(6300):
        b = e if i%2 else a
        us.append(Unit(centre_id=e.centre_id, agency_id=b.agency_id, callsign=f"X{i}", kind=b.kind, capabilities=b.capabilities, status=random.choice(["available_station","available_mobile","off_duty","out_of_service"]), status_at=e.status_at, created_by="t"))
    with events.transaction():
        Unit.objects.bulk_create(us)
        now=time.now()
        Position.objects.bulk_create([Position(unit=u,lat=random.uniform(-7.1,-6.9),lng=random.uniform(113.6,114.1),track_lat=0,track_lng=0,fix_at=now,received_at=now) for u in us])
    with connection.cursor() as c: pass
    inc=opened(dispatcher)
    for n in range(3):
        s=t.perf_counter(); r=recommendation(dispatcher, inc); print("recommendation ms", (t.perf_counter()-s)*1000, [p["callsign"] for p in r["picks"]], len(r["passed_over"]))
    with events.transaction(): Unit.objects.filter(capabilities__contains=["fire_engine"]).update(status="off_duty")
    s=t.perf_counter(); r=recommendation(dispatcher, inc); print("shortfall ms", (t.perf_counter()-s)*1000, r["shortfall"])
    s=t.perf_counter(); f=unit_forms(None); print("forms ms", (t.perf_counter()-s)*1000, len(f))
    with events.transaction(): Unit.objects.filter(callsign__startswith="DMK").update(status="available_station")
    for n in range(4):
        fx=[Fix(f"X{i}", -7.0+random.random()/100, 113.8, at=time.now()) for i in range(1000)] if True else []
        from accounts.actors import system_actor
        s=t.perf_counter(); c=record_positions(actor=system_actor(e.centre_id), fixes=fx); print("1000 positions ms", (t.perf_counter()-s)*1000, c)
    from django.test.utils import CaptureQueriesContext
    lat=[]
    for n in range(20):
        inc=opened(dispatcher)
        s=t.perf_counter(); sent(dispatcher, inc, "DMK1"); lat.append((t.perf_counter()-s)*1000)
        with CaptureQueriesContext(connection) as q: reports(crew,"DMK1","en_route")
        reports(crew,"DMK1","available_mobile")
    print("assign ms", median(lat), "status queries", len(q))
    inc=opened(dispatcher)
    with CaptureQueriesContext(connection) as q: sent(dispatcher, inc, "DMK1")
    for x in q.captured_queries: print(x["time"], x["sql"][:150].replace("\n"," "))
