"""The diagram of the imports between packages in docs/architecture.md, made from the code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from django.conf import settings

NOT_SHOWN = frozenset({"tests"})


def package_diagram() -> str:
    """A Mermaid drawing of the imports between packages. An import that a longer way implies is left out.

    It needs the development requirements.
    """
    imports = _imports()
    arrows = [
        f"    {package} --> {imported}"
        for package, direct in imports.items()
        for imported in sorted(direct)
        if not any(imported in _reachable(imports, other) for other in direct - {imported})
    ]
    return "\n".join(["```mermaid", "flowchart TD", *arrows, "```"])


def _imports() -> dict[str, set[str]]:
    """The packages that each package imports directly, in the order of pyproject.toml."""
    import grimp  # noqa: PLC0415 - of the development requirements

    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    packages = [name for name in project["tool"]["importlinter"]["root_packages"] if name not in NOT_SHOWN]
    graph = grimp.build_graph(*packages, cache_dir=None)
    found: dict[str, set[str]] = {package: set() for package in packages}
    for module in graph.modules:
        package = module.partition(".")[0]
        targets = {target.partition(".")[0] for target in graph.find_modules_directly_imported_by(module)}
        found[package] |= targets - {package}
    return found


def _reachable(imports: Mapping[str, set[str]], package: str) -> set[str]:
    """The packages that a package imports directly or by others."""
    found: set[str] = set()
    left = set(imports[package])
    while left:
        found |= left
        left = {target for each in left for target in imports[each]} - found
    return found
