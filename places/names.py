"""Names of places as people write them, folded to what is looked up: "Kec. Bluto", "kec bluto" and "BLUTO" are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from places.models import Place

K = Place.Kind
# Words that say what kind of place is meant, in full and as operators shorten them.
_KINDS: dict[str, Place.Kind] = {
    **dict.fromkeys(("kec", "kecamatan"), K.KECAMATAN),
    **dict.fromkeys(("ds", "desa", "dsn", "dusun", "dukuh", "kel", "kelurahan"), K.DESA),
    **dict.fromkeys(("p", "pl", "pulau", "pulo"), K.ISLAND),
    **dict.fromkeys(("rs", "rsu", "rsud", "rsi", "rsia", "rumahsakit"), K.HOSPITAL),
    **dict.fromkeys(("pkm", "pusk", "puskes", "puskesmas"), K.PUSKESMAS),
    **dict.fromkeys(("plb", "pelabuhan", "dermaga", "tambatan"), K.HARBOUR),
    **dict.fromkeys(("jl", "jln", "jalan"), K.ROAD),
}
_IN_FULL = {
    "psr": "pasar",
    "mesjid": "masjid",
    "msjd": "masjid",
    "ponpes": "pondok pesantren",
    "pp": "pondok pesantren",
    "alun2": "alun alun",
    "bdr": "bandara",
    "trmnl": "terminal",
    "univ": "universitas",
    "brt": "barat",
    "tmr": "timur",
    "slt": "selatan",
    "utr": "utara",
}
# Words that place something beside something else, or name what every place here lies in.
_NOISE = frozenset({
    "di", "ke", "dari", "dkt", "dekat", "deket", "sekitar", "sktr", "sebelah", "sblh", "depan", "dpn", "belakang",
    "blkg", "samping", "smpg", "seberang", "sbrg", "arah", "daerah", "wilayah", "wil", "lokasi", "kab", "kabupaten",
    "prov", "provinsi", "jatim", "madura", "dan", "the", "near",
})  # fmt: skip
_APOSTROPHES = re.compile(r"['\u2018\u2019\u02bc`\u00b4]")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_DOUBLED = re.compile(r"^([a-z]{3,})2$")  # "guluk2": the word twice
_TRIGRAMS_OF: dict[str, frozenset[str]] = {}
_REMEMBERED = 50_000
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a searcher wrote, folded: the words of the name, and the kind of place if one was said."""

    words: tuple[str, ...]
    kind: Place.Kind | None

    @property
    def key(self) -> str:
        """The words as they are looked up."""
        return " ".join(self.words)


def wanted(text: str) -> Wanted:
    """Read what was typed. A word that says a kind is no part of the name, unless nothing else was typed beside it."""
    words, kind = [], None
    for word in _words(text):
        said = _KINDS.get(word)
        if said and (kind is None or said is kind):
            kind = said
        elif not said and word not in _NOISE:
            words.append(word)
    return Wanted(tuple(words[:_MOST_WORDS]), kind)


def name_key(name: str) -> str:
    """A name as it is looked up, without the word that says its kind; the whole of it where that is all there is."""
    words = list(_words(name))
    return " ".join([word for word in words if word not in _KINDS and word not in _NOISE] or words)


def haystack(names: Iterable[str]) -> str:
    """The words under which a place is found: its names first, then the areas that it lies in; each word once."""
    return " ".join(dict.fromkeys(word for name in names for word in name_key(name).split()))


def alike(one: str, other: str) -> float:
    """How alike two words are, 0 to 1: shared trigrams among all, as pg_trgm counts them."""
    first, second = _trigrams(one), _trigrams(other)
    shared = len(first & second)
    return shared / (len(first) + len(second) - shared)


def _words(text: str) -> Iterable[str]:
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).lower()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"\brumah sakit\b", "rumahsakit", plain)
    for word in _NOT_A_WORD.split(plain):
        if not word:
            continue
        doubled = _DOUBLED.match(word)
        yield from (_IN_FULL.get(word) or (f"{doubled[1]} {doubled[1]}" if doubled else word)).split()


def _trigrams(word: str) -> frozenset[str]:
    known = _TRIGRAMS_OF.get(word)
    if known is None:
        padded = f"  {word} "
        known = frozenset(padded[at : at + 3] for at in range(len(padded) - 2))
        if len(_TRIGRAMS_OF) < _REMEMBERED:
            _TRIGRAMS_OF[word] = known
    return known
