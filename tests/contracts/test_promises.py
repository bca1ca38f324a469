"""The tests that docs/testing.md names for each promise exist, and each `long` test is one of them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8").partition("## Promises")[2]
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")][
    2:
]
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def functions(file: Path) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_each_test_of_a_promise_exists() -> None:
    named = NAMED.findall(PAGE)
    assert len(named) > len(ROWS) > 20
    missing = [
        (file, name)
        for file, name in named
        if not (ROOT / file).is_file() or (name and name not in functions(ROOT / file))
    ]
    assert missing == []


def test_each_promise_is_kept_without_long() -> None:
    assert [row[0] for row in ROWS if not NAMED.search(row[1])] == []
    quick = {name for row in ROWS for name in NAMED.findall(row[1])}
    assert [(file, name) for file, name in quick if name in long_tests(ROOT / file) or all_are_long(ROOT / file)] == []


def long_tests(file: Path) -> set[str]:
    """The tests of a file that run with --long only."""
    found = functions(file)
    return {name for name, test in found.items() if any("mark.long" in ast.unparse(one) for one in test.decorator_list)}


def all_are_long(file: Path) -> bool:
    """Whether no test of a file runs without --long."""
    names = {name for name in functions(file) if name.startswith("test_")}
    return "\npytestmark = pytest.mark.long" in file.read_text(encoding="utf-8") or names == long_tests(file)


def test_each_file_with_a_long_test_is_in_the_column_of_long_tests() -> None:
    listed = {file for row in ROWS for file, _ in NAMED.findall(row[2])}
    long = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("test_*.py")
        if "pytest.mark.long" in path.read_text(encoding="utf-8") and path != Path(__file__)
    }
    assert long - listed == set()
