"""The texts that people read, gathered from code and templates: what translators work on."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import templatize, to_locale

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
CODE = (
    "config",
    "simulation",
    "web",
    "dispatch",
    "directory",
    "plans",
    "staff",
    "calls",
    "units",
    "places",
    "alarms",
    "accounts",
    "monitoring",
    "http_server",
    "feed",
    "notifications",
    "core",
    "launcher",
)


def translated() -> list[str]:
    """The languages of the pages that have a file of translations: all but English, the language of the code."""
    return [code for code, _name in settings.LANGUAGES if code != "en"]


def sources(base: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file with texts, as Python that names them: (path, source)."""
    for app in CODE:
        for path in sorted((base / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_bytes()
    for path in sorted((base / "templates").rglob("*.html")):
        yield path, templatize(path.read_text(encoding="utf-8"), origin=str(path)).encode()


def gather(base: Path) -> Catalog:
    """A catalogue of all texts in the project at `base`."""
    catalogue = Catalog(project="Sigap", charset="utf-8")
    for path, source in sources(base):
        place = path.relative_to(base).as_posix()
        for _, message, comments, context in extract("python", BytesIO(source), KEYWORDS, strip_comment_tags=True):
            catalogue.add(message, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalogue


def refresh(base: Path, language: str) -> tuple[Path, list[str]]:
    """Bring a language's file up to date with the code: (the file, the texts that wait for a translator).

    What was translated stays; what no code uses any more goes.
    """
    path = base / "locale" / to_locale(language) / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    known = Catalog(locale=to_locale(language), charset="utf-8")
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale=to_locale(language))
    known.update(gather(base), no_fuzzy_matching=True)
    known.obsolete.clear()
    with path.open("wb") as file:
        file.write(_header(known).encode())
        write_po(file, known, width=120, omit_header=True, include_lineno=False, sort_output=True)
    return path, untranslated(known)


def _header(catalogue: Catalog) -> str:
    """The file's head: only what readers of it need, so that nothing in it changes from day to day."""
    lines = (
        "Project-Id-Version: Sigap",
        f"Language: {catalogue.locale_identifier}",
        f"Plural-Forms: {catalogue.plural_forms}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    )
    head = "".join(f'"{line}\\n"\n' for line in lines)
    return f'# Sigap, the words that people read.\nmsgid ""\nmsgstr ""\n{head}\n'


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts of a catalogue that have no translation yet."""
    return [str(message.id) for message in catalogue if message.id and not _whole(message.string)]


def _whole(string: Any) -> bool:
    return all(string) if isinstance(string, list | tuple) else bool(string)
