"""How well a place of the gazetteer meets what was typed, and whether that is enough to choose it for somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from rapidfuzz.distance import OSA

from places.areas import inhabited_islands, region_name
from places.asked import SINGLE, SPOTS, Wanted, is_generic
from places.geodesy import Point, distance_metres
from places.models import Place
from places.names import GENERIC, KINDS, NOISE, ROAD_NAMES, alike, sound, split_words

K = Place.Kind
AREAS = {K.KECAMATAN, K.DESA, K.ISLAND}
# Kinds whose list is complete, so that a part of a name is enough where one place alone has it.
_LISTED = {K.HOSPITAL, K.PUSKESMAS, K.HARBOUR}
_SIZES = [K.DESA, K.KECAMATAN, K.ISLAND]  # the smallest first
TOWN = "town"
# From where on a word is met, and from where on two places are met alike.
MET, MARGIN = 0.7, 0.06
_AS_WRITTEN = 0.97
# An area before what is named after it; the larger one first.
_RANK: dict[str, float] = {
    K.KECAMATAN: 1.0,
    K.DESA: 0.8,
    K.ISLAND: 0.9,
    K.LANDMARK: 0.6,
    K.HOSPITAL: 0.5,
    K.HARBOUR: 0.4,
    K.PUSKESMAS: 0.3,
    K.ROAD: 0.2,
    TOWN: 0.1,
}
_NEAR_METRES = 5_000


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the gazetteer, or a town beyond the regency (kind "town")."""

    id: UUID | str
    kind: str
    name: str
    other_names: str
    label: str
    lat: float
    lng: float
    kecamatan: str | None = None
    desa: str | None = None
    island: str | None = None
    outside: bool = False
    official: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A row beside what was typed.

    quality: how well its name is met; full: whether all that was typed is met by it and its name is, so that it may be
    chosen; met: the typed words that it meets, and how well; in_name: how many of them
    by its name and not by its area; parts: its own words that were met.
    """

    row: Row
    score: float
    quality: float
    full: bool
    met: Mapping[str, float]
    parts: frozenset[str]
    in_name: int = 0


def match(row: Row, asked: Wanted, near: Point | None, centre: Point) -> Match:
    """Score a row. near: where somebody is; the nearer of equals stands first, counted from the centre if None."""
    closeness = _closeness(row, near or centre)
    typed = [*asked.words, *(word for _, words in asked.areas for word in words)]
    if not typed:
        return _unnamed(row, asked, closeness)
    variants = _variants(row.name, row.other_names, row.kind)
    context = _context(row.name, row.label)
    best = max((_Reading(row, asked, typed, words, context) for words in variants), key=lambda one: one.order)
    score = 0.5 * best.average + 0.22 * best.cover + 0.12 * best.fits + 0.04 * _RANK[row.kind] + 0.06 * closeness
    if best.full:
        score += 0.06
    if not near:
        score -= 0.03 * closeness
    return Match(row, round(min(1.0, score), 4), best.quality, best.full, best.met, frozenset(best.parts), best.in_name)


def _unnamed(row: Row, asked: Wanted, closeness: float) -> Match:
    """Nothing but a kind of facility was typed: the nearest one, before it the one that bears the very word."""
    if asked.kind is None or asked.kind != row.kind:
        return Match(row, 0.0, 0.0, full=False, met={}, parts=frozenset())
    own = asked.form in split_words(row.name)
    # "rs" is short for every hospital, "rsud" for one sort of them.
    score = 0.5 + 0.3 * closeness + (0.2 if own and (asked.form in SINGLE or row.kind == K.HARBOUR) else 0.0)
    full = own and asked.form in SINGLE and not asked.far
    parts = frozenset({asked.form}) if own else frozenset()
    return Match(row, round(score, 4), 1.0 if own else 0.5, full, {asked.form: 1.0}, parts)


class _Reading:
    """What was typed beside one name of a row."""

    def __init__(
        self, row: Row, asked: Wanted, typed: Sequence[str], words: Sequence[str], context: Sequence[str]
    ) -> None:
        self.row, self.asked, self.typed, self.words = row, asked, typed, words
        self.met: dict[str, float] = {}
        self.covered: dict[int, float] = {}
        self.parts: set[str] = set()
        self.sure, self.in_name = True, 0
        self._meet(context)
        self._meet_kind()
        # One typing error is no doubt where another word is met as it is written.
        best = list(self.met.values())
        if not self.sure and any(quality >= _AS_WRITTEN for quality in best) and min(best) >= 0.9:
            self.sure = True
        self.missing = [word for word in typed if word not in self.met]
        self.needed = _needed(words, context, row.kind)
        self.named = all(at in self.covered for at in self.needed)
        self.cover = sum(len(words[at]) for at in self.covered) / max(1, sum(map(len, words)))
        # A word that names no place weighs less than one that does.
        weights = {word: 0.4 if is_generic(word) or word.isdigit() else 1.0 for word in typed}
        total = sum(weights[word] for word in typed)
        self.average = sum(weights[word] * self.met.get(word, 0.0) for word in typed) / total
        own = [self.covered[at] for at in self.needed if at in self.covered]
        self.quality = min([*own, *best]) * (1.0 if self.named else 0.8) if own else 0.0
        self.fits = self._kind_fits()
        self.full = self._is_full()
        self.order = (self.full, self.average + self.cover)

    def _meet(self, context: Sequence[str]) -> None:
        spans = _joined(self.typed, self.words)
        if spans:
            self.met |= spans
            self.covered = dict.fromkeys(range(len(self.words)), min(spans.values()))
            self.parts |= set(self.words)
            self.in_name = len(spans)
        for at, word in enumerate(self.typed):
            if word in spans:
                continue
            last = at == len(self.typed) - 1
            quality, sure, which = _best(word, self.words, last=last)
            around = _best(word, context, last=last)
            of_name = quality >= around[0]
            if not of_name:
                quality, sure, which = around
            if quality < MET or which is None:
                continue
            self.met[word] = max(quality, self.met.get(word, 0.0))
            self.sure = self.sure and sure
            self.parts.add(self.words[which] if of_name else context[which])
            if of_name:
                self.in_name += 1
                # "guluk" is no Guluk-Guluk: a word that a name has twice is typed twice.
                same = [place for place, other in enumerate(self.words) if other == self.words[which]]
                place = next((place for place in same if place not in self.covered), same[0])
                self.covered[place] = max(quality, self.covered.get(place, 0.0))

    def _meet_kind(self) -> None:
        """Cover the word of a name that is the wanted kind."""
        for at, word in enumerate(self.words):
            if self.asked.kind is not None and self.asked.kind == self.row.kind and KINDS.get(word) is self.asked.kind:
                self.covered.setdefault(at, 1.0)
                self.parts.add(word)

    def _kind_fits(self) -> float:
        if self.row.kind == TOWN:
            return 1.0
        if self.asked.kind is not None:
            return float(self.asked.kind == self.row.kind)
        kinds = {kind for kind, _ in self.asked.areas}
        smaller = bool(self.asked.words) and (
            self.row.kind not in AREAS or (self.row.kind == K.DESA and K.DESA not in kinds)
        )
        return 1.0 if not kinds or self.row.kind in kinds or smaller else 0.0

    def _is_full(self) -> bool:
        if self.asked.far or not self.fits or not self.sure or not self._is_target():
            return False
        if any(not self._may_be_left(word) for word in self.missing) and not self._in_named_desa():
            return False
        return self._is_named()

    def _is_named(self) -> bool:
        """Whether enough of the name was typed."""
        row, asked = self.row, self.asked
        if set(self.typed) <= SINGLE:
            return bool(self.covered)
        if not asked.areas and not asked.kind and all(is_generic(word) for word in self.typed):
            return False
        if not self.named:
            # Of a complete list a part of the name is enough; whether another one has it too is seen later.
            return asked.kind in _LISTED and bool(self.met)
        if row.kind == K.ISLAND and not asked.area(K.ISLAND):
            return row.island in inhabited_islands()  # a rock bears the name of a spice or of an animal
        if row.kind in _LISTED:
            return asked.kind == row.kind and (asked.form not in SINGLE or asked.form in self.words)
        return row.kind != K.LANDMARK or self._is_landmark()

    def _is_landmark(self) -> bool:
        """Whether the text names a landmark though the word for its kind was not typed."""
        if any(is_generic(self.words[at]) for at in self.covered):
            return True
        own = [self.words[at] for at in self.needed if at in self.covered]
        return self.quality >= _AS_WRITTEN and any(word not in ROAD_NAMES and len(word) > 3 for word in own)

    def _may_be_left(self, word: str) -> bool:
        """Whether a typed word that is not met does not count against the place."""
        if word.isdigit():
            return self.row.kind in AREAS
        return word in SPOTS and self.row.kind not in AREAS

    def _in_named_desa(self) -> bool:
        """Whether the desa was named as one, and no area beside it that it does not lie in."""
        named = {word for _, words in self.asked.areas for word in words}
        return self.row.kind == K.DESA and bool(self.asked.area(K.DESA)) and named.isdisjoint(self.missing)

    def _is_target(self) -> bool:
        """Whether the words that were typed can mean a place of the row's kind, and not only the area around it."""
        row, asked = self.row, self.asked
        kinds = {kind for kind, _ in asked.areas}
        if row.kind in AREAS:
            # What was named beside an area, or a smaller area, is where it is.
            if any(_SIZES.index(kind) < _SIZES.index(K(row.kind)) for kind in kinds):
                return False
            if row.kind not in kinds:
                return bool(asked.words)
            named = asked.area(K(row.kind))
            inner = bool(asked.words) and row.kind != K.DESA
            return not inner and any(_best(word, self.words, last=True)[0] >= MET for word in named)
        return bool(self.covered) and (bool(asked.words) or asked.kind is not None or row.kind == TOWN)


def _best(word: str, among: Sequence[str], *, last: bool) -> tuple[float, bool, int | None]:
    """How well the best of some words meets one, whether it can be relied on, and which it is."""
    best: tuple[float, bool, int | None] = (0.0, False, None)
    for at, other in enumerate(among):
        quality, sure = alike(word, other, last=last)
        if quality > best[0]:
            best = (quality, sure, at)
            if quality == 1.0:
                break
    return best


def _joined(typed: Sequence[str], words: Sequence[str]) -> dict[str, float]:
    """The typed words that are the whole name written in one or parted otherwise, with how well: batu putih."""
    own = [word for word in words if word not in GENERIC] or list(words)
    name = "".join(own)
    if len(name) < 6:
        return {}
    for length in range(1, min(4, len(typed)) + 1):
        if length == 1 and len(own) == 1:
            continue
        if list(typed) == own:
            return {}
        for start in range(len(typed) - length + 1):
            span = typed[start : start + length]
            text = "".join(span)
            if text[0] != name[0] or abs(len(text) - len(name)) > 2 or list(span) == own:
                continue
            if text == name or sound(text) == sound(name):
                return dict.fromkeys(span, 0.98)
            if len(name) >= 10 and OSA.distance(text, name, score_cutoff=1) <= 1:
                return dict.fromkeys(span, 0.9)
    return {}


def _needed(words: Sequence[str], context: Sequence[str], kind: str) -> list[int]:
    """Which words of a name must be met: those that tell it from others; all of them where there are none."""
    if kind in AREAS or kind == TOWN:
        return list(range(len(words)))
    site = region_name()
    own = [
        at
        for at, word in enumerate(words)
        if word not in GENERIC and word not in NOISE and word not in context and word != site
    ]
    return own or list(range(len(words)))


@lru_cache(maxsize=20_000)
def _variants(name: str, other_names: str, kind: str) -> tuple[tuple[str, ...], ...]:
    """The names of a place in words: its own, then the others. What stands in brackets is where it lies."""
    own = split_words(name.split("(", maxsplit=1)[0]) or split_words(name)
    others = [split_words(other) for other in other_names.replace(";", ",").split(",")]
    found = [tuple(words) for words in (own, *others) if words]
    if kind in AREAS:
        found = [tuple(word for word in words if KINDS.get(word) != kind) or words for words in found]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=20_000)
def _context(name: str, label: str) -> tuple[str, ...]:
    """The words of the areas that a place lies in, and of what stands in brackets behind its name."""
    around = label.removeprefix(name)
    if "(" in name:
        around += " " + name.split("(", 1)[1]
    return tuple(dict.fromkeys(word for word in split_words(around) if word != "pulau"))


def _closeness(row: Row, origin: Point) -> float:
    return _NEAR_METRES / (_NEAR_METRES + distance_metres(origin, Point(row.lat, row.lng)))


def same_place(one: Row, other: Row) -> bool:
    """Whether two rows are one place to whoever goes there: near each other, or one the area of the other."""
    if distance_metres(Point(one.lat, one.lng), Point(other.lat, other.lng)) < 1_500:
        return True
    return _holds(one, other) or _holds(other, one)


def _holds(area: Row, other: Row) -> bool:
    if area.outside or other.outside:
        return False
    if area.kind == K.KECAMATAN:
        return area.kecamatan == other.kecamatan
    if area.kind == K.DESA:
        return area.desa is not None and area.desa == other.desa
    return area.kind == K.ISLAND and area.island is not None and area.island == other.island


def as_written(parts: Iterable[str], label: str) -> list[str]:
    """The words of a label that were met, as they are written there."""
    met = set(parts)
    found = [
        word
        for word in label.replace("(", " ").replace(")", " ").replace(",", " ").split()
        if met & set(split_words(word))
    ]
    return list(dict.fromkeys(found))
