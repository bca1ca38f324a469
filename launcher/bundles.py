"""The modules of the pages as a browser gets them in production: each page's own in one file, shared ones in a few.

esbuild writes them to `.assets/bundle` from `static/js`. Libraries that come later than the page stay apart.
In development and in tests a page loads the modules as they are written.
"""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from launcher.assets import FOLDER
from launcher.console_output import LauncherError, words

BUNDLE = "bundle"
MANIFEST = f"{BUNDLE}/manifest.json"
PAGES = "js/pages"
# By their bare names, which the import map of a page resolves.
APART = ("maplibre-gl", "pmtiles")
# Not --minify: the storage of hashed names finds an import line by its white space.
OPTIONS = (
    "--bundle",
    "--splitting",
    "--format=esm",
    "--target=es2022",
    "--minify-syntax",
    "--minify-identifiers",
    "--legal-comments=eof",
    "--sourcemap=linked",
    "--chunk-names=chunks/[name]-[hash]",
    "--log-level=warning",
)


def make(base: Path) -> bool:
    """Bundle the pages of a checkout anew; False where there is no esbuild, as in the container image.

    Raises LauncherError with esbuild's message.
    """
    program = next(iter(sorted(base.glob("node_modules/@esbuild/*/bin/esbuild"))), None)
    if program is None:
        return False
    target, half = base / FOLDER / BUNDLE, base / FOLDER / f"{BUNDLE}.half"
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    pages = sorted(path.relative_to(base / "static") for path in (base / "static" / PAGES).glob("*.js"))
    done = subprocess.run(
        [
            str(program),
            *(str(path) for path in pages),
            *OPTIONS,
            *(f"--external:{name}" for name in APART),
            "--outbase=.",
            f"--outdir={half}",
            f"--metafile={half / 'meta.json'}",
        ],
        cwd=base / "static",
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-12:]
        raise LauncherError("\n".join([words("bundling the pages failed:", "menggabungkan halaman gagal:"), *last]))
    meta = json.loads((half / "meta.json").read_text(encoding="utf-8"))
    (half / "meta.json").unlink()
    manifest = {path.as_posix(): files_of(meta, half, path.as_posix(), base) for path in pages}
    (half / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    half.rename(target)
    return True


def files_of(meta: Mapping[str, Any], folder: Path, page: str, base: Path) -> list[str]:
    """The files that a page loads before it runs, itself first, as paths below static/; from esbuild's metafile."""
    names = {
        path: (base / "static" / path).resolve().relative_to(folder.resolve()).as_posix() for path in meta["outputs"]
    }
    imports = {names[path]: output["imports"] for path, output in meta["outputs"].items()}
    found = [page]
    for name in found:  # grows while it is walked
        needed = [one["path"] for one in imports[name] if one["kind"] == "import-statement" and not one.get("external")]
        found += [names[path] for path in needed if names[path] not in found]
    return [f"{BUNDLE}/{name}" for name in found]
