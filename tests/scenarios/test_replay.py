"""A real CAD log played through the HTTP API: every row accounted for, the log sound, the feed equal to the board."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ApiKey
from alarms.models import Alarm
from dispatch.models import Assignment, Incident, Task
from dispatch.states import ACTIVE, NOT_OPEN, TASK_OPEN
from simulation.replay import repairs, san_francisco
from tests.api_client import make_secret
from tests.conftest import ROOT, Database
from tests.scenarios.centre import Follower, Program
from tests.servers import live_web
from units.models import Unit

DATA = ROOT / "data" / "replay"
WHOLE = DATA / "sf_fire_2017-01.csv.gz"
ROWS, CALLS, UNITS = 7704, 3560, 178


def rows_of(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def first_calls(count: int, path: Path) -> Path:
    """A file with the rows of the first calls of the week."""
    rows = rows_of(WHOLE)
    log = san_francisco.read_log(WHOLE)
    wanted = {case.number for case in log.cases[:count]}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row for row in rows if row["Call Number"] in wanted)
    return path


def play(url: str, report: Path, *words: str, **options: Any) -> dict[str, Any]:
    call_command("replay", *words, url=url, report=report, stdout=io.StringIO(), **options)
    result: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return result


def assert_sound(result: dict[str, Any]) -> None:
    """The numbers add up, nothing is left over, the log is as it was written, the key is revoked."""
    assert result["rows"] == result["accepted"] + result["repaired"] + result["refused"]
    assert result["incidents"] == result["closed"] + result["cancelled"]
    assert not Incident.objects.exclude(state__in=NOT_OPEN).exists()
    assert not Assignment.objects.filter(status__in=ACTIVE).exists()
    assert not Task.objects.filter(state__in=TASK_OPEN).exists()
    assert not Alarm.objects.exists()
    assert list(ApiKey.objects.filter(name="replay", revoked_at=None)) == []
    call_command("verify_log", stdout=io.StringIO())


@pytest.mark.parametrize(
    "calls",
    [
        40,
        pytest.param(300, marks=[pytest.mark.long, pytest.mark.timeout(900)]),
        pytest.param(CALLS, marks=[pytest.mark.long, pytest.mark.timeout(7200)]),
    ],
    ids=["forty", "first", "whole"],
)
def test_the_week_of_san_francisco_goes_in_row_by_row(fresh_database: Database, tmp_path: Path, calls: int) -> None:
    file = WHOLE if calls == CALLS else first_calls(calls, tmp_path / "first.csv")
    secret = make_secret(["board"])
    with live_web(fresh_database, processes=2) as web, Program(web.url, secret) as program:
        follower = Follower(web.live, program, secret)
        result = play(web.url, tmp_path / "out.json", str(file), "--format", "sf-fire")
        follower.equals_its_board()
        follower.close()
    assert_sound(result)
    assert (result["calls"], result["incidents"], result["refused"]) == (calls, calls, 0)
    if calls == CALLS:
        assert (result["rows"], result["units"]) == (ROWS, UNITS)
        reasons = result["reasons"]
        assert (reasons[repairs.OUT_OF_ORDER], reasons[repairs.FREED_AT_NEXT]) == (28, 14)
        assert reasons[repairs.UNKNOWN_TYPE] == 216
        assert result["accepted"] == ROWS - result["repaired"]


def test_london_goes_in_with_its_pumps(fresh_database: Database, tmp_path: Path) -> None:
    with live_web(fresh_database) as web:
        result = play(
            web.url,
            tmp_path / "out.json",
            str(DATA / "lfb_incidents.csv"),
            "--format",
            "lfb",
            mobilisations=DATA / "lfb_mobilisations.csv",
        )
    assert_sound(result)
    assert (result["rows"], result["refused"], result["assignments"], result["incidents"]) == (40, 0, 20, 20)
    assert set(Unit.objects.filter(agency__code="REPLAY-LFB").values_list("status", flat=True)) == {"available_station"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"Call Number,Unit ID\n1,E1\n", "column missing"),
        (b"\x1f\x8b\x08cut", "gzip is damaged"),
        (b"\xff\xfe\x00", "UTF-8"),
    ],
    ids=["empty", "columns", "gzip", "bytes"],
)
def test_a_file_that_cannot_be_played_is_refused_with_a_hint(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=message) as raised:
        call_command("replay", str(file), "--format", "sf-fire", url="http://127.0.0.1:9")
    assert raised.value.returncode == 2


def test_an_unreadable_time_is_named_with_its_line_and_column(tmp_path: Path) -> None:
    row = rows_of(WHOLE)[0] | {"On Scene DtTm": "yesterday"}
    file = tmp_path / "bad.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(row))
        writer.writeheader()
        writer.writerow(row)
    with pytest.raises(CommandError, match=r"line 2.*On Scene DtTm.*yesterday"):
        call_command("replay", str(file), "--format", "sf-fire", url="http://127.0.0.1:9")


def test_a_place_that_does_not_answer_leaves_no_key_behind(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="does not answer"):
        call_command("replay", str(WHOLE), "--format", "sf-fire", url="http://127.0.0.1:9")
    assert not ApiKey.objects.filter(name="replay").exists()
