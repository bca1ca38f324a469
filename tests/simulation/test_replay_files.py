"""The files of CAD logs as they are downloaded: other years, other names of columns, other encodings."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from core import sheets
from simulation.replay import london, san_francisco
from simulation.replay.cad_log import CadLog
from simulation.replay.reading import MOST_BYTES, BadFile
from tests.conftest import ROOT

DATA = ROOT / "data" / "replay"
OF_2017 = "%m/%d/%Y %I:%M:%S %p"
TEXT_ONLY = list(san_francisco.EXTRA)
LONDON_TEXT_ONLY = list(london.EXTRA)


def first_rows(count: int = 12) -> list[dict[str, str]]:
    with gzip.open(DATA / "sf_fire_2017-01.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(islice(csv.DictReader(file), count))


def written(rows: list[dict[str, str]], path: Path, *, encoding: str = "utf-8", **dialect: str) -> Path:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), **dialect)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def renamed(rows: list[dict[str, str]], names: dict[str, str]) -> list[dict[str, str]]:
    return [{names.get(name, name): cell for name, cell in row.items()} for row in rows]


def without(rows: list[dict[str, str]], *names: str) -> list[dict[str, str]]:
    return [{name: cell for name, cell in row.items() if name not in names} for row in rows]


def rewritten(cell: str, shape: str, other: str) -> str:
    """A time of a file in another shape."""
    return datetime.strptime(cell, shape).replace(tzinfo=UTC).strftime(other)


def facts(cad_log: CadLog) -> list[object]:
    """The times, units and types of a log: everything but its texts."""
    return [
        (case.number, case.received_at, case.entered_at, case.type,
         [(part.unit, part.dispatched_at, part.stamps) for part in case.parts])
        for case in cad_log.cases
    ]  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> CadLog:
    return san_francisco.read_log(written(first_rows(), tmp_path_factory.mktemp("sf") / "whole.csv"))


@pytest.mark.parametrize("missing", [[name] for name in TEXT_ONLY] + [TEXT_ONLY], ids=",".join)
def test_a_column_that_only_adds_text_may_be_missing(whole: CadLog, tmp_path: Path, missing: list[str]) -> None:
    cad_log = san_francisco.read_log(written(without(first_rows(), *missing), tmp_path / "less.csv"))
    assert facts(cad_log) == facts(whole)
    assert all(case.place and case.narrative for case in cad_log.cases)


@pytest.mark.parametrize("column", san_francisco.COLUMNS)
def test_a_missing_column_that_makes_a_row_is_named_with_what_the_file_has(tmp_path: Path, column: str) -> None:
    file = written(without(first_rows(2), column), tmp_path / "less.csv")
    with pytest.raises(BadFile) as raised:
        san_francisco.read_log(file)
    assert f"column missing: {column}. The file has: " in str(raised.value)
    assert "Watch Date" in str(raised.value)


def test_the_columns_of_later_years_and_of_the_data_sets_api_are_known(whole: CadLog, tmp_path: Path) -> None:
    later = renamed(
        first_rows(),
        {"Neighborhood  District": "Neighborhooods - Analysis Boundaries", "Location": "case_location"},
    )
    for row in later:
        lat, lng = row["case_location"].strip("()").split(", ")
        row["case_location"] = f"POINT ({lng} {lat})"
    cad_log = san_francisco.read_log(written(later, tmp_path / "later.csv"))
    assert facts(cad_log) == facts(whole)
    assert [(case.place, case.point) for case in cad_log.cases] == [(case.place, case.point) for case in whole.cases]

    from_api = [
        {
            name.lower().replace(" ", "_"): rewritten(cell, OF_2017, "%Y-%m-%dT%H:%M:%S.000")
            if "DtTm" in name and cell
            else cell
            for name, cell in row.items()
        }
        for row in first_rows()
    ]
    assert facts(san_francisco.read_log(written(from_api, tmp_path / "api.csv"))) == facts(whole)


@pytest.mark.parametrize("shape", ["%Y/%m/%d %I:%M:%S %p", "%Y %b %d %I:%M:%S %p"])
def test_times_of_later_downloads_are_read(whole: CadLog, tmp_path: Path, shape: str) -> None:
    rows = first_rows()
    for row in rows:
        for name, cell in row.items():
            if "DtTm" in name and cell:
                row[name] = rewritten(cell, OF_2017, shape)
    assert facts(san_francisco.read_log(written(rows, tmp_path / "later.csv"))) == facts(whole)


@pytest.mark.parametrize(
    ("spelt", "encoding", "separator"),
    [(str.upper, "utf-8", ","), (str.lower, "utf-16", "\t"), (str.title, "utf-8-sig", ";"), (str.lower, "cp1252", ";")],
)
def test_the_heading_in_any_letter_case_and_the_file_as_spreadsheets_save_it(
    whole: CadLog, tmp_path: Path, spelt: object, encoding: str, separator: str
) -> None:
    rows = [{spelt(name): cell for name, cell in row.items()} | {"": ""} for row in first_rows()]  # type: ignore[operator]
    file = written(rows, tmp_path / "saved.csv", encoding=encoding, delimiter=separator)
    cad_log = san_francisco.read_log(file)
    assert facts(cad_log) == facts(whole)
    assert [case.place for case in cad_log.cases] == [case.place for case in whole.cases]


def london_rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("missing", [[name] for name in LONDON_TEXT_ONLY] + [LONDON_TEXT_ONLY], ids=",".join)
def test_london_needs_no_column_that_only_adds_text(tmp_path: Path, missing: list[str]) -> None:
    pumps = written(without(london_rows("lfb_mobilisations.csv"), *london.PUMPS_EXTRA), tmp_path / "pumps.csv")
    incidents = written(without(london_rows("lfb_incidents.csv"), *missing), tmp_path / "incidents.csv")
    whole = london.read_log(DATA / "lfb_incidents.csv", DATA / "lfb_mobilisations.csv")
    assert facts(london.read_log(incidents, pumps)) == facts(whole)


def test_a_missing_column_of_londons_pumps_is_named(tmp_path: Path) -> None:
    pumps = written(without(london_rows("lfb_mobilisations.csv"), "Resource_Code"), tmp_path / "pumps.csv")
    with pytest.raises(BadFile, match=r"column missing: Resource_Code\. The file has: IncidentNumber, "):
        london.read_log(DATA / "lfb_incidents.csv", pumps)


def test_dates_and_blank_cells_of_londons_other_years_are_read(tmp_path: Path) -> None:
    rows = london_rows("lfb_incidents.csv")
    for row in rows:
        row["DateOfCall"] = rewritten(row["DateOfCall"], "%d %b %Y", "%d-%b-%y")
        row["SpecialServiceType"] = row["SpecialServiceType"] or "NULL"
    incidents = written(rows, tmp_path / "incidents.csv")
    assert facts(london.read_log(incidents, None)) == facts(london.read_log(DATA / "lfb_incidents.csv", None))


def test_a_row_that_is_no_csv_is_named_after_those_before_it_were_read(tmp_path: Path) -> None:
    file = written(first_rows(3), tmp_path / "cut.csv")
    file.write_bytes(file.read_bytes() + b'"cut')
    with pytest.raises(BadFile, match=r"Row 5 can.t be read as CSV"):
        san_francisco.read_log(file)


def test_a_file_of_more_than_a_gigabyte_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    with file.open("wb") as large:
        large.truncate(MOST_BYTES + 1)  # takes no space
    with pytest.raises(BadFile, match="split it"):
        san_francisco.read_log(file)


def test_a_time_that_is_none_is_named_with_its_row_and_column(tmp_path: Path) -> None:
    rows = first_rows(3)
    rows[1]["Received DtTm"] = "20.15 uur"
    with pytest.raises(BadFile, match=r"line 3, column 'Received DtTm': '20\.15 uur' is not a time such as"):
        san_francisco.read_log(written(rows, tmp_path / "bad.csv"))


def test_a_point_that_is_none_leaves_the_place_in_words(tmp_path: Path) -> None:
    rows = first_rows(1)
    rows[0]["Location"] = "(1.2.3, 4..5)"
    cad_log = san_francisco.read_log(written(rows, tmp_path / "odd.csv"))
    assert cad_log.cases[0].point is None
    assert cad_log.cases[0].received_at.astimezone(UTC).year == 2017


def test_column_names_are_one_whatever_their_case_and_blanks() -> None:
    assert {sheets.column_key(name) for name in ("Unit ID", "unit_id", " UNIT  id", "Unit-ID", "ＵＮＩＴ　ＩＤ")} == {
        "unitid"
    }
