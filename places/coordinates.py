"""Coordinates as people say and write them: decimal, degrees and minutes, seconds too, in links, and Plus Codes.

Hemispheres in English and Indonesian: N S E W, U S T B, LU LS BT BB, "lintang selatan", "bujur timur".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from openlocationcode import openlocationcode as plus_codes

from places.areas import inside_regency, region_centre
from places.geodesy import Point
from places.links import link_in, link_texts

_WORDS = (
    (re.compile(r"\b(?:lintang\s+selatan|l\.?s|selatan|south)\b"), " S "),
    (re.compile(r"\b(?:lintang\s+utara|l\.?u|utara|north|u)\b"), " N "),
    (re.compile(r"\b(?:bujur\s+timur|b\.?t|timur|east|t)\b"), " E "),
    (re.compile(r"\b(?:bujur\s+barat|b\.?b|barat|west|b)\b"), " W "),
    (
        re.compile(
            r"\b(?:lat(?:itude)?|lintang|lng|lon(?:g(?:itude)?)?|bujur|koordinat|coordinates?|gps|wgs\s?84|point)\b"
            r"[\s.]*[:=]?"
        ),
        " ",
    ),
    (re.compile(r"\b(?:derajat|deg(?:rees?)?|menit|min(?:utes?)?|detik|sec(?:onds?)?)\b"), " "),
    (re.compile(r"(?<=\d)\s*[dm]\s*(?=\d)"), " "),  # 7d01m13.8s
    (re.compile(r"(?<=\d)s\s*(?=[nsew]\b)"), " "),
)
_LETTERS_BEHIND = re.compile(r"(?<=\d)(?=(?:l[su]|b[tb]|[utb])\b)")
_MARKS = re.compile(
    "[\u00b0\u00ba\u02da\u2070'\"\u2018\u2019\u201c\u201d\u2032\u2033\u02b9\u02ba`\u00b4\u2034*;(){}<>\\[\\]|&]"
)
_DASHES = re.compile("[\u2212\u2013\u2014\u2010\u2011]")
# Characters without a width, and those that turn the direction of text: a copy from a chat brings them along.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_PART = re.compile(r"\s*(?:([+-]?\d{1,4}(?:\.\d{1,15})?)|([nsew])(?![a-z]))[\s:]*", re.IGNORECASE)
_DECIMAL_COMMAS = re.compile(r"([+-]?\d{1,3}),(\d{1,15})\s*[,; ]\s*([+-]?\d{1,3}),(\d{1,15})")
# Four or six numbers parted by blanks, some with a decimal comma: 7 1,23 113 51,606.
_COMMAS_IN_MINUTES = re.compile(
    r"[+-]?\d{1,3}(?:,\d{1,6})?(?:\s+[+-]?\d{1,3}(?:,\d{1,6})?){3}(?:(?:\s+\d{1,3}(?:,\d{1,6})?){2})?"
)
_COMMA_INSIDE = re.compile(r"(?<=\d),(?=\d)")
_DASH_INSIDE = re.compile(r"(?<=\d)(?:-| +- +)(?=\d)")
_LETTER = re.compile(r"[nsew]", re.IGNORECASE)
_ISO_6709 = re.compile(r"([+-]\d{2,6}(?:\.\d{1,15})?)([+-]\d{3,7}(?:\.\d{1,15})?)(?:[+-]\d+(?:\.\d+)?)?(?:crs\w+)?(/?)")
# Degrees, minutes and seconds with nothing between them, as receivers give them: 0701.23S 11351.606E.
_TOGETHER = re.compile(
    r"(?P<before>[ns]\s*)?(?P<lat>\d{4}|\d{6})(?P<lat_f>\.\d+)?\s*(?P<ns>[ns])?\s*"
    r"(?P<between>[ew]\s*)?(?P<lng>\d{5}|\d{7})(?P<lng_f>\.\d+)?\s*(?P<ew>[ew])?"
)
# Among other words: two decimal numbers fine enough to mean a point, or degrees with both letters.
_PAIR_AMONG_WORDS = re.compile(r"(?<![\w.,+-])([+-]?\d{1,3}\.\d{3,15})\s*[,\s/]\s*([+-]?\d{1,3}\.\d{3,15})(?![\d])")
_COMMA_PAIR_AMONG_WORDS = re.compile(r"(?<![\w.,+-])([+-]?\d{1,3},\d{4,15})\s*[,\s/]\s*([+-]?\d{1,3},\d{4,15})(?![\d])")
_LETTERED_AMONG_WORDS = (
    re.compile(r"(?<![\w.,])\d{1,2}[\d\s.]{0,24}[NS][\s,/]*\d{1,3}[\d\s.]{0,24}[EW](?![a-z])"),
    re.compile(r"(?<![\w.,])[NS]\s*\d{1,2}[\d\s.]{0,24}[\s,/]*[EW]\s*\d{1,3}(?:[\d\s.]{0,24}\d)?"),
)
_PLUS_CODE = re.compile(
    r"(?<![A-Z0-9+])([23456789CFGHJMPQRVWX]{2,8}0{0,6}\+[23456789CFGHJMPQRVWX]{0,7})(?![A-Z0-9+])", re.IGNORECASE
)
_LONGEST = 2_000
_LONGEST_PLAIN = 120


@dataclass(frozen=True, slots=True)
class PlusCode:
    """A Plus Code that was typed. text: what stood beside it, which may name where a short one counts from."""

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
    """The Plus Code in a text or in its link, full or short; None where there is none."""
    for part in _parts_of(text):
        found = _PLUS_CODE.search(part) if len(part) <= _LONGEST_PLAIN else None
        if found is None:
            continue
        code = found[1].upper()
        if plus_codes.isFull(code) or plus_codes.isShort(code):
            return PlusCode(code, f"{part[: found.start()].strip()} {part[found.end() :].strip(' ,')}".strip())
    return None


def coordinates(text: str) -> Point | None:
    """The point that a text means: nothing but coordinates, a link, or one point among other words; None otherwise.

    Latitude first unless the letters, the size, or the site's area say otherwise. Without a sign or a letter the half
    of the globe is the one in which the point lies in the site's area.
    """
    return next((point for part in _parts_of(text) if (point := _plain(part))), None)


def cleaned(text: str) -> str:
    """A text without characters that have no width, its digits and signs in their usual form."""
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text[:_LONGEST]).replace("\u00ba", "\u00b0")).strip()


def _parts_of(text: str) -> Iterator[str]:
    """The text itself, or what its link holds."""
    if len(text) > _LONGEST:
        return
    plain = cleaned(text)
    link = link_in(plain)
    if link is None:
        yield plain
    else:
        yield from link_texts(link)
        yield plain.replace(link, " ")


def _plain(text: str) -> Point | None:
    iso = _ISO_6709.fullmatch(text.strip().lower())
    if iso and (iso[3] or iso[2].startswith("+")):
        return _iso(iso[1], iso[2])
    folded = _DASHES.sub("-", text).lower()
    folded = _LETTERS_BEHIND.sub(" ", _MARKS.sub(" ", folded))
    for pattern, letter in _WORDS:
        folded = pattern.sub(letter, folded)
    folded = _DASH_INSIDE.sub(" ", folded).strip(" .,/")
    if len(folded) <= _LONGEST_PLAIN:
        point = _whole(folded)
        if point:
            return point
    return _among_words(folded)


def _whole(folded: str) -> Point | None:
    """The point of a folded text that is nothing but coordinates."""
    together = _TOGETHER.fullmatch(folded.replace(",", " ").strip().lower())
    if together:
        return _together(together)
    if "." not in folded:
        commas = _DECIMAL_COMMAS.fullmatch(folded)
        if commas:
            folded = f"{commas[1]}.{commas[2]} {commas[3]}.{commas[4]}"
        elif _LETTER.search(folded) or _COMMAS_IN_MINUTES.fullmatch(folded):
            # Letters or blanks part the numbers, so a comma in one is a decimal comma.
            folded = _COMMA_INSIDE.sub(".", folded)
    parts = _parts(folded.replace(",", " ").replace("/", " "))
    return _point(*parts) if parts else None


def _among_words(folded: str) -> Point | None:
    """The one point among other words; None where there are several different ones."""
    found = [f"{pair[1]} {pair[2]}" for pair in _PAIR_AMONG_WORDS.finditer(folded)]
    found = found or [f"{pair[1]} {pair[2]}".replace(",", ".") for pair in _COMMA_PAIR_AMONG_WORDS.finditer(folded)]
    found = found or [match[0] for pattern in _LETTERED_AMONG_WORDS for match in pattern.finditer(folded)]
    points = {point for each in found if (point := _whole(each.strip()))}
    return points.pop() if len(points) == 1 else None


def _together(found: re.Match[str]) -> Point | None:
    sides = (
        (found["ns"] or found["before"] or "").strip().upper(),
        (found["ew"] or found["between"] or "").strip().upper(),
    )
    if not all(sides):
        return None
    numbers = []
    for side, width in (("lat", 2), ("lng", 3)):
        digits, fraction = found[side], found[f"{side}_f"] or ""
        groups = [digits[:width], *(digits[at : at + 2] for at in range(width, len(digits), 2))]
        numbers.append([float(group) for group in groups[:-1]] + [float(groups[-1] + fraction)])
    return _point(numbers[0], sides[0], numbers[1], sides[1], signed=False, exact=True)


def _iso(lat: str, lng: str) -> Point | None:
    """A point in the form of ISO 6709: degrees, or degrees with two digits each of minutes and seconds."""
    values = []
    for written, width in ((lat, 2), (lng, 3)):
        sign, (digits, _, fraction) = written[0], written[1:].partition(".")
        groups = [digits[:width], *(digits[at : at + 2] for at in range(width, len(digits), 2))]
        numbers = [float(group) for group in groups]
        numbers[-1] += float(f"0.{fraction}") if fraction else 0.0
        value = _degrees(numbers, sign.replace("+", "")) if len(groups[-1]) >= 2 else None
        values.append(value)
    if values[0] is None or values[1] is None or abs(values[0]) > 90 or abs(values[1]) > 180:
        return None
    return Point(round(values[0], 7), round(values[1], 7))


def _parts(text: str) -> tuple[list[float], str, list[float], str, bool, bool] | None:
    """Two groups of numbers with their letters, whether a sign was written, and whether the text can mean nothing else.

    None for anything else.
    """
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
    exact = bool(letters) or signed or "." in text
    return values[0], one, values[1], other, signed, exact


def _point(
    one: list[float],
    one_side: str,
    other: list[float],
    other_side: str,
    signed: bool,  # noqa: FBT001
    exact: bool,  # noqa: FBT001
) -> Point | None:
    """exact: false where the numbers may mean something else, so that they are a point only in the site's area."""
    first, second = _degrees(one, one_side), _degrees(other, other_side)
    if first is None or second is None:
        return None
    lettered = one_side in {"N", "S", "E", "W"}
    if one_side in {"E", "W"} and other_side in {"N", "S"}:
        first, second = second, first
    elif {one_side, other_side} <= {"N", "S"} - {""} or {one_side, other_side} <= {"E", "W"}:
        return None
    if abs(first) > 180 or abs(second) > 180:
        return None
    readings = [(first, second)]
    if not lettered:
        readings.append((second, first))
        if not signed:
            readings += [(-first, second), (-second, first)]
    valid = [Point(round(lat, 7), round(lng, 7)) for lat, lng in readings if abs(lat) <= 90]
    inside = next((point for point in valid if inside_regency(point.lat, point.lng)), None)
    return inside or (valid[0] if valid and exact else None)


def _degrees(numbers: list[float], side: str) -> float | None:
    """Degrees of one to three numbers: minutes and seconds below 60, a fraction only in the last."""
    if any(number >= 60 for number in numbers[1:]) or any(number % 1 for number in numbers[:-1]):
        return None
    size = sum(abs(number) / (1, 60, 3600)[step] for step, number in enumerate(numbers))
    return -size if side in {"S", "W", "-"} else size
