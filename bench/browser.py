"""Screens in headless Chromium under work: a full board with moving units beside an empty page; the console."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from django.db import connection
from playwright.sync_api import Browser, CDPSession, Page, ViewportSize, sync_playwright

from accounts.actions import make_key
from accounts.actors import system_actor
from accounts.models import User
from accounts.roles import Scope
from accounts.training import DEMO_PASSWORD
from bench import browser_page
from bench.board_rows import World, load_units
from bench.results import Measure, Options, Result, percentile
from dispatch.models import Incident
from dispatch.states import NOT_OPEN
from launcher.browser import ensure
from launcher.console_output import say
from plans.models import IncidentType
from units.models import Unit

INCIDENTS = 1_000
UNITS = 2_000
RATE = 100
SECONDS = 30.0
MOVES = 10  # batches a second: each unit moves every ten seconds
KEYS = 100
POSTS = 20
MAP = "maplibre"
SIZE: ViewportSize = {"width": 1920, "height": 1080}
OURS = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page went through: milliseconds, frames, bytes. per_frame: scripts, styles and layout; tasks: all."""

    longest: float
    per_frame: float
    tasks_per_frame: float
    keys: list[float]
    heap_before: int
    heap_after: int
    frames: int


def run(options: Options) -> Result:
    """Measure; size: open incidents. seconds: of work."""
    size, seconds = options.size or INCIDENTS, options.seconds or SECONDS
    World(open_ones=size)
    load_units(UNITS)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread; our queries are plain
    with sync_playwright() as playwright:
        chromium, path = playwright.chromium, ensure(os.environ, say=say)
        rooted = os.geteuid() == 0
        # Without a graphics card the map is drawn by the processor, and the page waits for it: it is measured apart.
        plain = chromium.launch(executable_path=path, chromium_sandbox=not rooted, args=["--disable-3d-apis"])
        place = _Place(options.url.rstrip("/"), plain)
        empty = place.empty(seconds)
        board = place.board(seconds)
        rows = place.rows()
        place.browser = chromium.launch(executable_path=path, chromium_sandbox=not rooted)
        mapped = place.board(seconds)
        console = place.console()
    name = f"board, {size:,} incidents, {UNITS:,} units moving, {RATE}/s"
    work = [*_work(name, board, empty), *_work("the same with its map drawn by the processor", mapped, empty)]
    return Result("browser", [*work, *_starts(console), *_visible(rows)])


def _work(name: str, board: Seen, empty: Seen) -> list[Measure]:
    keys, still = percentile(board.keys, 0.95), percentile(empty.keys, 0.95)
    grown = board.heap_after / max(board.heap_before, 1)
    return [
        Measure(f"{name}: longest task", "ms", board.longest, empty.longest or None, "<= 100 ms", board.longest <= 100),
        Measure("work per frame", "ms", board.per_frame, empty.per_frame, "<= 4 ms", board.per_frame <= 4),
        Measure("all tasks per frame", "ms", board.tasks_per_frame, empty.tasks_per_frame),
        Measure("frames drawn", "", board.frames, empty.frames),
        Measure("key press -> paint p95", "ms", round(keys, 1), round(still, 1), "<= 50 ms", keys <= 50),
        Measure("heap after", "MB", board.heap_after / 1e6, empty.heap_after / 1e6, "<= 1.2 x before", grown <= 1.2),
    ]


def _starts(console: dict[str, float]) -> list[Measure]:
    size, content, first = console["bytes"], console["content"], console["first"]
    return [
        Measure("console, 500 incidents: script without the map", "kB", size / 1000, None, "<= 150", size <= 150_000),
        Measure("console: DOMContentLoaded", "ms", round(content), None, "<= 300 ms", content <= 300),
        Measure("console: first row", "ms", round(first), None, "<= 500 ms", first <= 500),
    ]


def _visible(rows: list[float]) -> list[Measure]:
    middle = percentile(rows, 0.5)
    return [
        Measure("POST -> row visible p50", "ms", round(middle), None, "<= 100 ms", middle <= 100),
        Measure("POST -> row visible, longest", "ms", round(max(rows))),
    ]


class _Place:
    """The running place with a browser before it."""

    def __init__(self, url: str, browser: Browser) -> None:
        self.url, self.browser = url, browser
        centre = User.objects.get(username="dispatcher").centre_id
        scopes = [Scope.BOARD, Scope.INCIDENTS, Scope.UNITS]
        _, key = make_key(actor=system_actor(centre), name="bench browser", scopes=scopes)
        logging.getLogger("httpx").setLevel(logging.WARNING)  # each position would be a line
        self.http = httpx.Client(base_url=f"{url}/api/v1/", headers={"Authorization": f"Bearer {key}"}, timeout=30)
        self.incidents = [str(row.id) for row in Incident.objects.exclude(state__in=NOT_OPEN)[:20]]

    def empty(self, seconds: float) -> Seen:
        """A page with nothing on it, for as long."""
        page = self._page()
        page.set_content(browser_page.EMPTY)
        page.evaluate(browser_page.WATCH)
        seen = _watch(page, seconds)
        page.context.close()
        return seen

    def board(self, seconds: float) -> Seen:
        """The board while facts and positions come."""
        page = self._page("dispatcher", "/board/")
        page.wait_for_function("() => window.bench.first !== null", timeout=60_000)
        page.locator("#incidents").first.focus()
        with self._facts(seconds + 2), self._moves():
            seen = _watch(page, seconds)
        page.context.close()
        return seen

    def rows(self) -> list[float]:
        """Milliseconds from sending a new incident until its row is drawn."""
        page = self._page("dispatcher", "/board/")
        page.wait_for_function("() => window.bench.first !== null", timeout=60_000)
        kind = IncidentType.objects.filter(now=True, restricted=False).values_list("code", flat=True)[0]  # on top
        found = []
        for turn in range(POSTS):
            text = f"Jalan Ukur {turn} {int(time.time())}"
            page.evaluate("(text) => { window.bench.wanted = text; }", text)
            begun = time.time() * 1000
            body = {"type": kind, "priority": 1, "location": {"text": text, "lat": -7.01, "lng": 113.86}}
            self.http.post("incidents", json=body).raise_for_status()
            page.wait_for_function("(text) => window.bench.rows[text]", arg=text, timeout=30_000)
            found.append(page.evaluate("(text) => window.bench.rows[text]", text) - begun)
        page.context.close()
        return found

    def console(self) -> dict[str, float]:
        """The console's start with nothing cached: bytes of script, moments."""
        with connection.cursor() as cursor:  # the console is measured with 500 open incidents
            cursor.execute(
                "UPDATE dispatch_incident SET state = 'closed', closed_at = now() WHERE id IN "
                "(SELECT id FROM dispatch_incident WHERE state NOT IN ('closed', 'cancelled', 'merged') "
                "ORDER BY created_at DESC OFFSET 500)"
            )
        page = self._page("dispatcher", "/console/")
        page.wait_for_function("() => window.bench.first !== null", timeout=60_000)
        scripts = page.evaluate(browser_page.SCRIPTS)
        loaded = page.evaluate(browser_page.LOADED)
        page.context.close()
        return {**loaded, "bytes": float(sum(size for name, size, _ in scripts if MAP not in name))}

    def _page(self, username: str = "", path: str = "") -> Page:
        context = self.browser.new_context(viewport=SIZE)
        page = context.new_page()
        if username:
            page.goto(f"{self.url}/sign-in/")
            page.fill("[name=login]", username)
            page.fill("[name=password]", DEMO_PASSWORD)
            page.press("[name=password]", "Enter")
            page.wait_for_url(lambda address: "/sign-in" not in address)
            # The page after signing in has fetched files already: another browser's cache, the same session.
            kept = context.storage_state()
            context.close()
            page = self.browser.new_context(viewport=SIZE, storage_state=kept).new_page()
            page.add_init_script(browser_page.WATCH)
            page.goto(self.url + path)
        return page

    @contextmanager
    def _facts(self, seconds: float) -> Iterator[None]:
        words = [sys.executable, "-m", "bench.live_writer", str(RATE), str(seconds), *self.incidents]
        writer = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        try:
            yield
        finally:
            writer.terminate()
            writer.wait()

    @contextmanager
    def _moves(self) -> Iterator[None]:
        """Every unit moves a little every ten seconds."""
        callsigns = list(Unit.objects.order_by("id").values_list("callsign", flat=True)[:UNITS])
        over = threading.Event()

        def move() -> None:
            turn, part = 0, len(callsigns) // (10 * MOVES)
            while not over.wait(1 / MOVES):
                begin = turn * part % len(callsigns)
                fixes = [
                    {"unit": unit, "lat": -7.0 - turn % 50 / 5000, "lng": 113.8 + turn % 70 / 5000, "at": _now()}
                    for unit in callsigns[begin : begin + part]
                ]
                self.http.post("units/positions", json=fixes).raise_for_status()
                turn += 1

        thread = threading.Thread(target=move)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def _watch(page: Page, seconds: float) -> Seen:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    before, began = _metrics(session), time.monotonic()
    page.evaluate(browser_page.CLEAR)
    for _ in range(KEYS):
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(seconds * 1000 / KEYS)
    page.wait_for_timeout(max(0.0, seconds - (time.monotonic() - began)) * 1000)
    measured = page.evaluate(browser_page.MEASURED)
    after = _metrics(session)
    spent = {name: (after[name] - before[name]) * 1000 for name in (*OURS, "TaskDuration")}
    return Seen(
        longest=round(max(measured["long"], default=0.0), 1),
        per_frame=round(sum(spent[name] for name in OURS) / max(measured["frames"], 1), 2),
        tasks_per_frame=round(spent["TaskDuration"] / max(measured["frames"], 1), 2),
        keys=measured["keys"],
        heap_before=int(before["JSHeapUsedSize"]),
        heap_after=int(after["JSHeapUsedSize"]),
        frames=int(measured["frames"]),
    )


def _metrics(session: CDPSession) -> dict[str, Any]:
    session.send("HeapProfiler.collectGarbage")
    return {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
