"""What the repository contains: its packages, from pyproject.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# The packages of the product, from the highest layer to the lowest.
PACKAGES = [name for name in _PROJECT["tool"]["importlinter"]["root_packages"] if name not in {"bench", "tests"}]
