"""What a bench is given and what it gives back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

QUIET_LOAD = 0.25


@dataclass(frozen=True, slots=True)
class Options:
    """How large and how long, None where the bench's own choice is wanted; and where the place answers, if it runs."""

    size: int | None = None
    seconds: float | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure beside the limit measured in the same run.

    limit: what a bare loop reaches that does only the unavoidable part; None where nothing can be compared.
    aim: in words, as in the targets; met: None where there is no aim.
    """

    name: str
    unit: str
    ours: float
    limit: float | None = None
    aim: str = ""
    met: bool | None = None

    @property
    def ratio(self) -> float | None:
        """Ours to the limit's."""
        return round(self.ours / self.limit, 3) if self.limit else None


@dataclass(frozen=True, slots=True)
class Load:
    """How busy the machine was: the average number of running processes in the minute before and after the bench."""

    before: float
    after: float
    cores: int

    @property
    def quiet(self) -> bool:
        """Whether others left at least three quarters of a core's time when it began."""
        return self.before <= QUIET_LOAD

    def line(self) -> str:
        """The load in words, marked where the figures beside it are of a machine that others used too."""
        mark = "" if self.quiet else "  NOT QUIET: read the ratios"
        return f"load {self.before:.2f} before, {self.after:.2f} after, on {self.cores} cores{mark}"


@dataclass(frozen=True, slots=True)
class Result:
    """All measures of a bench; the first is the one it is known by."""

    name: str
    measures: list[Measure] = field(default_factory=list)

    def as_json(self, *, commit: str | None, cpu: str) -> dict[str, Any]:
        """The form that is kept: the headline's figures, `met` only if every aim is, and each measure."""
        head = self.measures[0]
        return {
            "name": self.name,
            "commit": commit,
            "cpu": cpu,
            "limit": head.limit,
            "ours": head.ours,
            "ratio": head.ratio,
            "aim": head.aim,
            "met": all(measure.met is not False for measure in self.measures),
            "measures": [asdict(measure) | {"ratio": measure.ratio} for measure in self.measures],
        }

    def table(self) -> str:
        """The measures as a text table."""
        rows = [("measure", "ours", "limit", "ratio", "aim", "met")]
        rows += [
            (
                f"{measure.name} [{measure.unit}]",
                _figure(measure.ours),
                _figure(measure.limit),
                _figure(measure.ratio),
                measure.aim or "-",
                {True: "yes", False: "NO", None: "-"}[measure.met],
            )
            for measure in self.measures
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def result_of(content: dict[str, Any]) -> Result:
    """A Result from the JSON of another process."""
    return Result(content["name"], [_measure(measure) for measure in content["measures"]])


def percentile(values: Iterable[float], part: float) -> float:
    """The value below which `part` (0 to 1) of the values lie: the nearest rank, no interpolation."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def _measure(content: dict[str, Any]) -> Measure:
    return Measure(**{name: content[name] for name in ("name", "unit", "ours", "limit", "aim", "met")})


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:,.3f}".rstrip("0").rstrip(".")
