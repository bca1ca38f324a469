"""Tables as spreadsheets write them: the encoding, the separator, empty rows and columns of a CSV file."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from core.cleaning import clean

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods; .xls
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_SEPARATORS = ",;\t|"
_SEPARATOR_LINE = re.compile(r'\s*"?sep=([^\s\w"\0]|\t)"?[,;\t ]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_LINE = re.compile(r"[^\r\n]*+(?:\r\n|[\r\n])|[^\r\n]++")
_BLANK_LINES = re.compile(r'(?:[,;\t| "]*+[\r\n])*+')
_QUOTED = re.compile(r'"[^"]*"')
# Signs of Windows-1252 that names here do not have (U+0192, U+2020 ...); in the code pages of DOS and the Mac they are
# letters with marks, so that the file is one of those: read as Windows-1252 it would be spoilt.
_OTHER_CODE_PAGE = re.compile(rb"[\x82-\x84\x86-\x8f\x98\x9a-\x9f]")
_SHOWN = 60  # characters of a cell that an error quotes
_MOST_NAMED = 50  # columns that an error lists
_MOST_COLUMNS = 1_000
_LOOKED_AT = 4096  # bytes or characters
_MANY = 0.4  # of every second byte is NUL: UTF-16 of a European language


class BadSheet(Exception):
    """A file that is no table; its text, in the reader's language, is what is wrong and how to correct it."""

    def __init__(self, text: str, **values: Any) -> None:
        super().__init__(text)
        self.text, self.values = text, values

    def __str__(self) -> str:
        return gettext(self.text) % self.values


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table.

    rows: the number of each in the spreadsheet, where the first line is 1, and a cell for each column. They are read
    one at a time, so that a large file is in memory once. Raises BadSheet at the first that can't be read.
    """

    columns: list[str]
    rows: Iterator[tuple[int, list[str]]]


def decode(content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or Windows-1252, without its byte order mark. Raises BadSheet."""
    if content.startswith(_WORKBOOKS):
        raise BadSheet(_("The file is a workbook, not CSV: open it in the spreadsheet and save it as “CSV UTF-8”."))
    if encoding := _UTF_16.get(content[:2]) or _unmarked_utf_16(content[:_LOOKED_AT]):
        try:
            return content.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            raise BadSheet(_("The file begins as UTF-16 and is cut short: save it again as “CSV UTF-8”.")) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = BadSheet(
            _("Byte %(byte)s of the file is not UTF-8: save it again as “CSV UTF-8”."), byte=error.start + 1
        )
        if not content.decode(
            "utf-8", "ignore"
        ).isascii():  # UTF-8 with a fault in it: no other encoding would be right
            raise wrong from None
    if _OTHER_CODE_PAGE.search(content):
        raise wrong
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise wrong from None


def read(text: str) -> Sheet:
    """The table in a text. Empty rows and columns are left out, cells have no blanks around them. Raises BadSheet."""
    found = _SEPARATOR_LINE.match(text)
    start, separator = (found.end(), found[1]) if found else (0, _separator(text))
    records = ((number, cells) for number, cells in _records(text, start, separator) if any(cells))
    _number, columns = next(records, (0, []))
    named = {at: name for at, name in enumerate(columns) if name}
    if len(named) > _MOST_COLUMNS:
        raise BadSheet(
            _("The first row names %(count)s columns, more than %(most)s: remove those that are not needed."),
            count=len(named),
            most=_MOST_COLUMNS,
        )
    return Sheet(list(named.values()), ((number, _fitted(number, cells, named)) for number, cells in records))


def column_key(name: str) -> str:
    """What two spellings of a column's name have in common: "Unit ID", "unit_id" and "UNIT-ID" are one."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def quoted(cell: str) -> str:
    """A cell as an error quotes it."""
    return cell if len(cell) <= _SHOWN else cell[: _SHOWN - 1] + "…"


def listed(names: Sequence[str]) -> str:
    """Names of columns as an error lists them: the first 50."""
    return ", ".join(map(quoted, names[:_MOST_NAMED])) + (" …" if len(names) > _MOST_NAMED else "")


def _unmarked_utf_16(content: bytes) -> str | None:
    half = len(content) // 2
    if half and content[1::2].count(0) >= half * _MANY:
        return "utf-16-le"
    return "utf-16-be" if half and content[::2].count(0) >= half * _MANY else None


def _separator(text: str) -> str:
    """The one that stands most often in the first row that is not blank, outside of quotation marks."""
    blank = _BLANK_LINES.match(text)
    start = blank.end() if blank else 0
    head = _LINE.match(_QUOTED.sub("", text[start : start + _LOOKED_AT]))
    return max(_SEPARATORS, key=(head[0] if head else text).count)


def _records(text: str, start: int, separator: str) -> Iterator[tuple[int, list[str]]]:
    number = 0
    lines = (line[0] for line in _LINE.finditer(text, start))
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, [clean(cell).strip() for cell in cells]
    except csv.Error as error:
        if "limit" in str(error):
            raise BadSheet(
                _(
                    "Row %(row)s has a cell of more than %(most)s characters: shorten it, or close the quotation mark "
                    "that begins it."
                ),
                row=number + 1,
                most=csv.field_size_limit(),
            ) from None
        raise BadSheet(
            _(
                "Row %(row)s can't be read as CSV: a quotation mark that begins a cell must also end it. Put a cell "
                "that has quotation marks or newlines in it in quotation marks, and write those inside it twice."
            ),
            row=number + 1,
        ) from None


def _fitted(number: int, cells: list[str], named: Mapping[int, str]) -> list[str]:
    """The cell below each column. named: the columns by their place. Raises BadSheet for a cell below none."""
    for at, cell in enumerate(cells):
        if cell and at not in named:
            raise BadSheet(
                _(
                    "Row %(row)s, column %(column)s: “%(value)s” stands below no name of a column. Name the column in "
                    "the first row or empty the cell; a cell with the separator in it needs quotation marks."
                ),
                row=number,
                column=_letters(at),
                value=quoted(cell),
            )
    return [cells[at] if at < len(cells) else "" for at in named]


def _letters(at: int) -> str:
    """The name that spreadsheets give to a column: A, B ... Z, AA."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
