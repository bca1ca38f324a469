"""The modules of pages in a few files."""

from __future__ import annotations

import json

import pytest

from launcher import bundles
from launcher.connection import BASE_DIR
from launcher.console_output import LauncherError

MODULES = {
    "pages/first.js": 'import { shared } from "../core/shared.js";\n'
    'import("../core/late.js").then(() => shared("first"));\n',
    "pages/second.js": 'import { shared } from "../core/shared.js";\nshared("second");\n',
    "pages/third.js": 'document.title = "alone";\n',
    "core/shared.js": 'import { html, render } from "lit-html";\n'
    "export const shared = (name) => render(html`<b>${name}</b>`, document.body);\n",
    "core/late.js": 'import { Map } from "maplibre-gl";\nexport const late = new Map();\n',
}


@pytest.fixture
def checkout(tmp_path):
    (tmp_path / "node_modules").symlink_to(BASE_DIR / "node_modules")
    for name, text in MODULES.items():
        path = tmp_path / "static" / "js" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def manifest(checkout):
    return json.loads((checkout / ".assets" / bundles.MANIFEST).read_text(encoding="utf-8"))


def text_of(checkout, names):
    return "".join((checkout / ".assets" / name).read_text(encoding="utf-8") for name in names)


def test_each_page_names_the_files_that_it_needs_at_once(checkout):
    assert bundles.make(checkout)
    made = manifest(checkout)
    first, second, third = (made[f"js/pages/{name}.js"] for name in ("first", "second", "third"))
    assert [names[0] for names in (first, second, third)] == [
        f"bundle/js/pages/{name}.js" for name in ("first", "second", "third")
    ]
    assert set(first[1:]) == set(second[1:]), "what both need is in files that both load"
    assert third == ["bundle/js/pages/third.js"]
    assert "litHtmlVersions" in text_of(checkout, first)
    assert "maplibre-gl" not in text_of(checkout, first), "what is imported later is not loaded at once"


def test_the_map_s_library_stays_apart_and_every_file_has_its_source_map(checkout):
    bundles.make(checkout)
    folder = checkout / ".assets" / bundles.BUNDLE
    late = next(folder.glob("chunks/late-*.js")).read_text(encoding="utf-8")
    assert 'from "maplibre-gl"' in late
    assert all(path.with_name(f"{path.name}.map").exists() for path in folder.rglob("*.js"))


def test_bundles_are_made_anew_as_a_whole(checkout):
    bundles.make(checkout)
    (checkout / "static" / "js" / "pages" / "third.js").unlink()
    bundles.make(checkout)
    assert manifest(checkout).keys() == {"js/pages/first.js", "js/pages/second.js"}
    assert not (checkout / ".assets" / bundles.BUNDLE / "js" / "pages" / "third.js").exists()


def test_a_module_with_a_fault_is_named_and_the_old_bundles_stay(checkout):
    bundles.make(checkout)
    (checkout / "static" / "js" / "core" / "shared.js").write_text("export const shared = (;\n", encoding="utf-8")
    with pytest.raises(LauncherError, match=r"core/shared\.js"):
        bundles.make(checkout)
    assert len(manifest(checkout)) == 3


def test_without_esbuild_nothing_is_made(tmp_path):
    assert bundles.make(tmp_path) is False
    assert not (tmp_path / ".assets").exists()
