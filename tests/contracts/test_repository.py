"""What holds in the whole repository: style, types, the order of the packages, no other host."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from config import translations
from core import logging
from tests.linters import faults
from tests.repository import PACKAGES

ROOT = Path(__file__).resolve().parents[2]
OURS = [
    path
    for folder in (*PACKAGES, "bench", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
SHOWN = [path for folder in ("templates", "static") for path in sorted((ROOT / folder).rglob("*.*"))]


def test_ruff_finds_nothing() -> None:
    assert faults("ruff") == ""


@pytest.mark.timeout(300)
def test_mypy_strict_finds_nothing() -> None:
    assert faults("mypy") == ""


def test_the_types_of_the_browsers_code_are_sound() -> None:
    assert faults("tsc") == ""


def test_the_browsers_code_is_formatted_and_imports_only_what_is_below() -> None:
    assert faults("biome") == ""


def test_types_in_the_browsers_comments_come_from_the_same_layer_or_below() -> None:
    """Biome checks the imports of the code; it reads no comments."""
    layers = ["core", "components", "features", "pages"]
    modules = ROOT / "static" / "js"
    upwards = []
    for path in sorted(modules.rglob("*.js")):
        layer = layers.index(path.relative_to(modules).parts[0])
        for name in re.findall(r"""import\("(\.[^"]+)"\)""", path.read_text(encoding="utf-8")):
            imported = (path.parent / name).resolve().relative_to(modules.resolve())
            if layers.index(imported.parts[0]) > layer:
                upwards.append(f"{path.relative_to(modules)}: {imported}")
    assert not upwards


def test_the_templates_are_formatted() -> None:
    assert faults("djade") == ""


def test_packages_import_only_those_below_them() -> None:
    assert faults("import-linter") == ""


def test_every_list_of_packages_names_all_of_them() -> None:
    """The type checker's, the translators', the log's and the container's."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    compiled = re.search(r"compileall -q ([\w ]+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    packages = {*PACKAGES, "bench"}
    assert set(project["mypy"]["packages"]) == packages
    assert set(translations.CODE) == set(PACKAGES)
    assert packages | {"sigap"} == logging.OURS
    assert compiled
    assert set(compiled[1].split()) == packages


def test_no_model_change_is_without_its_migration() -> None:
    assert faults("migrations") == ""


def test_no_file_has_grown_past_four_hundred_lines() -> None:
    modules = [*OURS, *sorted((ROOT / "static" / "js").rglob("*.js"))]
    lines = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert not {name: count for name, count in lines.items() if count > 400}


def test_no_page_names_another_host() -> None:
    foreign = re.compile(r"""(?:src|href|url|import|from|fetch)\s*[=(]?\s*["'(]\s*(?:https?:)?//""")
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8", errors="replace") for path in SHOWN}
    assert not [name for name, text in texts.items() if foreign.search(text)]


def test_no_field_for_text_of_the_live_pages_is_restored_by_the_browser() -> None:
    """A browser writes the content of other fields to the files of its profile, to restore it."""
    no_text = re.compile(r'type="(?:checkbox|number|date|datetime-local)"')
    restored = [
        f"{path.name}: {field}"
        for path in sorted((ROOT / "static" / "js").rglob("*.js"))
        for field in re.findall(r"<(?:textarea|input)\b[^<\n]*", path.read_text(encoding="utf-8"))
        if 'autocomplete="off"' not in field and not no_text.search(field)
    ]
    assert not restored
