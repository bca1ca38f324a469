"""The import map: the bare names that our ES modules import or resolve, and where their hashed files are."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import orjson
from django import template
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
LIBRARIES = {
    "lit-html": "lit-html.js",
    "maplibre-gl": "dist/maplibre-gl.mjs",
    "pmtiles": "dist/esm/index.js",
    "fflate": "esm/browser.js",
}
# Files that a module fetches only when it comes to need them: by import.meta.resolve(name).
FILES = {"map.css": "css/map.css"}


@register.simple_tag(takes_context=True)
def import_map(context: template.Context) -> SafeString:
    """The import map's script element, with the page's CSP nonce."""
    nonce = getattr(context.get("request"), "csp_nonce", "")
    return format_html('<script type="importmap" nonce="{}">{}</script>', str(nonce), mark_safe(_map()))  # noqa: S308 - our own file names


@lru_cache(maxsize=1)
def _map() -> str:
    imports = {name: staticfiles_storage.url(path) for name, path in FILES.items() if finders.find(path)}
    for library, main in LIBRARIES.items():
        folder = finders.find(f"vendor/{library}/{main}")
        if folder is None:
            continue
        root = Path(str(folder)).parent
        inside, _slash, first = main.rpartition("/")
        for name in sorted(path.relative_to(root).as_posix() for path in root.rglob("*js")):
            address = staticfiles_storage.url("/".join(filter(None, ("vendor", library, inside, name))))
            imports[library if name == first else f"{library}/{name}"] = address
    return orjson.dumps({"imports": imports}, option=orjson.OPT_SORT_KEYS).decode().replace("<", "\\u003c")
