"""A page's own texts beside those of the parts that every page shares."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from inspect import getmembers, isfunction, signature
from pkgutil import iter_modules

import pytest

import web
from web.common_words import common_words


def functions_of_texts() -> dict[str, Callable[[], dict[str, str]]]:
    """Every function of `web` that gives the texts of a page or of a part of one."""
    modules = [import_module(f"web.{info.name}") for info in iter_modules(web.__path__)]
    return {
        f"{module.__name__}.{name}": function
        for module in modules
        for name, function in getmembers(module, isfunction)
        if name.endswith("_words")
        and name[0] != "_"
        and function.__module__ == module.__name__
        and not signature(function).parameters
    }


FUNCTIONS = functions_of_texts()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_page_gives_no_other_text_to_a_name_that_shared_parts_use(name):
    own, common = FUNCTIONS[name](), common_words()
    assert {key: text for key, text in own.items() if common.get(key, text) != text} == {}
