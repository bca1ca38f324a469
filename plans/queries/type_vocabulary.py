"""The vocabulary of all types: its tokens by their roots, and which roots a typed token may mean."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from plans.queries.type_tokens import COMMON, IN_FULL, LIGHT, SHORTEST_ROOT, roots_of, skeleton

# At most this sure is a token that only resembles one of the vocabulary.
BY_LIKENESS = 0.86
_BY_ROOT, _BY_SHORT_ROOT, _BY_SKELETON, _IN_ONE = 0.93, 0.6, 0.75, 0.85
_BESIDE_WHOLE = 0.75  # of a longer token where what was typed is one already
_SHORTEST_PART, _SHORTEST_ALIKE = 3, 4
_ONE_ERROR_BELOW = 6  # letters; from here on two errors are forgiven
_MOST_ALIKE = 12


class Vocabulary:
    """The tokens of all phrases."""

    def __init__(self, phrases: Sequence[Sequence[str]]) -> None:
        self._phrases_with = Counter(token for tokens in phrases for token in tokens)
        self.root_of = _chosen_roots(set(self._phrases_with))
        self.tokens_of: dict[str, list[str]] = defaultdict(list)
        # "pasung" is met by "dipasung", though no other token shares that root.
        self._hidden: dict[str, set[str]] = defaultdict(set)
        for token, root in self.root_of.items():
            self.tokens_of[root].append(token)
            for candidate in roots_of(token) - {token}:
                if len(candidate) >= SHORTEST_ROOT:
                    self._hidden[candidate].add(root)
        self._root_of_spelling = {
            spelling: self.root_of[token] for spelling, token in IN_FULL.items() if token in self.root_of
        } | self.root_of
        self._spellings = sorted(self._root_of_spelling)
        self._by_skeleton: dict[str, list[str]] = defaultdict(list)
        for spelling in self._spellings:
            self._by_skeleton[skeleton(spelling)].append(spelling)

    def is_light(self, root: str) -> bool:
        """Whether a root is of a person or a place: these seldom say what happened."""
        return any(token in LIGHT for token in self.tokens_of[root])

    def met(self, token: str, *, last: bool) -> dict[str, float]:
        """The roots that a typed token may mean, with how surely: 0 to 1. last: it may still be being typed."""
        found: dict[str, float] = {}
        if token in self.root_of:
            found[self.root_of[token]] = 1.0
        for root in roots_of(token) & self.tokens_of.keys():
            found.setdefault(root, _BY_ROOT if len(root) >= SHORTEST_ROOT else _BY_SHORT_ROOT)
        if not found:
            found |= dict.fromkeys(self._hidden.get(token, ()), _BY_ROOT)
        if not found or last:
            self._begin(token, found)
        if max(found.values(), default=0.0) <= _BY_SHORT_ROOT and token not in COMMON:
            self._resemble(token, found)
        return found

    def _begin(self, token: str, found: dict[str, float]) -> None:
        """Add the tokens that begin so; of several the commonest is the surest."""
        if len(token) < _SHORTEST_PART:
            return
        share: dict[str, float] = {}
        common: Counter[str] = Counter()
        for spelling in self._spellings[bisect_right(self._spellings, token) :]:
            if not spelling.startswith(token):
                break
            root = self._root_of_spelling[spelling]
            share[root] = max(share.get(root, 0.0), len(token) / len(spelling))
            common[root] += self._phrases_with[spelling]
        most = max([1, *common.values()])
        whole = _BESIDE_WHOLE if token in self.root_of else 1.0
        for root, part in share.items():
            found[root] = max(found.get(root, 0.0), (0.5 + 0.25 * part + 0.15 * common[root] / most) * whole)

    def _resemble(self, token: str, found: dict[str, float]) -> None:
        """Add the tokens that differ by an error or two, or that were written without their vowels."""
        if len(token) >= _SHORTEST_ALIKE and not token.isdigit():
            most = 1 if len(token) < _ONE_ERROR_BELOW else 2
            alike = process.extract(token, self._spellings, scorer=OSA.distance, score_cutoff=most, limit=_MOST_ALIKE)
            for spelling, errors, _ in alike:
                if len(spelling) >= _SHORTEST_ALIKE:
                    surely = 0.92 - 0.17 * errors - (0.1 if spelling[0] != token[0] else 0.0)
                    self._add(spelling, surely, found)
        for spelling in self._by_skeleton.get(token, ()) if len(token) >= _SHORTEST_PART else ():
            self._add(spelling, _BY_SKELETON, found)
        if found:
            return
        for at in range(_SHORTEST_ALIKE, len(token) - _SHORTEST_PART + 1):  # two words without a blank between them
            if token[:at] in self.root_of and token[at:] in self.root_of:
                self._add(token[:at], _IN_ONE, found)
                self._add(token[at:], _IN_ONE, found)

    def _add(self, spelling: str, surely: float, found: dict[str, float]) -> None:
        root = self._root_of_spelling[spelling]
        found[root] = max(found.get(root, 0.0), surely)


def _chosen_roots(tokens: set[str]) -> dict[str, str]:
    """One root for each token: of its candidates that are tokens too, or that several tokens share, the commonest."""
    shared = Counter(root for token in tokens for root in roots_of(token))

    def order(root: str) -> tuple[int, bool, int, str]:
        return shared[root], root in tokens, len(root), root

    return {
        token: max((root for root in roots_of(token) if root in tokens or _is_root(root, shared[root])), key=order)
        for token in tokens
    }


def _is_root(candidate: str, shared: int) -> bool:
    """Whether a candidate that is no token itself is a root: the shorter it is, the more tokens must share it."""
    return (shared > 1 and len(candidate) > SHORTEST_ROOT) or (shared > 2 and len(candidate) == SHORTEST_ROOT)
