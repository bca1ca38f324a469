"""Tables of settings as spreadsheets write them, and back again: nothing is lost, invented or half written."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.models import Agency, User
from config.admin import site
from core.cells import bared, shielded
from core.models import Event
from directory.models import Contact
from places.models import Place
from tests.config.test_admin import signed_in, where
from tests.config.test_admin_tables import table_of, take
from units.models import Station, Unit

pytestmark = pytest.mark.django_db

STATIONS = "code;agency;name;lat;lng\n"
TABLES = [model for model, page in site._registry.items() if hasattr(page, "import_view")]


@pytest.fixture
def admin(db):
    User.objects.filter(username="admin").update(language="id")
    return signed_in("admin")


def upload(client, model, content):
    file = SimpleUploadedFile("table.csv", content.encode() if isinstance(content, str) else content)
    return client.post(where(model, "import"), {"file": file})


def taken(client, model, content):
    looked = upload(client, model, content)
    assert looked.status_code == 200, looked.context.get("wrong") or looked.context["form"].errors
    return take(client, model, looked)


def wrong(client, model, content):
    before = Event.objects.count()
    looked = upload(client, model, content)
    assert looked.status_code == 422
    assert looked.context["seen"] is None
    assert Event.objects.count() == before
    return looked.context["wrong"]


@pytest.mark.parametrize(
    "table",
    [
        "code;agency;name;lat;lng\nX1;DAMKAR;Pos X;-7,05579;113,8601",
        "code;agency;name;lat;lng\nX1;DAMKAR;Pos X;-7.05579;113.8601\n;;;;",
        "code;agency;name;lat;lng;\nX1;DAMKAR;Pos X;-7,05579;113,8601;\n",
        "Code;Agency;NAME;Lat;LNG\nX1;DAMKAR;Pos X;-7,05579;113,8601\n",
        "CODE , agency, Name ,lat,lng\nX1,DAMKAR,Pos X,-7.05579,113.8601\n\n",
        'sep=,\r\ncode,agency,name,lat,lng\r\nX1,DAMKAR,Pos X,"-7,05579","113,8601"\r\n',
        "code\tagency\tname\tlat\tlng\nX1\tDAMKAR\tPos X\t−7.05579°\t113,8601 °\n",
        "code;;agency;name;lat;lng\nX1;;DAMKAR;Pos X;- 7,05579;+113,8601\n",
        "code;agency;name;lat;lng\nX1;DAMKAR;Pos X;\u20137,05579;113,8601\u00ba\n",
        "code;agency;name;lat;lng;active\nX1;DAMKAR;Pos X;-7,05579;113,8601;BENAR\n",
        "code;agency;name;lat;lng\nX1;DAMKAR;\u202ePos\u200b X\x00;-7,05579;113,8601\n",
    ],
)
def test_a_station_is_taken_however_a_spreadsheet_writes_it(admin, table):
    taken(admin, Station, table)
    station = Station.objects.get(code="X1")
    assert (station.name, station.lat, station.lng, station.active) == ("Pos X", -7.05579, 113.8601, True)


def test_a_last_row_of_empty_cells_is_ignored_and_decimal_points_stay_what_they_are(admin):
    taken(admin, Station, "code;agency;name;lat;lng\nX1;DAMKAR;Pos X;-7.05;113.86\n;;;;")
    station = Station.objects.get(code="X1")
    assert (station.name, station.lat, station.lng) == ("Pos X", -7.05, 113.86)


@pytest.mark.parametrize(
    ("cell", "right"),
    [(cell, True) for cell in ("BENAR", "Ya", "yes", "TRUE", "true", "1", "y")]
    + [(cell, False) for cell in ("SALAH", "tidak", "No", "FALSE", "0", "n", "")],
)
def test_yes_and_no_are_read_in_both_languages(admin, cell, right):
    taken(admin, Station, f"code;agency;name;lat;lng;active\nX1;DAMKAR;Pos X;-7;113;{cell}\n")
    assert Station.objects.get(code="X1").active is right


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_name_is_read_in_every_encoding_that_spreadsheets_save(admin, encoding):
    taken(admin, Station, (STATIONS + "X1;DAMKAR;Pos “Désa” – é;-7,05;113,8\n").encode(encoding))
    assert Station.objects.get(code="X1").name == "Pos “Désa” – é"


SPOILT = "6,28123E+12"


@pytest.mark.parametrize("cell", [SPOILT, "6.28123E+12", "8,12346E+10", "+6,28E+12", "113; 6,28123E+12", "6E+11"])
def test_a_telephone_number_that_a_spreadsheet_has_spoilt_is_refused_with_the_remedy(admin, cell):
    found = wrong(admin, Contact, f'code;name;numbers\nA;Kades;0812 3456 7890\nB;Camat;"{cell}"\n')
    assert [(row, column, value) for row, column, value, _message in found] == [(3, "numbers", cell)]
    assert "sebagai teks" in found[0][3]
    assert not Contact.objects.filter(code="A").exists()


def test_a_text_in_powers_of_ten_that_a_person_typed_comes_back_as_it_was(admin):
    taken(admin, Contact, f"code;name;numbers\nA;'{SPOILT};0812 3456 7890\n")
    assert Contact.objects.get(code="A").name == SPOILT
    assert upload(admin, Contact, table_of(admin, Contact)).context["counts"] == {"new": 0, "changed": 0, "same": 1}
    assert upload(admin, Contact, "code;numbers\nA;0812 3456 7891\n").context["counts"]["changed"] == 1


def test_telephone_numbers_of_units_and_contacts_stay_text(admin):
    taken(admin, Contact, "code;name;numbers\nA;Kades;081230987731\nB;Camat;+6281230987731\nC;PMI;'081230987731\n")
    before = {row.code: row.numbers for row in Contact.objects.all()}
    assert len(before["A"]) == len(before["B"]) == len(before["C"]) == 1
    table = table_of(admin, Contact)
    assert f";'{before['A'][0]};" in table
    looked = upload(admin, Contact, table)
    assert looked.context["counts"] == {"new": 0, "changed": 0, "same": 3}
    assert {row.code: row.numbers for row in Contact.objects.all()} == before


@pytest.mark.parametrize(
    ("cells", "column", "value"),
    [
        ("X1;DAMKAR;Pos X;-705579;113,8601", "lat", "-705579"),
        ("X1;DAMKAR;Pos X;-7,05579;1.138.601", "lng", "1.138.601"),
        ("X1;DAMKAR;Pos X;-7.055,79;113,8601", "lat", "-7.055,79"),
        ("X1;DAMKAR;Pos X;1,13E+02;113,8601", "lat", "1,13E+02"),
        ("X1;DAMKAR;Pos X;1e1;113,8601", "lat", "1e1"),
        ("X1;DAMKAR;Pos X;1_0;113,8601", "lat", "1_0"),
        ("X1;DAMKAR;Pos X;nan;113,8601", "lat", "nan"),
        ("X1;DAMKAR;Pos X;#VALUE!;113,8601", "lat", "#VALUE!"),
        ("X1;DAMKAR;Pos X;;113,8601", "lat", ""),
        ("X1;NOBODY;Pos X;-7,05;113,8601", "agency", "NOBODY"),
        ("X1;DAMKAR;;-7,05;113,8601", "name", ""),
    ],
)
def test_a_wrong_cell_is_named_with_its_row_column_and_value_and_no_row_is_taken(admin, cells, column, value):
    found = wrong(admin, Station, STATIONS + "X0;DAMKAR;Pos Y;-7,05;113,8601\n;;;;\n" + cells + "\n")
    assert [(row, name, quoted) for row, name, quoted, _message in found] == [(4, column, value)]
    assert found[0][3]
    assert not Station.objects.filter(code__in=["X0", "X1"]).exists()


@pytest.mark.parametrize(
    ("model", "content", "column", "known"),
    [
        (Station, STATIONS + "X1;NOBODY;Pos X;-7,05;113,8\n", "agency", "DAMKAR"),
        (Unit, "callsign;agency;kind;capabilities\nE01;DAMKAR;car;rocket boat\n", "capabilities", "fire_engine"),
        (Place, "code;kind;name;lat;lng\nA;castle;Puri;-7,05;113,8\n", "kind", "landmark"),
    ],
)
def test_a_code_that_there_is_not_is_named_with_those_that_there_are(admin, model, content, column, known):
    found = wrong(admin, model, content)
    assert [(row, name) for row, name, _value, _message in found] == [(2, column)]
    assert known in found[0][3]


@pytest.mark.parametrize(("cell", "crew"), [("4", 4), ("4,0", 4), ("4.00", 4), ("", None)])
def test_a_whole_number_may_have_decimals_of_nought(admin, cell, crew):
    taken(admin, Unit, f"callsign;agency;kind;capabilities;crew\nE01;DAMKAR;fire_engine;fire_engine;{cell}\n")
    assert Unit.objects.get(callsign="E01").crew == crew


@pytest.mark.parametrize("cell", ["1.000", "1,000", "4,5", "empat", "1E+3"])
def test_a_whole_number_that_may_be_another_is_refused(admin, cell):
    found = wrong(admin, Unit, f"callsign;agency;kind;capabilities;crew\nE01;DAMKAR;fire_engine;fire_engine;{cell}\n")
    assert [(row, column, value) for row, column, value, _message in found] == [(2, "crew", cell)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (STATIONS + "X1;DAMKAR;Pos X;-7,05;113,8;extra\n", ["Baris 2", "kolom F", "“extra”"]),
        ("code,agency,name,lat,lng\nX1,DAMKAR,Pos X,-7,05579,113,8601\n", ["Baris 2", "“113”"]),
        (STATIONS + 'X1;DAMKAR;"Pos X;-7,05;113,8\n', ["Baris 2"]),
        ("code;Name;NAME\nX1;a;b\n", ["dua kali"]),
        ("code;colour\nX1;red\n", ["colour"]),
        ("code;" + ";".join(f"colour{at}" for at in range(500)) + "\nX1", ["colour49 …. "]),
        (STATIONS + "X1;DAMKAR;Pos X;-7;113\n" * 1_001 + '"', ["1000 baris"]),
    ],
)
def test_what_is_wrong_with_the_table_as_a_whole_names_its_place(admin, content, words):
    message = wrong(admin, Station, content)[0][3]
    assert [each for each in words if each not in message] == []


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04\x14\x00", b"\xd0\xcf\x11\xe0\xa1\xb1", b"code\nX1\x81\n", b"\xff\xfec"]
)
def test_a_file_that_is_no_csv_is_refused_with_the_remedy(admin, content):
    answer = upload(admin, Station, content)
    assert answer.status_code == 400
    assert "CSV UTF-8" in str(answer.context["form"].errors["file"])


# Texts that spreadsheets take for formulas, numbers, dates and the like.
TEXTS = [
    "=1+1", "+cmd", "-x", "@sum", "\uff1d1", "'=1", "'0812", "0812", "+62812", "00112", "123456789012", "1-2", "1/2",
    "08-16", "12:30", "Mei 1", "DES-1", "1E5", "Rp 5.000", "TRUE", "SALAH", "5 a", "100%", "(021) 500", "-7,5",
    "a; =b; 'c", "Jl. 5/7", "'s", "112", "45 90 180", "Pos \"A\"; B", "",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_itself_again_after_it_was_shielded(text):
    assert bared(shielded(text)) == text


@pytest.mark.parametrize("text", TEXTS[:26])
def test_no_spreadsheet_takes_a_text_for_anything_else(text):
    assert shielded(text).startswith("'") or "; '=" in shielded(text)


def filled(admin):
    """Rows that spreadsheets would spoil."""
    names = [text for text in TEXTS if text and ";" not in text]
    rows = [f'K{at};"{text.replace(chr(34), chr(34) * 2)}";0812 3456 78{at:02}' for at, text in enumerate(names)]
    taken(
        admin, Contact, "code;name;numbers\n" + "\n".join(rows) + '\nN1;Dua;"081230987731; 113"\nN2;Satu;+6281230987731'
    )
    taken(admin, Station, STATIONS + "0112;DAMKAR;=Pos;-7,0557912345;113,86012345\n1-2;DAMKAR;Pos Z;-7;113,5")
    agency = Agency.objects.get(code="DAMKAR")
    Station.objects.filter(agency=agency, code="0112").update(lat=-7.05579123456, lng=113.860123456789)


def of_database():
    return (
        list(Contact.objects.order_by("code").values_list("code", "name", "numbers", "note")),
        list(Station.objects.order_by("code").values_list("code", "name", "lat", "lng")),
        list(Place.objects.order_by("code").values_list("code", "name", "lat", "lng", "other_names")),
    )


def saved_again(table: str, given: str, separator: str, end: str, encoding: str) -> bytes:
    """A table as a spreadsheet saves what it has opened: numbers in its own way, texts as they are."""
    rows = csv.reader(io.StringIO(table, newline=""), delimiter=given)
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator=end).writerows(rows)
    return text.getvalue().encode(encoding)


PROGRAMS = {
    "Excel": (";", "\r\n", "utf-8-sig"),
    "Excel, Unicode text": ("\t", "\r\n", "utf-16"),
    "Google Sheets": (",", "\r\n", "utf-8"),
    "LibreOffice": (",", "\n", "utf-8"),
}
# A program writes the characters, the language the numbers: the suite has each program once and each language twice.
PAIRS = [
    pytest.param(language, program, marks=[] if number % 2 == place else [pytest.mark.long])
    for number, program in enumerate(PROGRAMS)
    for place, language in enumerate(("id", "en"))
]


@pytest.mark.parametrize(("language", "program"), PAIRS)
def test_what_was_exported_and_saved_again_changes_nothing(admin, language, program):
    separator, end, encoding = PROGRAMS[program]
    filled(admin)
    User.objects.filter(username="admin").update(language=language)
    before = of_database()
    for model in TABLES:
        table = table_of(admin, model)
        given = ";" if language == "id" else ","
        content = saved_again(table, given, separator, end, encoding)
        looked = upload(admin, model, content)
        assert looked.status_code == 200, looked.context.get("wrong")
        assert looked.context["counts"]["new"] == looked.context["counts"]["changed"] == 0, looked.context["changes"]
    assert of_database() == before


def test_a_place_whose_name_changes_keeps_all_its_decimals(admin):
    filled(admin)
    taken(admin, Station, "code;agency;name;lat;lng\n0112;DAMKAR;Pos Baru;-7,055791;113,860123\n")
    station = Station.objects.get(code="0112")
    assert (station.name, station.lat, station.lng) == ("Pos Baru", -7.05579123456, 113.860123456789)


def test_an_export_is_as_a_spreadsheet_in_the_readers_language_opens_it(admin):
    filled(admin)
    assert "\r\n'0112;'=Pos;DAMKAR;-7,055791;113,860123;yes\r\n" in table_of(admin, Station)
    User.objects.filter(username="admin").update(language="en")
    assert "\r\n'0112,'=Pos,DAMKAR,-7.055791,113.860123,yes\r\n" in table_of(admin, Station)


LIBREOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
LOCALES = {"id": ("59", "1057"), "en": ("44", "1033")}  # the separator and the language, as its CSV filter numbers them


def through_libreoffice(tables: dict[str, str], folder: Path, language: str) -> dict[str, bytes]:
    """CSV files opened in LibreOffice, saved as workbooks, opened again and saved as CSV."""
    separator, number = LOCALES[language]
    reading = f"CSV:{separator},34,76,1,,{number},false,false"
    writing = f"csv:Text - txt - csv (StarCalc):{separator},34,76,1,,{number},false,true"
    for name, table in tables.items():
        (folder / f"{name}.csv").write_bytes(table.encode("utf-8-sig"))
    soffice = [str(LIBREOFFICE), "--headless", f"-env:UserInstallation=file://{folder}/profile"]
    steps = [
        [*soffice, f"--infilter={reading}", "--convert-to", "ods", *(f"{name}.csv" for name in tables)],
        [*soffice, "--convert-to", writing, "--outdir", "out", *(f"{name}.ods" for name in tables)],
    ]
    for step in steps:
        subprocess.run(step, cwd=folder, check=True, capture_output=True)
    return {name: (folder / "out" / f"{name}.csv").read_bytes() for name in tables}


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.skipif(LIBREOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("language", ["id", "en"])
def test_what_libreoffice_has_opened_and_saved_changes_nothing(admin, tmp_path, language):
    filled(admin)
    User.objects.filter(username="admin").update(language=language)
    before = of_database()
    tables = {model.__name__: table_of(admin, model) for model in TABLES}
    with connection.cursor() as cursor:  # the test's own transaction waits for the other program
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    saved = through_libreoffice(tables, tmp_path, language)
    for model in TABLES:
        looked = upload(admin, model, saved[model.__name__])
        assert looked.status_code == 200, looked.context.get("wrong")
        assert looked.context["counts"]["new"] == looked.context["counts"]["changed"] == 0, looked.context["changes"]
    assert of_database() == before
