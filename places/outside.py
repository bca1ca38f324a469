"""Towns and regencies beyond the site's area: known as outside, so that none of them is taken for a place of it."""

from __future__ import annotations

import csv
from functools import cache

from places.areas import outside_file
from places.asked import Wanted
from places.geodesy import Point
from places.matching import TOWN, Match, Row, match
from places.names import split_words


@cache
def outside_rows() -> tuple[Row, ...]:
    """The towns of the site's list."""
    with outside_file().open(encoding="utf-8", newline="") as file:
        return tuple(
            Row(
                id=f"outside:{row['name']}",
                kind=TOWN,
                name=row["name"],
                other_names=row["other_names"],
                label=", ".join(filter(None, [row["name"], row["region"]])),
                lat=float(row["lat"]),
                lng=float(row["lng"]),
                outside=True,
            )
            for row in csv.DictReader(file)
        )


@cache
def _by_start() -> dict[str, tuple[Row, ...]]:
    """The rows by the first letters of the words of their names: a town is not looked for under another one."""
    found: dict[str, dict[Row, None]] = {}
    for row in outside_rows():
        for word in split_words(f"{row.name} {row.other_names}"):
            found.setdefault(word[0], {})[row] = None
    return {letter: tuple(rows) for letter, rows in found.items()}


def outside_matches(asked: Wanted, near: Point | None, centre: Point) -> list[Match]:
    """The towns whose whole name was typed, the best first."""
    typed = [*asked.words, *(word for _, words in asked.areas for word in words)]
    rows = dict.fromkeys(row for word in typed for row in _by_start().get(word[0], ()))
    found = [match(row, asked, near, centre) for row in rows]
    named = [each for each in found if each.quality >= 0.8 and _whole_name(each)]
    return sorted(named, key=lambda each: -each.score)


def _whole_name(found: Match) -> bool:
    """Whether one of the names of the town was typed in full."""
    names = [found.row.name, *found.row.other_names.split(";")]
    return any(set(split_words(name)) <= found.parts for name in names if name.strip())
