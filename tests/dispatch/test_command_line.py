"""The command line in a real browser: what it shows before it acts, how it starts, and every line it reads."""

from __future__ import annotations

import random
import re

import pytest
from playwright.sync_api import expect

from dispatch.actions.assignments import assign_unit
from dispatch.models import Assignment, Incident, Note
from tests.conftest import person
from tests.dispatch.browser_sessions import press_again
from tests.dispatch.consoles import active, choose, eventually, incident, row_of, sign_in

pytestmark = pytest.mark.usefixtures("no_open_incidents")


def test_the_command_line_names_its_target_asks_twice_to_send_and_takes_late_times(page, web, errors):
    fire = incident()
    sign_in(page, web)
    expect(row_of(page, fire)).to_be_visible()
    meaning, number = page.locator("#command-meaning"), str(fire.number)
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    page.keyboard.type("DMK1 > 999999")
    page.keyboard.press("Enter")
    expect(meaning).to_have_class(re.compile("wrong"))
    page.keyboard.press("Control+a")
    page.keyboard.type(f"mk > {number}")
    page.keyboard.press("Enter")
    expect(meaning).to_contain_text("DMK1, DMK2")
    page.keyboard.press("Control+a")
    page.keyboard.type(f"{number} > dm")
    page.keyboard.press("Tab")
    expect(page.locator("#command-field")).to_have_value(f"{number} > DMK1")
    expect(meaning).to_contain_text(fire.location_text)
    page.keyboard.press("Enter")
    expect(meaning).to_have_class(re.compile("soon"))
    assert active(fire) == set()
    press_again(page)
    eventually(page, lambda: active(fire), {"DMK1"})
    # An Enter that comes with a change of what the line is about does nothing: it is pressed once that has been read.
    page.keyboard.type("k1 3")
    expect(meaning).to_contain_text(number)
    press_again(page)
    eventually(page, lambda: Assignment.objects.get(incident=fire).status, "en_route")
    page.keyboard.type(f"{number} n gate is locked")
    press_again(page)
    eventually(page, lambda: Note.objects.filter(incident=fire, text="gate is locked").count(), 1)
    page.keyboard.type(f"? {fire.location_text.lower()}")
    page.keyboard.press("Enter")
    expect(page.locator("#command-options li")).to_contain_text([number])
    page.keyboard.press("Enter")
    expect(page.locator(".incident-head h2")).to_contain_text(number)
    assert errors == []


@pytest.mark.long
def test_the_command_line_starts_clean_and_its_commands_name_their_target_first(page, web, errors):
    fire, twin, far = incident(by="calltaker"), incident("F03"), incident("B09")
    assign_unit(actor=person("dispatcher").at_desk("D1"), incident=far.id, unit="DMK7")
    sign_in(page, web)
    choose(page, twin)
    field, meaning, number = page.locator("#command-field"), page.locator("#command-meaning"), str(fire.number)
    _starts_clean_and_covers_nothing(page, field)
    assert Incident.objects.get(pk=fire.pk).owner_id is None
    field.fill(f"ambil {number}")
    expect(meaning).to_contain_text(fire.location_text)
    press_again(page)
    eventually(page, lambda: Incident.objects.get(pk=fire.pk).owner_id, person("dispatcher").user)
    field.fill(f"{number} d d")
    expect(page.locator("#command-room header")).to_contain_text(fire.location_text)
    field.fill(f"{number} d k7")
    expect(meaning).to_contain_text(fire.location_text)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # too soon
    assert active(fire) == set()
    press_again(page)
    eventually(page, lambda: (active(fire), active(far)), ({"DMK7"}, set()))
    field.fill(f"{number} t nobody")
    page.keyboard.press("Enter")
    expect(meaning).to_have_class(re.compile("wrong"))
    expect(meaning).to_contain_text("NOBODY")
    field.fill(f"{number} t bpbd")
    press_again(page)
    eventually(page, lambda: fire.tasks.filter(agency__code="BPBD").count(), 1)
    field.fill(f"{number} m {twin.number}")
    expect(meaning).to_contain_text(twin.location_text)
    page.keyboard.press("Enter")
    press_again(page)
    eventually(page, lambda: Incident.objects.get(pk=fire.pk).merged_into_id, twin.id)
    page.keyboard.press("Alt+z")
    eventually(page, lambda: Incident.objects.get(pk=fire.pk).merged_into_id, None)
    expect(row_of(page, fire)).to_be_visible()
    field.fill(f"{number} c handled")
    expect(meaning).to_contain_text("DMK7")
    page.keyboard.press("Enter")
    press_again(page)
    eventually(page, lambda: Incident.objects.get(pk=fire.pk).state, "closed")
    assert active(fire) == set()
    assert errors == []


def _starts_clean_and_covers_nothing(page, field):
    page.keyboard.press("/")
    page.keyboard.type("DMK9 nonsense")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(field).to_have_value("")
    page.keyboard.press("ArrowUp")
    expect(field).to_have_value("DMK9 nonsense")
    # Help is the table of commands; like the choices it takes room from the list and covers nothing.
    field.fill("help")
    page.keyboard.press("Enter")
    expect(page.locator("#command-room dt")).to_have_count(11)
    room = page.locator("#command-room").bounding_box()
    for part in ("#incidents", ".incident-pane", "#command"):
        assert not overlap(room, page.locator(part).bounding_box()), part


def overlap(one, other):
    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return across > 1 and down > 1


LINES = {
    "empty": ["", "  "],
    "status": ["DMK1 4", "dmk1 a", "DMK1, DMK2 s", "DMK1 4 @14:05"],
    "assign": ["DMK1 > 117", "117 > DMK1, DMK2", "#117 > DMK1", "DMK1 DMK2 > 117", "117 > 118", "kirim DMK1 117"],
    "divert": ["117 d DMK7", "divert DMK7 117", "117 alihkan DMK7, DMK8"],
    "note": ["117 n hydrant dry", "117 N x > y", "note 117 hydrant dry"],
    "task": ["117 t PLN", "tugas 117 pln"],
    "own": ["117 o", "own 117"],
    "merge": ["117 m 116", "gabung 117 #116"],
    "close": ["117 c handled", "tutup 117 Tertangani"],
    "shortfall": ["117 k none is nearer", "kurang 117 tidak ada"],
    "help": ["help", "bantuan", "help close"],
    "show": ["? DMK1", "?117", "? +62 812-3098-7731", "? dekat pasar", "cari pasar"],
    "wrong": ["DMK1", "117 n", "> 117", "DMK1 >", "a > b > c", "?", "DMK1 9", "DMK1 0", "DMK1 __proto__"],
}
INCOMPLETE = ["117 t", "117 m x", "117 c", "117 d", "117 o now", "117 k", "close", "merge 117", "own 4 x"]


@pytest.mark.long
def test_the_command_line_reads_every_line_and_never_stumbles(page, web):
    sign_in(page, web)
    chance = random.Random(112)
    signs = "DMK1 4>n?@,#:-+0 a\u00e9\U0001f692\u202e\\'\"`${}<\t" + "117 n "
    wild = ["".join(chance.choice(signs) for _ in range(chance.randrange(40))) for _ in range(500)]
    kinds = page.evaluate(
        """async ([known, wild]) => {
          const { parse } = await import("/static/js/features/command/parse.js");
          const { statusOf } = await import("/static/js/components/units.js");
          const { momentAt, momentOf } = await import("/static/js/core/time.js");
          const now = Date.UTC(2026, 0, 31, 17, 5); // 00:05 in Jakarta
          for (const line of wild) { momentOf(line, now, "Asia/Jakarta"); statusOf(line); }
          const kinds = (lines) => lines.map((line) => parse(line).kind);
          const moments = ["0001", "23:59", "-5", "0010", "2460", "x"]
            .map((text) => momentOf(text, now, "Asia/Jakarta"))
            .map((moment) => moment === null ? null : (moment - now) / 60000);
          // New York puts its clocks forward on 14 March 2027 at 2 o'clock and back on 7 November.
          const text = (moment) => moment === null ? null : new Date(moment).toISOString().slice(5, 16);
          const there = (typed, ...at) => text(momentOf(typed, Date.UTC(2027, ...at), "America/New_York"));
          const summer = [
            text(momentAt("2027-03-14T05:00", "America/New_York")),
            text(momentAt("2027-03-14T02:30", "America/New_York")),
            text(momentAt("2027-11-07T01:30", "America/New_York")),
            there("0500", 2, 14, 12), there("0130", 2, 14, 12), there("0230", 2, 14, 12), there("2300", 2, 14, 12),
            there("0130", 10, 7, 5, 45), there("0130", 10, 7, 6, 40), there("0150", 10, 7, 6, 40),
          ];
          return { known: kinds(known), wild: kinds(wild), moments, summer };
        }""",
        [[line for lines in LINES.values() for line in lines] + INCOMPLETE, wild],
    )
    assert kinds["known"] == [kind for kind, lines in LINES.items() for _ in lines] + ["wrong"] * len(INCOMPLETE)
    assert set(kinds["wild"]) <= set(LINES)
    assert kinds["moments"] == [-4, -6, -5, -1435, None, None]
    assert kinds["summer"] == [
        "03-14T09:00", "03-14T07:30", "11-07T06:30",
        "03-14T09:00", "03-14T06:30", None, "03-14T04:00",
        "11-07T05:30", "11-07T06:30", "11-07T05:50",
    ]  # fmt: skip
