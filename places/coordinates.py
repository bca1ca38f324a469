"""Coordinates as people say and write them: decimal, degrees and minutes, seconds too, and Plus Codes.

Hemispheres in English and Indonesian: N S E W, LU LS BT BB, "lintang selatan", "bujur timur".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from openlocationcode import openlocationcode as plus_codes

from places.areas import inside_regency, region_centre
from places.geodesy import Point

_WORDS = (
    (re.compile(r"\b(?:lintang\s+selatan|l\.?s|selatan|south)\b"), " S "),
    (re.compile(r"\b(?:lintang\s+utara|l\.?u|utara|north|u)\b"), " N "),
    (re.compile(r"\b(?:bujur\s+timur|b\.?t|timur|east|t)\b"), " E "),
    (re.compile(r"\b(?:bujur\s+barat|b\.?b|barat|west|b)\b"), " W "),
    (re.compile(r"\b(?:lat(?:itude)?|lintang|lng|lon(?:g(?:itude)?)?|bujur|koordinat|coordinates?)\b\s*[:=]?"), " "),
    (re.compile(r"\b(?:derajat|deg(?:rees?)?|menit|min(?:utes?)?|detik|sec(?:onds?)?)\b"), " "),
)
_MARKS = re.compile("[\u00b0\u00ba\u02da\u2070'\"\u2018\u2019\u201c\u201d\u2032\u2033\u02b9\u02ba`\u00b4\u2034*;()]")
_DASHES = re.compile("[\u2212\u2013\u2014\u2010\u2011]")
_PART = re.compile(r"\s*(?:([+-]?\d{1,4}(?:\.\d{1,12})?)|([nsew])(?![a-z]))\s*", re.IGNORECASE)
_DECIMAL_COMMAS = re.compile(r"([+-]?\d{1,3}),(\d{1,12})\s*[,; ]\s*([+-]?\d{1,3}),(\d{1,12})")
_COMMA_INSIDE = re.compile(r"(?<=\d),(?=\d)")
_LETTER = re.compile(r"[nsew]", re.IGNORECASE)
_PLUS_CODE = re.compile(r"^([23456789CFGHJMPQRVWX]{2,8}0*\+[23456789CFGHJMPQRVWX]{0,7})(?:[\s,]+(.*))?$", re.IGNORECASE)
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class PlusCode:
    """A Plus Code that was typed. text: what stood after it, which may name where a short one counts from."""

    code: str
    text: str

    @property
    def short(self) -> bool:
        """Whether it counts from a place near by."""
        return bool(plus_codes.isShort(self.code))

    def point(self, near: Point | None = None) -> Point:
        """The middle of its square. near: where a short one counts from; the regency's centre if None."""
        origin = near or region_centre()
        whole = plus_codes.recoverNearest(self.code, origin.lat, origin.lng) if self.short else self.code
        square = plus_codes.decode(whole)
        return Point(round(square.latitudeCenter, 7), round(square.longitudeCenter, 7))


def plus_code(text: str) -> PlusCode | None:
    """The Plus Code that a text begins with, full or short; None where there is none."""
    found = _PLUS_CODE.match(text.strip()) if len(text) <= _LONGEST else None
    if found is None:
        return None
    code = found[1].upper()
    if not plus_codes.isFull(code) and not plus_codes.isShort(code):
        return None
    return PlusCode(code, (found[2] or "").strip())


def coordinates(text: str) -> Point | None:
    """The point that a text means, if it is nothing but coordinates; None otherwise.

    Latitude first unless the letters or the size say otherwise. Without a sign or a letter the half of the globe is
    the one in which the point lies in the regency, if there is one.
    """
    if len(text) > _LONGEST:
        return None
    folded = _DASHES.sub("-", text).lower()
    for pattern, letter in _WORDS:
        folded = pattern.sub(letter, folded)
    folded = _MARKS.sub(" ", folded).strip()
    if "." not in folded:
        commas = _DECIMAL_COMMAS.fullmatch(folded)
        if commas:
            folded = f"{commas[1]}.{commas[2]} {commas[3]}.{commas[4]}"
        elif _LETTER.search(folded):  # the letters part the numbers, so a comma in one is a decimal comma
            folded = _COMMA_INSIDE.sub(".", folded)
    parts = _parts(folded.replace(",", " "))
    return _point(*parts) if parts else None


def _parts(text: str) -> tuple[list[float], str, list[float], str, bool] | None:
    """Two groups of numbers with their letters, and whether any sign was written; None for anything else."""
    numbers: list[list[str]] = [[]]
    letters: list[str] = []
    before: str | None = None  # a letter may stand before its numbers, as on a chart: "S 7 0.5 E 113 51"
    at = 0
    while at < len(text):
        part = _PART.match(text, at)
        if part is None or part.end() == at:
            return None
        at = part.end()
        if part[1]:
            numbers[-1].append(part[1])
        elif not letters and before is None and not numbers[0]:
            before = part[2].upper()
            letters.append(before)
        else:
            letters.append(part[2].upper())
            numbers.append([])
    groups = [group for group in numbers if group]
    if len(groups) == 1 and len(groups[0]) in {2, 4, 6} and not letters:
        half = len(groups[0]) // 2
        groups = [groups[0][:half], groups[0][half:]]
    if len(groups) != 2 or len(letters) not in {0, 2} or any(len(group) > 3 for group in groups):
        return None
    values = [[float(number) for number in group] for group in groups]
    if any(number < 0 for group in values for number in group[1:]):
        return None
    signed = any(group[0][0] in "+-" for group in groups)
    signs = ["-" if group[0].startswith("-") else "" for group in groups]
    one, other = letters or signs
    return values[0], one, values[1], other, signed


def _point(one: list[float], one_side: str, other: list[float], other_side: str, signed: bool) -> Point | None:  # noqa: FBT001
    first, second = _degrees(one, one_side), _degrees(other, other_side)
    if first is None or second is None:
        return None
    if one_side in {"E", "W"} and other_side in {"N", "S"}:
        first, second = second, first
    elif {one_side, other_side} <= {"N", "S"} - {""} or {one_side, other_side} <= {"E", "W"}:
        return None
    elif one_side not in {"N", "S"} and abs(first) > 90 >= abs(second):
        first, second = second, first
    if abs(first) > 90 or abs(second) > 180:
        return None
    point = Point(round(first, 7), round(second, 7))
    lettered = one_side in {"N", "S", "E", "W"}
    if not signed and not lettered and not inside_regency(point.lat, point.lng):
        mirrored = Point(-point.lat, point.lng)
        return mirrored if inside_regency(mirrored.lat, mirrored.lng) else point
    return point


def _degrees(numbers: list[float], side: str) -> float | None:
    """Degrees of one to three numbers: minutes and seconds below 60, a fraction only in the last."""
    if any(number >= 60 for number in numbers[1:]) or any(number % 1 for number in numbers[:-1]):
        return None
    size = sum(abs(number) / (1, 60, 3600)[step] for step, number in enumerate(numbers))
    return -size if side in {"S", "W", "-"} else size
