"""Compiled modules where the environment wants none beside the sources."""

from collections.abc import MutableMapping
from pathlib import Path


def keep_bytecode(environ: MutableMapping[str, str], folder: Path) -> None:
    """Have programs keep compiled modules in a folder where PYTHONDONTWRITEBYTECODE is set.

    A site starts half a dozen processes and the suite sixty. Each would compile two thousand modules: five seconds.
    """
    if environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        environ.setdefault("PYTHONPYCACHEPREFIX", str(folder / "bytecode"))
