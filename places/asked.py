"""What a caller's words for a place consist of: the name, the areas named beside it, and what does not name a place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from places.areas import region_name
from places.models import Place
from places.names import GENERIC, KINDS, NOISE, NUMBERS, STREETS, fold, split_words

K = Place.Kind
_AREAS = {K.KECAMATAN, K.DESA, K.ISLAND}
# Kinds of facility of which a regency has one: naming the kind names the facility.
SINGLE = frozenset({"rsud", "rsi", "bandara"})
_DIRECTIONS = frozenset({"barat", "timur", "utara", "selatan", "tenggara"})
_BESIDE = frozenset({"sebelah", "sblh", "arah", "samping", "sisi"})
# Words for a spot beside a landmark, which is a landmark's but no desa's own.
SPOTS = frozenset({
    "pertigaan", "perempatan", "prapatan", "simpang", "simpangan", "tikungan", "bundaran", "halaman", "parkiran",
    "parkir", "gerbang", "pintu", "pojok", "pinggir", "trotoar",
})  # fmt: skip
# Words after which a town is where somebody goes to or comes from.
_WAYS = frozenset(
    {"ke", "arah", "jurusan", "tujuan", "menuju", "dari", "perbatasan", "rujuk", "antar", "bus", "travel"}
)
_LENGTH = re.compile(r"\b\d+(?:[.,]\d+)?\s*(?:km|kilometer|kilo|meter|mtr|m)\b")
_MOST_WORDS = 8
_BREAK = ","


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a searcher wrote, folded.

    words: those of the name; kind: the kind of facility, form: the word typed for it; areas: areas with the kind
    of each; street: a road, estate or hamlet; address: whether any part of an address stood there;
    far: whether a distance from the place was given; way: whether it is where somebody goes to.
    """

    words: tuple[str, ...]
    kind: Place.Kind | None = None
    form: str = ""
    areas: tuple[tuple[Place.Kind, tuple[str, ...]], ...] = ()
    street: tuple[str, ...] = ()
    address: bool = False
    far: bool = False
    way: bool = False

    @property
    def key(self) -> str:
        """The words as they are looked up."""
        return " ".join(self.looked_up)

    @property
    def looked_up(self) -> tuple[str, ...]:
        """The words by which candidates are found: of the name and its areas, else of the street."""
        found = dict.fromkeys([*self.words, *(word for _, words in self.areas for word in words)])
        return tuple(found) or self.street

    def area(self, kind: Place.Kind) -> tuple[str, ...]:
        """The words of the area of a kind; () where none was typed."""
        return next((words for each, words in self.areas if each is kind), ())


def wanted(text: str) -> Wanted:
    """Read what was typed. A word for a kind is no part of the name."""
    reader = _Reader()
    tokens = _tokens(text)
    for before, word, after in zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False):
        reader.read(before, word, after)
    return reader.result(text)


class _Reader:
    """Sorts the words of a text, one after the other, into what they belong to."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.street: list[str] = []
        self.areas: list[tuple[Place.Kind, list[str]]] = []
        self.kind: Place.Kind | None = None
        self.form = ""
        self.address = False
        self.into = self.words

    def read(self, before: str, word: str, after: str) -> None:
        """Take a word in, between those before and after it."""
        if word == _BREAK or word in NOISE or (before in NUMBERS and _is_number(word)):
            self.into = self.words
        elif word in NUMBERS and (after in {_BREAK, ""} or _is_number(after)):
            self.address, self.into = True, self.words
        elif word in STREETS:
            self.address, self.into = True, self.street
        elif word in KINDS:
            self._read_kind(word, first=not before, last=after in {_BREAK, ""})
        elif word.isdigit() and self.into is not self.words:
            self.into = self.words  # the number of a house ends the name of its road
        elif not (word in _DIRECTIONS and before in _BESIDE):
            self.into.append(word)

    def _read_kind(self, word: str, *, first: bool, last: bool) -> None:
        kind = KINDS[word]
        if kind not in _AREAS:
            self.into = self.words
            if self.kind is None:
                self.kind, self.form = kind, word
        elif not last and (word not in {"p", "pl"} or first):  # short for an island only where a name begins
            self.into = []
            self.areas.append((kind, self.into))

    def result(self, text: str) -> Wanted:
        """What was read of a text."""
        words, site = self.words, region_name()
        named = [(kind, tuple(part[:_MOST_WORDS])) for kind, part in self.areas if part]
        if site in words and "kota" not in words and (len(set(words)) > 1 or self.kind or named):
            words = [word for word in words if word != site]
        plain = fold(text)
        return Wanted(
            words=tuple(words[:_MOST_WORDS]),
            kind=self.kind,
            form=self.form,
            areas=tuple(named[:3]),
            street=tuple(self.street[:_MOST_WORDS]),
            address=self.address,
            far=bool(_LENGTH.search(plain)),
            way=not _WAYS.isdisjoint(plain.split()),
        )


def _tokens(text: str) -> list[str]:
    """The words, with a comma where the text has a break; "rt05" and "no.7" in two."""
    plain = re.sub(r"\b(rt|rw|no|blok)[.\s]*(?=\d)", r"\1 ", fold(text))
    found: list[str] = []
    for part in re.split(r"[,;\n]|\s-\s|\s/\s", plain):
        found += [*split_words(part), _BREAK]
    return found[:-1]


def _is_number(word: str) -> bool:
    """A number of a building, a block or a row: 7, 12a, c, b5."""
    return any(letter.isdigit() for letter in word) or len(word) == 1


def is_generic(word: str) -> bool:
    """Whether a word alone names no place."""
    return word in GENERIC or word in SPOTS
