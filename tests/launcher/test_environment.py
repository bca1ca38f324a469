"""Lock files, assets and translations: what a machine installs is pinned, allowed and made from sources."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from launcher import assets, build_stamp, environment, instance, messages

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-node", "requirements-uv"])
def test_each_lock_pins_with_hashes_and_names_no_index(name):
    lock = (ROOT / f"{name}.txt").read_text()
    pins = re.findall(r"^[a-z0-9][^ \n]*==[^ \n]+.*$", lock, re.MULTILINE)
    assert pins
    assert all(pin.endswith("\\") for pin in pins)
    assert "://" not in lock
    assert "index-url" not in lock
    assert "--find-links" not in lock


def test_each_wanted_package_is_in_its_lock():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    locks = {
        "requirements": project["project"]["dependencies"],
        "requirements-dev": groups["dev"],
        "requirements-node": groups["node"],
        "requirements-uv": groups["installer"],
    }
    for name, wanted in locks.items():
        lock = (ROOT / f"{name}.txt").read_text()
        assert wanted
        for line in wanted:
            package = re.split(r"[\[~=<>; ]", line)[0]
            assert re.search(rf"^{re.escape(package)}==", lock, re.MULTILINE), package


@pytest.mark.parametrize("folder", [".", "tests/chromium"])
def test_the_npm_lock_has_hashes_and_no_addresses(folder):
    packages = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]
    for name, package in packages.items():
        if name:
            assert package["integrity"].startswith("sha512-")
            assert "resolved" not in package


def test_only_allowed_files_reach_the_browser_and_without_source_maps(tmp_path):
    for package, patterns in assets.ALLOWED.items():
        for pattern in patterns:
            path = tmp_path / "node_modules" / package / pattern.replace("*", "one")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("code();\n//# sourceMappingURL=x.js.map\n")
        (tmp_path / "node_modules" / package / "secret.js").write_text("")
    assets.collect(tmp_path)
    collected = [path for path in (tmp_path / ".assets").rglob("*") if path.is_file()]
    assert len(collected) == sum(map(len, assets.ALLOWED.values()))
    assert (tmp_path / ".assets" / "vendor" / "lit-html" / "lit-html.js").read_text() == "code();\n"


def test_a_missing_asset_leaves_the_old_ones_in_place(tmp_path):
    (tmp_path / ".assets").mkdir()
    with pytest.raises(FileNotFoundError, match="lit-html"):
        assets.collect(tmp_path)
    assert assets.present(tmp_path)


def test_translations_are_compiled_once(tmp_path):
    folder = tmp_path / "locale" / "id" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "call"\nmsgstr "panggilan"\n'
    )
    assert messages.compile_messages(tmp_path) == 1
    assert b"panggilan" in (folder / "django.mo").read_bytes()
    assert messages.compile_messages(tmp_path) == 0


def test_installers_get_a_cache_where_home_has_no_room(monkeypatch):
    monkeypatch.setenv("HOME", "/nonexistent")
    assert environment._environ()["UV_CACHE_DIR"].startswith(str(ROOT / ".venv"))
    monkeypatch.setenv("HOME", "/")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    assert "PYTHONPATH" not in environment._environ()


def test_a_place_is_prepared_again_when_something_it_depends_on_changes(tmp_path):
    environ = {"SIGAP_HOME": str(tmp_path)}
    (tmp_path / "run").mkdir()
    (tmp_path / "postgres" / "data").mkdir(parents=True)
    (tmp_path / "postgres" / "data" / "PG_VERSION").write_text("18\n")
    assert not build_stamp.unchanged(environ)
    build_stamp.remember(environ)
    assert build_stamp.unchanged(environ)
    assert build_stamp.unchanged({**environ, "PORT": "9999"})
    assert not build_stamp.unchanged({**environ, "TIME_ZONE": "Asia/Makassar"})
    assert not build_stamp.unchanged({**environ, "SIGAP_PLACE": "live"})
    assert not build_stamp.unchanged({**environ, "DATABASE_URL": "postgresql://a@b/c"})
    build_stamp.forget(tmp_path)
    assert not build_stamp.unchanged(environ)


def test_what_is_written_about_an_instance_that_is_gone_is_not_believed(tmp_path):
    (tmp_path / "run").mkdir()
    instance.Instance(1, "http://127.0.0.1:1/", "training").record(tmp_path)
    assert instance.running(tmp_path) is None
    with instance.only_one(tmp_path):
        instance.Instance(1, "http://127.0.0.1:1/", "training").record(tmp_path)
        assert instance.running(tmp_path) is not None
