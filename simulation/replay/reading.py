"""Reading the files of a CAD log: CSV, plain or gzip, with the columns and the times that make a row."""

from __future__ import annotations

import gzip
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import override

from core import sheets
from launcher.console_output import words

GZIP = b"\x1f\x8b"
MOST_BYTES = 1_000_000_000
NO_VALUE = "NULL"  # what databases export for a blank cell


class BadFile(Exception):
    """A file that can't be played; the text is one line that names the fix."""


Cells = dict[str, str]


def table(path: Path, columns: Collection[str], extra: Mapping[str, Collection[str]]) -> Iterator[tuple[int, Cells]]:
    """The rows of a file with their numbers, read one at a time. Raises BadFile, be it after some rows.

    columns: those without which there is no row. extra: those that may be missing (their cells are then blank), each
    with the other names that it has in other downloads. Names count in any letter case and with any blanks.
    """
    some = False
    try:
        sheet = sheets.read(sheets.decode(_content(path)))
        places = _places(path, sheet.columns, columns, extra)
        for number, row in sheet.rows:
            some = True
            yield number, {name: _cell(row, at) for name, at in places.items()}
    except OSError as error:
        raise BadFile(
            words(
                f"{path}: can't be read ({error.strerror}).",
                f"{path}: tidak terbaca ({error.strerror}).",
            )
        ) from error
    except sheets.BadSheet as error:
        with override(words("en", "id")):
            raise BadFile(f"{path}: {error}") from error
    if not some:
        raise BadFile(
            words(
                f"{path}: a heading and no row; nothing to play.",
                f"{path}: hanya judul, tanpa baris; tidak ada yang diputar.",
            )
        )


def moment(path: Path, line: int, column: str, cell: str, shapes: Sequence[str], zone: ZoneInfo) -> datetime:
    """A local time of the file, in one of several shapes, with its zone. Raises BadFile naming line and column."""
    for shape in shapes:
        with suppress(ValueError):
            return datetime.strptime(cell, shape).replace(tzinfo=zone)
    example = datetime(2017, 1, 31, 20, 15, tzinfo=zone).strftime(shapes[0])
    raise BadFile(
        words(
            f"{path}, line {line}, column {column!r}: {sheets.quoted(cell)!r} is not a time such as {example}.",
            f"{path}, baris {line}, kolom {column!r}: {sheets.quoted(cell)!r} bukan waktu seperti {example}.",
        )
    )


def need(path: Path, line: int, column: str, cell: str) -> str:
    """A cell that may not be blank. Raises BadFile."""
    if not cell:
        raise BadFile(
            words(
                f"{path}, line {line}: column {column!r} is blank; fill it or remove the row.",
                f"{path}, baris {line}: kolom {column!r} kosong; isi atau hapus barisnya.",
            )
        )
    return cell


def _content(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise BadFile(words(f"{path}: more than 1 GB; split it.", f"{path}: lebih dari 1 GB; pecah dulu."))
    content = path.read_bytes()
    if not content.startswith(GZIP):
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            whole = packed.read(MOST_BYTES + 1)
    except (OSError, EOFError) as error:
        raise BadFile(
            words(
                f"{path}: the gzip is damaged or cut short; fetch it again.",
                f"{path}: gzip rusak atau terpotong; ambil ulang.",
            )
        ) from error
    if len(whole) > MOST_BYTES:
        raise BadFile(
            words(
                f"{path}: unpacks to more than 1 GB; split it.",
                f"{path}: lebih dari 1 GB setelah dibuka; pecah dulu.",
            )
        )
    return whole


def _places(
    path: Path, found: Sequence[str], columns: Collection[str], extra: Mapping[str, Collection[str]]
) -> dict[str, int | None]:
    """Where each column stands in the file; None for one that may be missing and is."""
    if not found:
        raise BadFile(words(f"{path}: the file is empty.", f"{path}: berkas kosong."))
    at = {sheets.column_key(name): place for place, name in reversed(list(enumerate(found)))}
    missing = [name for name in columns if sheets.column_key(name) not in at]
    if missing:
        named, there = ", ".join(missing), sheets.listed(found)
        raise BadFile(
            words(
                f"{path}: column missing: {named}. The file has: {there}. Is --format right?",
                f"{path}: kolom tidak ada: {named}. Berkas ini memuat: {there}. Apakah --format benar?",
            )
        )
    optional = {
        name: next((at[key] for key in map(sheets.column_key, (name, *others)) if key in at), None)
        for name, others in extra.items()
    }
    return {name: at[sheets.column_key(name)] for name in columns} | optional


def _cell(row: Sequence[str], at: int | None) -> str:
    return "" if at is None or row[at] == NO_VALUE else row[at]
