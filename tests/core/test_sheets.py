"""CSV files as spreadsheets write them: encodings, separators, empty rows and columns, and what is no table."""

from __future__ import annotations

import codecs

import pytest
from django.utils import translation

from core import sheets

TABLE = [["X1", "Pos Désa", "-7,05579"], ["X2", 'Pos; "B"', "113,8601"]]
HEAD = ["code", "name", "lat"]


def read(content: bytes) -> sheets.Sheet:
    return sheets.read(sheets.decode(content))


# The bytes of one table, as each program saves it where a comma parts decimals.
SAVED = {
    "Excel, CSV UTF-8": codecs.BOM_UTF8
    + 'code;name;lat\r\nX1;Pos Désa;-7,05579\r\nX2;"Pos; ""B""";113,8601\r\n'.encode(),
    "Excel, CSV": b'code;name;lat\r\nX1;Pos D\xe9sa;-7,05579\r\nX2;"Pos; ""B""";113,8601\r\n',
    "Excel, Unicode text": codecs.BOM_UTF16_LE
    + 'code\tname\tlat\r\nX1\tPos Désa\t-7,05579\r\nX2\t"Pos; ""B"""\t113,8601\r\n'.encode("utf-16-le"),
    "lines that end as on old Macs": b'code;name;lat\rX1;Pos D\xe9sa;-7,05579\rX2;"Pos; ""B""";113,8601\r',
    "Google Sheets, CSV": 'code,name,lat\r\nX1,Pos Désa,"-7,05579"\r\nX2,"Pos; ""B""","113,8601"'.encode(),
    "Google Sheets, TSV": 'code\tname\tlat\r\nX1\tPos Désa\t-7,05579\r\nX2\tPos; "B"\t113,8601'.encode(),
    "LibreOffice": 'code,name,lat\nX1,Pos Désa,"-7,05579"\nX2,"Pos; ""B""","113,8601"\n'.encode(),
    "LibreOffice, UTF-16": codecs.BOM_UTF16_BE
    + 'code;name;lat\nX1;Pos Désa;-7,05579\nX2;"Pos; ""B""";113,8601\n'.encode("utf-16-be"),
    "a line that names the separator": codecs.BOM_UTF8
    + 'sep=;\r\ncode;name;lat\r\nX1;Pos Désa;-7,05579\r\nX2;"Pos; ""B""";113,8601\r\n'.encode(),
    "UTF-16 without its mark": 'code;name;lat\nX1;Pos Désa;-7,05579\nX2;"Pos; ""B""";113,8601\n'.encode("utf-16-le"),
    "UTF-16 without its mark, the other way": 'code;name;lat\nX1;Pos Désa;-7,05579\nX2;"Pos; ""B""";113,8601\n'.encode(
        "utf-16-be"
    ),
}  # fmt: skip


@pytest.mark.parametrize("program", SAVED)
def test_a_table_is_the_same_whichever_program_saved_it(program: str) -> None:
    sheet = read(SAVED[program])
    assert sheet.columns == HEAD
    assert list(sheet.rows) == list(enumerate(TABLE, start=2))


@pytest.mark.parametrize(
    "text",
    [
        "sep=,\ncode,name\nX1,a\n",
        '"sep=;"\ncode;name\nX1;a\n',
        "SEP=\t\r\ncode\tname\r\nX1\ta\r\n",
        "sep=;,,,\ncode;name\nX1;a\n",
        "code|name\nX1|a",
        '"code";"name, short"\n"X1";"a"\n',
        "code;\t\nX1;\n",
        'code;"name, short\nor long, or none"\nX1;a\n',
        ";;;\n" * 2_000 + "code;name, short;lat\nX1;a;\n",
    ],
)
def test_the_separator_is_the_one_that_is_named_or_stands_in_the_first_row(text: str) -> None:
    assert sheets.read(text).columns[0] == "code"
    assert next(sheets.read(text).rows)[1][0] == "X1"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("code;name\nX1;a\n;\n", [(2, ["X1", "a"])]),
        ("code;name\nX1;a\n;;;;\n", [(2, ["X1", "a"])]),
        ("code;name\n\n  \nX1;a\n\n", [(4, ["X1", "a"])]),
        ("\n;;\ncode;name\n;\nX1;a", [(5, ["X1", "a"])]),
        ("code;name;\nX1;a;\n", [(2, ["X1", "a"])]),
        ("code;;name;;;\nX1;;a;;;;;\n", [(2, ["X1", "a"])]),
        (";code;name\n;X1;a\n", [(2, ["X1", "a"])]),
        ("code;name\nX1\n", [(2, ["X1", ""])]),
        (' code ; name\xa0\n\tX1;" a "\n', [(2, ["X1", "a"])]),
        ('code;name\nX0;"b\r\nc"\nX1;a\n', [(2, ["X0", "b\nc"]), (3, ["X1", "a"])]),
        ("code;name\nX1;\u202ea\u200b\x00\n", [(2, ["X1", "a"])]),
    ],
)
def test_empty_rows_and_columns_are_left_out_and_rows_keep_their_numbers(
    text: str, rows: list[tuple[int, list[str]]]
) -> None:
    sheet = sheets.read(text)
    assert sheet.columns == ["code", "name"]
    assert list(sheet.rows) == rows


@pytest.mark.parametrize("text", ["", "\n\n", ";;;\n;;\n", "sep=;\n", "sep=;"])
def test_a_text_without_a_cell_is_a_table_without_columns(text: str) -> None:
    sheet = sheets.read(text)
    assert (sheet.columns, list(sheet.rows)) == ([], [])


@pytest.mark.parametrize("sign", ['"', "\r", "\0", "x"])
def test_a_separator_that_could_not_part_cells_is_none(sign: str) -> None:
    assert sheets.read(f"sep={sign}\ncode,name\nX1,a\n").columns[0].startswith("sep=")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"code;name\nX1;a;b\n", ["Row 2, column C: “b”", "quotation marks"]),
        (b"code;name;;\nX1;a;;\nX2;a;;-7.05\n", ["Row 3, column D: “-7.05”", "Name the column"]),
        (b"code,lat,lng\nX1,-7,05579,113,8601\n", ["Row 2, column D: “113”", "quotation marks"]),
        (b";" * 28 + b"code\n" + b";" * 27 + b"x;X1\n", ["column AB: “x”"]),
        (b"code;name\nX1;" + b"x" * 200 + b";" + b"y" * 200 + b"\n", ["“" + "y" * 59 + "…”"]),
        (b'code;name\nX1;a\nX2;"a" b\n', ["Row 3", "write those inside it twice"]),
        (b'code;name\nX1;"a\n', ["Row 2", "quotation marks"]),
        (b"code;name\nX1;" + b"x" * 140_000, ["Row 2", "more than 131072 characters", "shorten it"]),
        (b'code;name\nX1;a\nX2;"a\n' + b"X3;a\n" * 30_000, ["Row 3", "close the quotation mark"]),
        (b";".join(b"a%d" % at for at in range(100_000)), ["100000 columns", "more than 1000"]),
        ("code;name\nX1;Désa\n".encode("mac-roman"), ["Byte 15 ", "CSV UTF-8"]),
        ("code;name\nX1;Désa\n".encode("cp850"), ["Byte 15 ", "CSV UTF-8"]),
        (b"PK\x03\x04\x14\x00\x06\x00", ["workbook", "CSV UTF-8"]),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ["workbook", "CSV UTF-8"]),
        (b"\xff\xfec\x00o", ["UTF-16", "cut short"]),
        ("code;name\nX1;Désa\n".encode() + b"X2;\xff\n", ["Byte 23 ", "CSV UTF-8"]),
        (b"code;name\nX1;\x81\n", ["Byte 14 ", "CSV UTF-8"]),
    ],
)
def test_what_is_no_table_is_named_with_its_place_its_value_and_the_remedy(content: bytes, words: list[str]) -> None:
    with pytest.raises(sheets.BadSheet) as raised, translation.override("en"):
        list(read(content).rows)
    with translation.override("en"):
        given = str(raised.value)
    assert [each for each in words if each not in given] == []
    with translation.override("id"):
        assert str(raised.value).split()[:3] != given.split()[:3]


def test_rows_are_read_one_at_a_time() -> None:
    sheet = sheets.read('code;name\nX1;a\nX2;"b')
    assert next(sheet.rows) == (2, ["X1", "a"])
    with pytest.raises(sheets.BadSheet):
        next(sheet.rows)
