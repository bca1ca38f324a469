"""Which files of the npm packages a browser gets: an allow-list, copied to `.assets`, from where they are static."""

import re
import shutil
from pathlib import Path

FOLDER = ".assets"
# Package -> patterns of files; they are served as `vendor/PACKAGE/FILE`, the scope of a package's name left out.
ALLOWED = {
    "lit-html": (
        "LICENSE",
        "lit-html.js",
        "async-directive.js",
        "directive.js",
        "directive-helpers.js",
        "is-server.js",
        "static.js",
        "directives/*.js",
    ),
    "@fontsource-variable/inter": (
        "LICENSE",
        "files/inter-latin-wght-normal.woff2",
        "files/inter-latin-ext-wght-normal.woff2",
    ),
    # Its own worker is a file beside it, so that the page's policy may stay at `worker-src 'self'`.
    "maplibre-gl": (
        "LICENSE.txt",
        "dist/maplibre-gl.mjs",
        "dist/maplibre-gl-worker.mjs",
        "dist/maplibre-gl.css",
    ),
    "pmtiles": ("dist/esm/index.js",),
    "@noble/ciphers": ("LICENSE", "chacha.js", "utils.js", "_arx.js", "_poly1305.js"),
    "fflate": ("LICENSE", "esm/browser.js"),
}
# Maps aren't shipped, and the manifest of static files would look for them.
_SOURCE_MAP = re.compile(rb"^//# sourceMappingURL=.*\n?", re.MULTILINE)


def collect(base: Path) -> None:
    """Copy the allowed files from `node_modules` to `.assets`, in one step. Raises OSError when one is missing."""
    half = base / f"{FOLDER}.half"
    shutil.rmtree(half, ignore_errors=True)
    for package, patterns in ALLOWED.items():
        source = base / "node_modules" / package
        target = half / "vendor" / package.rpartition("/")[2]
        for pattern in patterns:
            found = sorted(source.glob(pattern))
            if not found:
                raise FileNotFoundError(f"{package}: {pattern}")
            for path in found:
                copy = target / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                content = path.read_bytes()
                copy.write_bytes(_SOURCE_MAP.sub(b"", content) if path.suffix in {".js", ".mjs"} else content)
    shutil.rmtree(base / FOLDER, ignore_errors=True)
    half.rename(base / FOLDER)


def present(base: Path) -> bool:
    """Say whether the assets have been collected."""
    return (base / FOLDER).is_dir()
