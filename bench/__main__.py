"""Runs one bench inside the instance that its environment names: `python -m bench NAME --out FILE`."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path

import django

from bench.results import Options, Result


def main(words: list[str]) -> None:
    """Set Django up, run the bench, leave its result as JSON."""
    parser = ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--size", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--url", default="")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args(words)
    django.setup()
    result: Result = import_module(f"bench.{chosen.name}").run(Options(chosen.size, chosen.seconds, chosen.url))
    chosen.out.write_text(json.dumps(result.as_json(commit=None, cpu="")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
