"""Marked personal texts and secrets that a running site is sent, and the files that must not contain them."""

from __future__ import annotations

import contextlib
import threading
import time
from pathlib import Path

import httpx
import psycopg

from launcher import connection, sandbox

MARK = "Zxqv"
NAME, NARRATIVE, PLACE, NOTE = f"{MARK}nama", f"{MARK}narasi", f"{MARK}tempat", f"{MARK}catatan"
SESSION, KEY, PASSWORD = f"{MARK}sesi", f"{MARK}kunci.{MARK}rahasia", f"{MARK}sandi"
DIGITS = "08127770001"


def wait_for(condition, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def written(state: Path) -> dict[str, str]:
    """Every file of the folder of state that is no database, no secret and no static file, by its path."""
    kept_apart = {"postgres", "secrets", "static"}
    files = [path for path in state.rglob("*") if path.is_file() and path.relative_to(state).parts[0] not in kept_apart]
    files += [path for path in (state / "postgres").glob("*") if path.is_file()]
    cluster = state / "postgres" / "data"
    files += [path for pattern in ("log/*", "*.log", "pg_log/*") for path in cluster.glob(pattern)]
    return {str(path.relative_to(state)): path.read_text(encoding="utf-8", errors="replace") for path in files}


def sessions(place: sandbox.Sandbox, role: connection.Role, count: int) -> list[psycopg.Connection]:
    found = connection.database(place.environ, role)
    return [
        psycopg.connect(
            host=found["HOST"], port=found["PORT"], user=found["USER"], password=found["PASSWORD"], dbname=found["NAME"]
        )
        for _ in range(count)
    ]


def knock(place: sandbox.Sandbox) -> None:
    """Send marked texts through every way in, most of them refused."""
    headers = {"Authorization": f"Bearer {KEY}", "Cookie": f"sessionid={SESSION}"}
    call = {"number": DIGITS, "name": NAME, "narrative": NARRATIVE, "location": {"text": PLACE}, "text": NOTE}
    with httpx.Client(base_url=place.url, timeout=20) as client:
        for path in ("incidents", "calls", "telephony/events", "positions", "units/DMK1/status", "aml", "notes"):
            client.post(f"api/v1/{path}", json=call, headers=headers)
            client.post(f"api/v1/{path}?q={NARRATIVE}&number={DIGITS}", content=f'{{"text": "{NOTE}', headers=headers)
            client.post(f"api/v1/{path}", content=b"\xff\xfe" + NARRATIVE.encode(), headers=headers)
            client.get(f"api/v1/{path}/{NAME}/{DIGITS}", headers=headers)
        client.get(f"/{PLACE}/{DIGITS}?q={NARRATIVE}")
        client.get("/healthz", headers={"Host": f"{NAME}.example"})
        client.get(
            "/", headers={"Host": f"{NAME}_..example", "Referer": f"http://{PLACE}/", "Origin": f"http://{NAME}"}
        )
        client.request(f"{MARK.upper()}", "/")
        page = client.get("sign-in/")
        token = page.text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        for username in ("dispatcher", NAME):
            words = {"login": username, "password": PASSWORD, "csrfmiddlewaretoken": token}
            client.post("sign-in/", data=words, headers={"Referer": str(page.url)})
        client.post("sign-in/", data={"login": NAME, "password": PASSWORD})
        signed = {"login": "calltaker", "password": "sigap-demo", "csrfmiddlewaretoken": token}
        client.post("sign-in/", data=signed)
        ours = {"X-CSRFToken": client.cookies.get("csrftoken", ""), "Referer": place.url}
        at = {"text": PLACE, "lat": -7.0085, "lng": 113.862}
        opened = {"type": "F01", "location": at, "narrative": NARRATIVE, "callback_number": DIGITS, "caller_name": NAME}
        assert client.post("api/v1/incidents", json=opened, headers=ours).status_code == 201
        assert client.post("api/v1/calls", json={"number": DIGITS}, headers=ours).status_code == 201
        for path in ("incidents", "calls"):
            client.post(f"api/v1/{path}", json={**call, "type": f"{MARK}\x00", "location": {"lat": NAME}}, headers=ours)
            client.post(f"api/v1/{path}", content=f'{{"narrative": "{NARRATIVE}', headers=ours)
        client.get(f"api/v1/places?q={PLACE}%00", headers=ours)


def fail_in_the_database(place: sandbox.Sandbox) -> None:
    """Break a constraint, a type, a deadlock and a statement's time, with marked values."""
    one, other, third = sessions(place, "app", 3)
    for statement in (
        f"INSERT INTO accounts_user SELECT * FROM accounts_user WHERE '{NAME}' <> ''",
        f"SELECT '{NARRATIVE}'::int",
        f"SELECT '{NOTE}'::jsonb",
        f"SELECT '{PLACE}' FROM {NAME}",
        f"SELECT pg_terminate_backend(0), '{NOTE}' WHERE 1 / 0 = 1",
        f"SET statement_timeout = '50ms'; SELECT pg_sleep(5), '{NARRATIVE}'",
        f"DO $$ BEGIN RAISE EXCEPTION '{NARRATIVE} {DIGITS}'; END $$",
        f"DO $$ BEGIN RAISE WARNING '{NARRATIVE} {DIGITS}'; END $$",
    ):
        with contextlib.suppress(psycopg.Error):
            third.execute(statement)
        third.rollback()
    lock = f"UPDATE units_unit SET callsign = callsign WHERE callsign = %s AND '{NAME}' <> '{DIGITS}'"
    first, second = (row[0] for row in one.execute("SELECT callsign FROM units_unit ORDER BY callsign LIMIT 2"))
    one.rollback()
    one.execute(lock, [first])
    other.execute(lock, [second])
    third.execute("SET lock_timeout = '50ms'")
    ignore(third, lock, first)
    waits = threading.Thread(target=lambda: ignore(other, lock, first))
    waits.start()
    ignore(one, lock, second)
    waits.join()
    for session in (one, other, third):
        session.close()


def ignore(session: psycopg.Connection, statement: str, value: str) -> None:
    try:
        session.execute(statement, [value])
    except psycopg.Error:
        with contextlib.suppress(psycopg.Error):
            session.rollback()
