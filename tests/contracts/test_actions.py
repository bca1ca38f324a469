"""What must hold for every action: the feed's equation, facts last and in one call, no words of persons in the log.

A new action without a case here fails `test_every_action_has_a_case`.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable
from types import ModuleType

import pytest

from core import event_log
from tests.contracts import action_cases
from tests.contracts.feed_checker import watched, words_in_the_log
from tests.contracts.world import World
from tests.repository import PACKAGES, ROOT

Case = Callable[[World], None]


def modules_of(package: ModuleType) -> list[ModuleType]:
    if not hasattr(package, "__path__"):
        return [package]
    names = [info.name for info in pkgutil.iter_modules(package.__path__)]
    return [package, *(importlib.import_module(f"{package.__name__}.{name}") for name in names)]


def cases() -> dict[str, Case]:
    """The cases of `action_cases`, and those that a test module of an app has beside its tests."""
    found: dict[str, Case] = {}
    for module in modules_of(action_cases)[1:]:
        found |= module.CASES
    for path in sorted((ROOT / "tests").glob("*/test_*.py")):
        if re.search(r"^ACTION_CASES\b", path.read_text(encoding="utf-8"), re.MULTILINE):
            found |= importlib.import_module(f"tests.{path.parent.name}.{path.stem}").ACTION_CASES
    return found


def actions() -> set[str]:
    names: set[str] = set()
    for app in PACKAGES:
        try:
            package = importlib.import_module(f"{app}.actions")
        except ModuleNotFoundError:
            continue
        for module in modules_of(package):
            names |= {
                f"{app}.{name}"
                for name in getattr(module, "__all__", ())
                if getattr(module, name).__module__ == module.__name__
            }
    return names


def test_every_action_has_a_case() -> None:
    covered = {name.partition(":")[0] for name in cases()}
    assert actions() - covered == set()


def test_every_module_of_actions_has_an_action() -> None:
    """What the actions of an app share is in its `domain`."""
    modules = [
        module
        for app in PACKAGES
        if (ROOT / app / "actions").is_dir()
        for module in modules_of(importlib.import_module(f"{app}.actions"))[1:]
    ]
    assert modules
    assert [module.__name__ for module in modules if not getattr(module, "__all__", ())] == []


def test_every_case_is_of_an_action_that_exists() -> None:
    covered = {name.partition(":")[0] for name in cases()}
    assert covered - actions() == set()


@pytest.mark.parametrize("name", sorted(cases()))
def test_after_each_commit_every_view_equals_its_board(name: str, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    with watched(monkeypatch) as eye:
        cases()[name](world)
        eye.look()
        eye.look_at_boards()
    assert eye.kinds, "the case stated nothing"
    assert words_in_the_log() == []
    verdict = event_log.verify()
    assert verdict.bad is None, verdict
