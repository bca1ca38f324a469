"""Reading the shipped files of `data/`, and adding the rows that a place lacks."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Model

DATA = settings.BASE_DIR / "data"
Row = TypeVar("Row", bound=Model)


def rows(path: str) -> list[dict[str, str]]:
    """The rows of a CSV file, by column; path is relative to `data/`."""
    with (DATA / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def document(path: str) -> Any:
    """A JSON file's content; path is relative to `data/`."""
    return json.loads((DATA / path).read_text(encoding="utf-8"))


def flag(cell: str) -> bool:
    """A cell that is yes or no; raises ValueError for anything else."""
    if cell not in {"yes", "no"}:
        raise ValueError(f"{cell!r} is neither yes nor no")
    return cell == "yes"


def lines(cell: str) -> list[str]:
    """The texts of a cell, divided by semicolons."""
    return [part.strip() for part in cell.split(";") if part.strip()]


def digest(folders: Iterable[str]) -> str:
    """SHA-256 (hex) of every file in these folders of `data/`: another one means that there is something to load."""
    whole = hashlib.sha256()
    for path in sorted(path for folder in folders for path in (DATA / folder).iterdir() if path.is_file()):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(DATA)} {len(content)}\n".encode() + content)
    return whole.hexdigest()


def insert_missing(wanted: list[Row], field: str, **within: Any) -> list[Row]:
    """Insert the rows whose `field` (code, callsign) is not there yet; what is there stays as the site left it.

    within: the filter that `field` is unique in, for example centre=centre. Returns the inserted rows.
    """
    if not wanted:
        return []
    manager = type(wanted[0])._default_manager
    known = set(manager.filter(**within).values_list(field, flat=True))
    missing = [row for row in wanted if getattr(row, field) not in known]
    manager.bulk_create(missing)
    return missing
