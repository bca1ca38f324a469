import time
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.calls.exchange import *
from calls.actions.line import answer_call
def test_cost(fresh_database, call_taker):
    for i in range(3):
        with CaptureQueriesContext(connection) as q:
            c=ringing(caller="+62812309%05d"%i)
    for x in q: print(x["time"], x["sql"][:150].replace("\n"," "))
    print("----")
    with CaptureQueriesContext(connection) as q:
        answer_call(actor=call_taker,desk=None,call=c.id)
    for x in q: print(x["time"], x["sql"][:150].replace("\n"," "))
    t=time.perf_counter(); p=time.process_time()
    cs=[ringing(caller="+62812308%05d"%i) for i in range(100)]
    print("ringing ms", (time.perf_counter()-t)*10, "cpu", (time.process_time()-p)*10)
    t=time.perf_counter(); p=time.process_time()
    for c in cs: answer_call(actor=program(),desk=None,call=c.id)
    print("answer ms", (time.perf_counter()-t)*10, "cpu", (time.process_time()-p)*10)
