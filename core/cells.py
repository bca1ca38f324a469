"""Cells of a CSV file that a spreadsheet leaves as they are: neither a formula nor a number or date made of a text.

An apostrophe before a cell makes it text in every spreadsheet. It is put there on export and taken away on import, and
`bared(shielded(text))` is `text` for every text.
"""

from __future__ import annotations

import re

# What begins a formula, full-width too; numbers and telephone numbers are none. Where a comma parts decimals, as in
# Indonesian, a spreadsheet takes semicolons for the ends of cells: what stands behind one begins a cell as well.
_FORMULA = re.compile(r"'*(?:[=@\t\r\uff1d\uff20]|[+\uff0b\uff0d-](?![0-9 .()-]*(?:;|$)))")
_PARTS = re.compile(r"(; *)")
_MONTHS = (
    "jan|feb|mar|apr|may|mei|jun|jul|aug|agu|ags|agt|sep|sept|oct|okt|nov|dec|des|"
    "january|januari|february|februari|march|maret|april|june|juni|july|juli|august|agustus|september|october|oktober|"
    "november|december|desember"
)
# Whole numbers that come back as they went: no zero before them, short enough not to be shown in powers of ten.
_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,10})|[1-9]\d{0,3}(?: [1-9]\d{0,3})+")
_READ_OTHERWISE = re.compile(
    r"(?=\D*\d)[\d.,:/%() +-]+"  # numbers, telephone numbers, dates, times, shares
    r"|[+-]?\d+(?:[.,]\d+)?e[+-]?\d+"  # powers of ten
    r"|\d{1,2}(?::\d\d){0,2} ?[ap]m?"  # times of twelve hours
    rf"|(?:\d{{1,4}}[ ./-]?)?(?:{_MONTHS})[ ./-]?\d{{1,4}}|\d{{1,4}}[ ./-]?(?:{_MONTHS})(?:[ ./-]?\d{{2,4}})?"
    r"|(?:rp|idr|\$|€|£)\.? ?-?[\d.,]+"
    r"|true|false|benar|salah",
    re.IGNORECASE,
)
_LONGEST = 60  # characters of a number or date
POWER_OF_TEN = re.compile(r"[+-]?\d+(?:[.,]\d+)?E\+\d{1,3}", re.IGNORECASE)


def shielded(cell: str) -> str:
    """A text as a cell that every spreadsheet takes for text."""
    if _is_read_otherwise(cell):
        return f"'{cell}"
    return "".join(f"'{part}" if _FORMULA.match(part) else part for part in _PARTS.split(cell))


def bared(cell: str) -> str:
    """The text of a cell, be it shielded or not."""
    if cell.startswith("'") and _is_read_otherwise(cell[1:]):
        return cell[1:]
    return "".join(
        part[1:] if part.startswith("'") and _FORMULA.match(part[1:]) else part for part in _PARTS.split(cell)
    )


def _is_read_otherwise(cell: str) -> bool:
    text = cell.lstrip("'")
    if len(text) > _LONGEST or not _READ_OTHERWISE.fullmatch(text):
        return False
    return text != cell or not _WHOLE.fullmatch(text)
