"""Reads `.env` in the checkout: variables for this installation, as `.env.example` lists them."""

from collections.abc import MutableMapping
from pathlib import Path

from launcher.connection import BadValue
from launcher.console_output import words


def load(path: Path, environ: MutableMapping[str, str]) -> None:
    """Add the file's `NAME=value` lines to the environment; what is set there already wins. Raises BadValue."""
    if not path.exists():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, sign, content = text.partition("=")
        if not sign or not name.strip().isidentifier():
            raise BadValue(words(f".env line {number}: NAME=value is wanted.", f".env baris {number}: harus NAMA=isi."))
        bare = content.strip()
        if len(bare) >= 2 and bare[0] == bare[-1] and bare[0] in "'\"":
            bare = bare[1:-1]
        environ.setdefault(name.strip(), bare)
