"""Callers' words as tokens: folded, abbreviations written out, with the roots that Indonesian and English affixes hide.

Roots are candidates: "ketabrak" may hide "tabrak", "mukul" may hide "pukul". Two words belong together when a candidate
of both is a root of the vocabulary (`type_search`). So no dictionary of the language is needed.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings

SHORTEST_ROOT = 4
# After these a root of three letters may stand ("dibom"), and before a doubled letter ("hitting").
_SHORTEST_AFTER = {"di": 3, "ter": 3, "ke": 3, "ber": 3, "nge": 3}
_APOSTROPHES = re.compile(r"['\u2018\u2019\u02bc`\u00b4]")
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_DOUBLED = re.compile(r"^([a-z]{3,})2$")  # "kejang2": the word twice
_STRETCHED = re.compile(r"([a-z])\1{2,}")  # "tolongggg"
NOT = "tidak"
_LISTS: dict[str, Any] = json.loads((settings.BASE_DIR / "data/language/tokens.json").read_text(encoding="utf-8"))
# As people write in messages, and one spelling for what has several.
IN_FULL: dict[str, str] = _LISTS["in_full"]


def _listed(name: str) -> frozenset[str]:
    return frozenset(" ".join(_LISTS[name]).split())


# Words that say nothing about what happened; persons and places, which shade it and seldom say it.
STOP, LIGHT = _listed("stop"), _listed("light")
# Words that are no typing error of another one, though they say nothing either.
COMMON = LIGHT | _listed("common")
# Words that only look as if they had an affix.
WHOLE = _listed("whole")
_ENDINGS = ("nya", "ku", "mu", "lah", "kah", "pun", "ne", "e")
_SUFFIXES = ("kan", "an", "i", "in", "ing", "ed", "es", "s", "er", "ers", "ly", "ion", "d", "en", "ment")
# A prefix and what its nasal may have swallowed.
_PREFIXES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("meny", ("s", "c")), ("peny", ("s", "c")), ("ny", ("s", "c")),
    ("menge", ("",)), ("penge", ("",)), ("nge", ("", "ke")),
    ("meng", ("", "k")), ("peng", ("", "k")), ("ng", ("", "k")),
    ("mem", ("", "p")), ("pem", ("", "p")), ("m", ("p",)), ("mb", ("b",)),
    ("men", ("", "t")), ("pen", ("", "t")), ("n", ("t",)),
    ("me", ("",)), ("pe", ("",)), ("per", ("",)), ("di", ("",)), ("ke", ("",)), ("ter", ("",)), ("te", ("",)),
    ("ber", ("",)), ("be", ("",)), ("se", ("",)), ("ka", ("",)), ("un", ("",)),
)  # fmt: skip
_VOWELS = re.compile(r"[aiueo]")
_REMEMBERED = 20_000
_candidates: dict[str, frozenset[str]] = {}


def fold(text: str) -> str:
    """Lower case without accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).lower()
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def tokens_of(text: str) -> list[str]:
    """The tokens of a text in order, without those of `STOP` unless there are no others; each once."""
    found = list(dict.fromkeys(_tokens(text)))
    return [token for token in found if token not in STOP] or found


def _tokens(text: str) -> Iterator[str]:
    for word in _SEPARATORS.split(fold(text)):
        if not word:
            continue
        doubled = _DOUBLED.match(word)
        plain = _STRETCHED.sub(r"\1", doubled[1] if doubled else word)
        yield IN_FULL.get(plain, plain)


def roots_of(word: str) -> frozenset[str]:
    """Every root that a word may have, itself included."""
    known = _candidates.get(word)
    if known is None:
        known = frozenset({word} if word in WHOLE else {word, *_stripped(word)})
        if len(_candidates) < _REMEMBERED:
            _candidates[word] = known
    return known


def _stripped(word: str) -> Iterable[str]:
    bases = {word}
    bases |= {word[: -len(ending)] for ending in _ENDINGS if word.endswith(ending) and len(word) - len(ending) >= 4}
    for _round in range(2):  # "diperbaiki", "ketertimbun": two layers at most
        bases |= {made for base in bases for made in _without_prefix(base)}
    bases |= {made for base in bases for made in _without_suffix(base)}
    return bases


def _without_prefix(word: str) -> Iterator[str]:
    for prefix, swallowed in _PREFIXES:
        for letters in swallowed if word.startswith(prefix) else ():
            base = letters + word[len(prefix) :]
            if len(base) >= _SHORTEST_AFTER.get(prefix, SHORTEST_ROOT):
                yield base


def _without_suffix(word: str) -> Iterator[str]:
    for suffix in _SUFFIXES:
        base = word[: -len(suffix)]
        if not word.endswith(suffix) or len(base) < SHORTEST_ROOT - (suffix == "s"):
            continue
        yield base
        if suffix in {"ing", "ed", "er", "es"}:
            yield f"{base}e"  # choking: choke
            if base[-1] == base[-2]:
                yield base[:-1]  # stabbed: stab
        if suffix == "es" and base.endswith("i"):
            yield f"{base[:-1]}y"  # bodies: body


def skeleton(word: str) -> str:
    """A word without its vowels, as it is shortened in messages: "kbkrn"."""
    return _VOWELS.sub("", word)
