from __future__ import annotations

import threading

from django.db import connection

from units.actions.positions import record_positions
from units.fixes import Fix

KOTA = (-7.0099, 113.8769)


def test_two_calls_with_the_same_units_in_other_orders_wait_for_each_other(fresh_database, agency_desk):
    callsigns = ["DMK1", "DMK2", "DMK3", "DMK4", "DMK5"]
    gate = threading.Barrier(2)
    refused: list[Exception] = []

    def run(order: list[str]) -> None:
        try:
            gate.wait()
            for _ in range(15):
                record_positions(actor=agency_desk, fixes=[Fix(callsign, *KOTA) for callsign in order])
        except Exception as error:  # noqa: BLE001 - told below
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[order]) for order in (callsigns, callsigns[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
