"""Reading the files of a CAD log: CSV, plain or gzip, with every column and every time that the format needs."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.launcher.words import words

GZIP = b"\x1f\x8b"
MOST_BYTES = 1_000_000_000


class BadFile(Exception):
    """A file that can't be played; the text is one line that names the mend."""


Table = list[dict[str, str]]


def table(path: Path, columns: Collection[str]) -> Table:
    """The rows of a CSV file, plain or gzip, cells without surrounding blanks. Raises BadFile."""
    try:
        text = _content(path).decode("utf-8-sig")
    except OSError as error:
        raise BadFile(
            words(
                f"{path}: can't be read ({error.strerror}).",
                f"{path}: tidak terbaca ({error.strerror}).",
            )
        ) from error
    except UnicodeDecodeError as error:
        raise BadFile(
            words(
                f"{path}: byte {error.start + 1} is not UTF-8; save the file as CSV in UTF-8.",
                f"{path}: bita {error.start + 1} bukan UTF-8; simpan sebagai CSV UTF-8.",
            )
        ) from error
    if not text.strip():
        raise BadFile(words(f"{path}: the file is empty.", f"{path}: berkas kosong."))
    return _rows(path, text, columns)


def moment(path: Path, line: int, column: str, cell: str, shape: str, zone: ZoneInfo) -> datetime:
    """A local time of the file with its zone. Raises BadFile naming line and column."""
    try:
        return datetime.strptime(cell, shape).replace(tzinfo=zone)
    except ValueError:
        example = datetime(2017, 1, 31, 20, 15, tzinfo=zone).strftime(shape)
        raise BadFile(
            words(
                f"{path}, line {line}, column {column!r}: {cell!r} is not a time such as {example}.",
                f"{path}, baris {line}, kolom {column!r}: {cell!r} bukan waktu seperti {example}.",
            )
        ) from None


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


def _rows(path: Path, text: str, columns: Collection[str]) -> Table:
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        missing = [column for column in columns if column not in (reader.fieldnames or [])]
        if missing:
            named = ", ".join(missing)
            raise BadFile(
                words(
                    f"{path}: column missing: {named}; is --format right?",
                    f"{path}: kolom tidak ada: {named}; apakah --format benar?",
                )
            )
        found = [{name: (row[name] or "").strip() for name in columns} for row in reader]
        line = reader.line_num
    except csv.Error as error:
        raise BadFile(words(f"{path}: not a CSV file: {error}.", f"{path}: bukan berkas CSV: {error}.")) from error
    if not found:
        raise BadFile(
            words(
                f"{path}: a heading and no row (line {line}); nothing to play.",
                f"{path}: hanya judul, tanpa baris (baris {line}); tidak ada yang diputar.",
            )
        )
    return found
