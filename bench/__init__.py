"""Measurements, each beside a limit taken in the same run. `./sigap bench NAME` runs `bench.NAME.run(options)`."""

from bench.results import Measure, Options, Result

__all__ = ["Measure", "Options", "Result"]
