"""What happens in the demo, drawn from a seed: each event has a random stream of its own, whatever the clock does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from core.data_files import document
from simulation.demo.locations import Spot, at_sea, on_land

# Nine calls in ten are no emergency (docs/rules/centre.md#noise).
EMERGENCIES = 0.1
# Of the emergencies: somebody else calls about the same within minutes.
SECOND_CALLERS = 0.2
WITHHELD = 0.06
# Nobody's range: after the country's code no Indonesian number begins with a zero.
NUMBERS = "+62000"
KNOWN_PRANKSTERS = 12
ABANDONED = "D2"
SEA = "KECELAKAAN LAUT"
# The record's kecamatan are spelled in another way than the map's.
SPELLINGS = {"raas": "ra'as", "batang-batang": "batang batang"}


@dataclass(frozen=True, slots=True)
class Noise:
    """A call that is no emergency. disposition: how it is filed; D2: the caller hangs up unanswered."""

    disposition: str
    number: str | None
    statement: str
    note: str | None
    talk_seconds: float
    caller_hangs_up: bool


@dataclass(frozen=True, slots=True)
class Emergency:
    """A call that becomes an incident. name: of the public record's types; type: its incident type."""

    name: str
    type: str
    number: str | None
    statement: str
    narrative: str
    spot: Spot
    text: str
    talk_seconds: float
    second_caller: str | None


Drawn = Noise | Emergency


class Dice:
    """The demo's luck: the same seed throws the same."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def stream(self, *names: object) -> Random:
        """The random stream of one event; names say which."""
        return Random(":".join(map(str, (self.seed, *names))))  # noqa: S311 - a play, not a secret

    def between(self, low: float, high: float, *names: object) -> float:
        """A number between two, of one event's stream."""
        return self.stream(*names).uniform(low, high)

    def gap_seconds(self, index: int, rate: float, hour: int) -> float:
        """Seconds until call `index`, at `rate` calls an hour on average over the day.

        The day's curve of the public record is halved towards the mean, so that the night shows something as well.
        """
        mean = 3600 / (rate * (0.5 + 0.5 * hour_weights()[hour]))
        # Calls come in bursts, but nobody who learns waits in vain for one: two dice make long silences rare.
        return max(1.5, min(3 * mean, self.stream("gap", index).gammavariate(2, mean / 2)))

    def call(self, index: object, name: str | None = None) -> Drawn:
        """Call `index`; name: an emergency of this type of the public record, whatever the dice say."""
        luck = self.stream("call", index)
        emergency = luck.random() < EMERGENCIES
        return _emergency(luck, name) if emergency or name else _noise(luck)


@cache
def script() -> Mapping[str, Any]:
    """The words of `data/demo/words.json`, read once."""
    found: Mapping[str, Any] = document("demo/words.json")
    return found


@cache
def record() -> Mapping[str, Any]:
    """The counts of the public record."""
    found: Mapping[str, Any] = document("demo/cc112_aggregates.json")
    return found


@cache
def codes() -> Mapping[str, str]:
    """The incident type for each type of the public record."""
    return {row["name"]: row["type"] for row in document("sumenep/incident_type_map.json")}


@cache
def hour_weights() -> tuple[float, ...]:
    """For each hour of the day how much busier than the mean it is."""
    hours = record()["hour"]
    mean = sum(hours.values()) / 24
    return tuple(hours.get(str(hour), 0) / mean for hour in range(24))


@cache
def minutes_of(code: str) -> float:
    """The median length (minutes) of an incident of a type in the public record; 60 for others."""
    medians = record()["duration_min_median"]
    for name, of in codes().items():
        if of == code and name in medians:
            return float(medians[name][1])
    return 60.0


def note_for(code: str, luck: Random) -> str | None:
    """What a crew reports from such a scene."""
    for name, of in codes().items():
        if of == code and name in script()["types"]:
            note: str = luck.choice(script()["types"][name]["notes"])
            return note
    return None


def kecamatan_key(name: str) -> str:
    """A kecamatan's name as both spellings agree on it."""
    plain = name.lower()
    return SPELLINGS.get(plain, plain)


def _noise(luck: Random) -> Noise:
    kinds = script()["noise"]
    [code] = luck.choices(list(kinds), [kind["share"] for kind in kinds.values()])
    kind = kinds[code]
    return Noise(
        disposition=code,
        number=_number(luck, often=code == "J1"),
        statement=luck.choice(kind["says"]),
        note=luck.choice(kind["notes"]) if kind["notes"] else None,
        talk_seconds=luck.uniform(*kind["talk_seconds"]),
        caller_hangs_up=luck.random() < 0.5,
    )


def _emergency(luck: Random, name: str | None) -> Emergency:
    [drawn] = _weighted(luck, record()["types"])
    name = name or drawn
    words = script()["types"][name]
    [district] = _weighted(luck, record()["kecamatan"])
    spot = (at_sea if name == SEA else on_land)(luck, kecamatan_key(district))
    near = luck.choice(script()["near"])
    case = luck.randrange(len(words["narratives"]))  # the statement fits what is found
    return Emergency(
        name=name,
        type=codes()[name],
        number=_number(luck, often=False),
        statement=words["says"][case % len(words["says"])],
        narrative=words["narratives"][case],
        spot=spot,
        text=spot.name if name == SEA else f"{spot.name}, {near}",
        talk_seconds=luck.uniform(35, 110),
        second_caller=luck.choice(script()["second_caller"]) if luck.random() < SECOND_CALLERS else None,
    )


def _number(luck: Random, *, often: bool) -> str | None:
    """A number of the invented range; some callers call often, some hide their number."""
    if often and luck.random() < 0.5:
        return f"{NUMBERS}{luck.randrange(KNOWN_PRANKSTERS):07d}"
    return None if luck.random() < WITHHELD else f"{NUMBERS}{luck.randrange(1_000, 10_000_000):07d}"


def _weighted(luck: Random, counts: Mapping[str, int]) -> Sequence[str]:
    return luck.choices(list(counts), list(counts.values()))
