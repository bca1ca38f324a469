"""Which incident types everyday words mean: one ranking for the call form and `GET types`.

Every type has phrases: the parts of its names, and its synonyms (`TypeSynonyms`). A phrase fits by how much of it was
typed and how much of what was typed it explains; rare tokens weigh more. A token meets another one exactly, by its
root, by its beginning or by a small edit distance (`type_vocabulary`). Types that fit about as well stand in the order
of their priority (decision "Synonyms").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from plans.queries.type_tokens import COMMON, LIGHT, NOT, STOP, fold, tokens_of
from plans.queries.type_vocabulary import BY_LIKENESS, Vocabulary

MOST = 10
LOWEST_PRESELECTED = 3  # a synonym never preselects a type below P3
PRESELECT_FROM = 0.45
_TOKENS = 12  # of what was typed that are looked at
_MATCHED = 3  # phrases of a type that an answer names
# Types whose score is at least this part of the best one's fit as well; beside a whole match only another one does.
_AS_WELL, _WHOLE = 0.88, 0.95
_BESIDE = 0.55  # what a phrase's fit must be at least to stand beside a better one of other words
_LEAST, _LEAST_OF_BEST = 0.1, 0.2  # below: not listed
_UNION = 0.35  # how much all phrases of a type together count, beside its best one
_DENIED = 0.6  # what is left of a phrase's fit where it was denied
# How much a token of `LIGHT` weighs in what was typed, and in a phrase, where it narrows the meaning.
_LIGHT_TYPED, _LIGHT_IN_PHRASE = 0.3, 0.5
_NEGATIONS = (NOT, "not")
_NEGATION_WEIGHT = 0.6
_UNKNOWN_WEIGHT = 0.45
_ALTERNATIVES = re.compile(r" / |, | ?\(")  # "Kapal/perahu" is one


@dataclass(frozen=True, slots=True)
class Entry:
    """A type with what it is called. names: official ones; synonyms: what callers say."""

    code: str
    priority: int
    names: tuple[str, ...]
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a type's name, or one of its synonyms. of: the type's place in the index; weight: of all its tokens."""

    of: int
    text: str
    official: bool
    tokens: frozenset[str]
    roots: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Match:
    """A type that fits the text. score: 0 to 1. matched: its phrases that fit, best first.

    hits: the words of names and synonyms that were met, folded. fits: as well as the best one, so that the question of
    the first one decides. preselect: whether a form may mark it ready for Enter.
    """

    code: str
    score: float
    matched: tuple[str, ...]
    hits: tuple[str, ...]
    fits: bool
    preselect: bool


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed. met: the roots that each token may mean; weights: of each token; surely: the best of each."""

    tokens: frozenset[str]
    met: list[dict[str, float]]
    weights: list[float]
    whole: float
    surely: dict[str, float]

    def explained_by(self, means: Iterable[str] | set[str]) -> float:
        """How much of it these roots explain: 0 to 1."""
        roots = set(means)
        met = (
            weight * max((value for root, value in each.items() if root in roots), default=0.0)
            for weight, each in zip(self.weights, self.met, strict=True)
        )
        return sum(met) / self.whole


@dataclass(frozen=True, slots=True)
class _Ranked:
    score: float
    of: int
    fits: list[tuple[float, Phrase]]


class TypeIndex:
    """All types, ready to be searched."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = list(entries)
        raw = [
            (of, text, official, tokens_of(text))
            for of, entry in enumerate(self.entries)
            for official, texts in ((True, _parts(entry.names)), (False, entry.synonyms))
            for text in texts
        ]
        # A part of a name that only names a kind of place ("Jalan") stands for nothing alone.
        raw = [each for each in raw if not each[2] or not LIGHT.issuperset(each[3])]
        self.vocabulary = Vocabulary([tokens for *_, tokens in raw])
        self._types_by_root: dict[str, set[int]] = defaultdict(set)
        self._roots_of_type: dict[int, set[str]] = defaultdict(set)
        for of, _, _, tokens in raw:
            for token in tokens:
                root = self.vocabulary.root_of[token]
                self._types_by_root[root].add(of)
                self._roots_of_type[of].add(root)
        self._not = {self.vocabulary.root_of[token] for token in _NEGATIONS if token in self.vocabulary.root_of}
        self._weight = {root: self._weighed(root, _LIGHT_TYPED) for root in self._types_by_root}
        self._in_phrase = {root: self._weighed(root, _LIGHT_IN_PHRASE) for root in self._types_by_root}
        self._usual = log(1 + len(self.entries) / 3)
        self._phrases: list[Phrase] = []
        self._by_root: dict[str, list[Phrase]] = defaultdict(list)
        for of, text, official, tokens in raw:
            roots = tuple(dict.fromkeys(self.vocabulary.root_of[token] for token in tokens))
            phrase = Phrase(of, text, official, frozenset(tokens), roots, sum(self._in_phrase[root] for root in roots))
            for root in roots:
                self._by_root[root].append(phrase)

    def _weighed(self, root: str, light: float) -> float:
        """The weight of a root: the fewer types have it, the more. light: the part that is left of a light one's."""
        rare = log(1 + len(self.entries) / len(self._types_by_root[root]))
        if self.vocabulary.is_light(root):
            return rare * light
        return rare * _NEGATION_WEIGHT if root in self._not else rare

    def rank(self, text: str, limit: int = MOST) -> list[Match]:
        """The types that a text may mean, the best first; [] where nothing is like it."""
        coded = self._coded(text)
        if coded:
            return coded[:limit]
        tokens = [token for token in tokens_of(text) if token not in STOP][:_TOKENS]
        if not tokens:
            return []
        typed = self._read(tokens, ends=not text[-1].isspace())
        fits: dict[int, list[tuple[float, Phrase]]] = defaultdict(list)
        for phrase in {phrase for root in typed.surely for phrase in self._by_root[root]}:
            fits[phrase.of].append((self._fit(phrase, typed), phrase))
        ranked = []
        for of, own in fits.items():
            own.sort(key=lambda fit: (-fit[0], -len(fit[1].tokens & typed.tokens), fit[1].official, len(fit[1].text)))
            best = own[0][0]
            together = typed.explained_by(self._roots_of_type[of]) * best**0.5
            ranked.append(_Ranked(best * (1 - _UNION) + _UNION * together, of, own))
        ranked.sort(key=lambda each: (-each.score, self.entries[each.of].priority, self.entries[each.of].code))
        return self._in_order(ranked, typed)[:limit]

    def _read(self, tokens: list[str], *, ends: bool) -> _Typed:
        """ends: the last token may still be being typed."""
        met = [self.vocabulary.met(token, last=ends and token == tokens[-1]) for token in tokens]
        weights = [self._typed_weight(token, roots) for token, roots in zip(tokens, met, strict=True)]
        surely: dict[str, float] = {}
        for roots in met:
            for root, value in roots.items():
                surely[root] = max(surely.get(root, 0.0), value)
        return _Typed(frozenset(tokens), met, weights, sum(weights), surely)

    def _typed_weight(self, token: str, roots: dict[str, float]) -> float:
        if not roots:
            return self._usual * _UNKNOWN_WEIGHT * (_LIGHT_TYPED if token in COMMON else 1.0)
        best = max(roots.values())
        weight = max(self._weight[root] * value for root, value in roots.items() if value >= best * 0.9)
        return weight if best > BY_LIKENESS else weight * best

    def _fit(self, phrase: Phrase, typed: _Typed) -> float:
        """How well a phrase fits: 0 to 1."""
        covered = sum(self._in_phrase[root] * typed.surely.get(root, 0.0) for root in phrase.roots) / phrase.weight
        fit = covered**2 * (0.4 + 0.6 * typed.explained_by(phrase.roots))
        return fit * _DENIED if self._denied(phrase, typed) else fit

    def _denied(self, phrase: Phrase, typed: _Typed) -> bool:
        """Whether a phrase is met by what was denied: "tidak ada api" is no "ada api"."""
        if self._not.intersection(phrase.roots):
            return False
        return any(
            self._not & before.keys() and after.keys() & set(phrase.roots) for before, after in pairwise(typed.met)
        )

    def _in_order(self, ranked: list[_Ranked], typed: _Typed) -> list[Match]:
        """Those that fit as well as the best one by priority, then the others by score."""
        if not ranked:
            return []
        best = ranked[0].score
        least = best * (_WHOLE if best >= _WHOLE else _AS_WELL)
        as_well, others = [], []
        for each in ranked:
            if each.score >= least or self._beside(ranked[0].of, each.fits[0], best):
                as_well.append(each)
            elif each.score >= max(_LEAST, best * _LEAST_OF_BEST):
                others.append(each)
        as_well.sort(key=lambda each: (self.entries[each.of].priority, -each.score))
        return [
            self._match(each, typed, first=at == 0, as_well=at < len(as_well))
            for at, each in enumerate(as_well + others)
        ]

    def _beside(self, first: int, fit: tuple[float, Phrase], best: float) -> bool:
        """Whether a type fits words that the first one has nothing of: "jatuh di kamar mandi, tidak bangun"."""
        score, phrase = fit
        if score < max(_BESIDE, best * _BESIDE):
            return False
        decisive = [root for root in phrase.roots if not self.vocabulary.is_light(root) and root not in self._not]
        return bool(decisive) and not self._roots_of_type[first].intersection(decisive)

    def _match(self, ranked: _Ranked, typed: _Typed, *, first: bool, as_well: bool) -> Match:
        entry, fits = self.entries[ranked.of], ranked.fits
        kept = [phrase for value, phrase in fits if value >= fits[0][0] * 0.75][:_MATCHED]
        met = {root for _, phrase in fits[: 2 * _MATCHED] for root in phrase.roots if root in typed.surely}
        named = any(phrase.official for value, phrase in fits if value >= fits[0][0] * _WHOLE)
        may = entry.priority <= LOWEST_PRESELECTED or named
        return Match(
            code=entry.code,
            score=round(min(ranked.score, 1.0), 4),
            matched=tuple(dict.fromkeys(phrase.text for phrase in kept)),
            hits=tuple(sorted(token for root in met for token in self.vocabulary.tokens_of[root])),
            fits=as_well,
            preselect=first and may and ranked.score >= PRESELECT_FROM,
        )

    def _coded(self, text: str) -> list[Match]:
        """The types whose code was typed, or begun with a letter and a digit."""
        asked = fold(text).strip()
        if not re.fullmatch("[a-z][0-9]{1,2}", asked):
            return []
        found = [entry for entry in self.entries if entry.code.lower().startswith(asked)]
        whole = len(asked) == 3
        return [Match(entry.code, 1.0 if whole else 0.5, (), (), fits=whole, preselect=whole) for entry in found]


def _parts(names: Iterable[str]) -> list[str]:
    """The alternatives that official names list: "Tidak sadar / pingsan" has two; the whole where it has several."""
    found: list[str] = []
    for name in names:
        pieces = [piece.strip(" )") for piece in _ALTERNATIVES.split(name)]
        found += [piece for piece in pieces if piece]
        if len(pieces) > 1:
            found.append(name)
    return list(dict.fromkeys(found))
