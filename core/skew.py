"""How far off a source's clock is, judged from the times that it sends."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.models import Source

SAMPLES = 10
SAMPLES_COUNT_FOR = timedelta(minutes=10)


def add_sample(source: Source, seconds: float, now: datetime) -> None:
    """Take one more difference (sent minus received, s) into a source's skew; the caller saves the row.

    A delivery can be late but not early: so the skew is the greatest of the last ten differences within ten minutes.
    `figures["skew"]` keeps them as [epoch seconds, difference].
    """
    oldest = (now - SAMPLES_COUNT_FOR).timestamp()
    kept = [sample for sample in source.figures.get("skew", []) if sample[0] > oldest]
    kept = [*kept, [round(now.timestamp(), 1), round(seconds, 3)]][-SAMPLES:]
    source.figures = source.figures | {"skew": kept}
    source.skew_seconds = max(sample[1] for sample in kept)
