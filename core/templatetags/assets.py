"""Our ES modules in a page: the import map of their bare names, and a page's module with all that it imports.

In production a page gets the files of `launcher.bundles` instead of the modules.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from posixpath import dirname, join, normpath

import orjson
from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from launcher import bundles

register = template.Library()
LIBRARIES = {
    "lit-html": "lit-html.js",
    "maplibre-gl": "dist/maplibre-gl.mjs",
    "pmtiles": "dist/esm/index.js",
    "@noble/ciphers": "chacha.js",
    "fflate": "esm/browser.js",
}
# Files that a module fetches only when it comes to need them: by import.meta.resolve(name).
FILES = {"map.css": "css/map.css"}
# What a module fetches before it runs; import("name") is fetched when it comes to that.
_IMPORT = re.compile(r"""(?:^|[;}])\s*(?:import|export)\b(?:[\w*{}$,\s]*\bfrom)?\s*["']([^"']+)["']""", re.MULTILINE)


@register.simple_tag(takes_context=True)
def import_map(context: template.Context) -> SafeString:
    """The import map's script element, with the page's CSP nonce."""
    nonce = getattr(context.get("request"), "csp_nonce", "")
    return format_html('<script type="importmap" nonce="{}">{}</script>', str(nonce), mark_safe(_map()))  # noqa: S308 - our own file names


@register.simple_tag
def module(path: str) -> SafeString:
    """A page's module, bundled in production, with all that it imports: asked for at once, not by its importer.

    path: below static/, such as "js/pages/board.js". Stands behind the import map.
    """
    return mark_safe(_module(path))  # noqa: S308 - our own file names


def imported(path: str) -> list[str]:
    """The modules that one imports, directly or not, as paths below static/; itself first."""
    found = [path]
    for module_path in found:  # grows while it is walked
        text = Path(str(finders.find(module_path))).read_text(encoding="utf-8")
        for name in _IMPORT.findall(text):
            wanted = normpath(join(dirname(module_path), name)) if name.startswith(".") else _bare_names()[name]
            if wanted not in found:
                found.append(wanted)
    return found


@lru_cache
def _module(path: str) -> str:
    first, *rest = _bundles().get(path) or imported(path)
    links = "".join(f'<link rel="modulepreload" href="{staticfiles_storage.url(one)}">\n' for one in rest)
    return f'{links}<script type="module" src="{staticfiles_storage.url(first)}"></script>'


@lru_cache(maxsize=1)
def _map() -> str:
    names = _bare_names()
    if _bundles():  # they have all other libraries in them
        names = {name: path for name, path in names.items() if name in FILES or name.startswith(bundles.APART)}
    addresses = {name: staticfiles_storage.url(path) for name, path in names.items()}
    return orjson.dumps({"imports": addresses}, option=orjson.OPT_SORT_KEYS).decode().replace("<", "\\u003c")


@lru_cache(maxsize=1)
def _bundles() -> dict[str, list[str]]:
    """The files of each page's module, as paths below static/; none in development and in tests."""
    manifest = None if settings.DEBUG or settings.SIGAP_TESTING else finders.find(bundles.MANIFEST)
    return orjson.loads(Path(str(manifest)).read_bytes()) if manifest else {}


@lru_cache(maxsize=1)
def _bare_names() -> dict[str, str]:
    """The names that have no path, and the files below static/ that they stand for."""
    files = {name: path for name, path in FILES.items() if finders.find(path)}
    for library, main in LIBRARIES.items():
        vendor = f"vendor/{library.rpartition('/')[2]}"
        folder = finders.find(f"{vendor}/{main}")
        if folder is None:
            continue
        root = Path(str(folder)).parent
        inside, _slash, first = main.rpartition("/")
        for name in (path.relative_to(root).as_posix() for path in root.rglob("*js")):
            path = "/".join(filter(None, (vendor, inside, name)))
            files[f"{library}/{name}"] = path
            if name == first:
                files[library] = path
    return files
