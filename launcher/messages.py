"""Compiles the translations with Babel, so that no machine needs gettext's msgfmt."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_messages(base: Path) -> int:
    """Compile each `.po` that is newer than its `.mo`; return how many were."""
    compiled = 0
    for source in sorted(base.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        half = target.with_suffix(".mo.half")
        with half.open("wb") as file:
            write_mo(file, catalogue)
        half.rename(target)
        compiled += 1
    return compiled
