"""What `./sigap` alone prints."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_without_a_command_the_product_s_own_commands_are_listed_and_no_other():
    own = {path.stem for path in ROOT.glob("*/management/commands/*.py")} - {"__init__"}
    printed = subprocess.run([sys.executable, "manage.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    listed = {line.split()[0]: line for line in printed.splitlines() if line.startswith("  ")}
    assert set(listed) == own
    assert all(len(line.split()) > 3 for line in listed.values())
    assert "./sigap up" in printed.splitlines()[0]
