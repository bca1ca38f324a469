"""The table of environment variables: every bad value is one clear line that names it, all of them at once."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import browser, checks, connection, instance, variables
from launcher.console_output import LauncherError
from tests.launcher.bad_values import BAD
from tests.repository import PACKAGES

ROOT = Path(__file__).parents[2]


def test_every_variable_has_ten_bad_values():
    assert set(BAD) == set(variables.BY_NAME)
    assert {name for name, values in BAD.items() if len(set(values)) < 10} == set()


@pytest.mark.parametrize("name", BAD)
def test_each_bad_value_is_one_line_that_names_the_variable(name, tmp_path):
    for bad in BAD[name]:
        environ = {"SIGAP_HOME": str(tmp_path), name: bad}
        if variables.BY_NAME[name].tool:  # no start is kept from by what only a tool reads
            assert checks.problems(environ) == []
            with pytest.raises(connection.BadValue, match=f"^{name} is "):
                browser.find(environ)
            continue
        lines = [line for line in checks.problems(environ) if name == "SIGAP_HOME" or line.startswith(f"{name} ")]
        assert len(lines) == 1, (bad, lines)
        assert len(lines[0].splitlines()) == 1
        assert len(lines[0]) < 300 or name == "SIGAP_HOME"
        if variables.BY_NAME[name].secret:
            assert bad not in lines[0].split(": give ")[0]


@pytest.mark.parametrize(
    ("name", "values"),
    {
        "PORT": ["0", "80", "65535"],
        "HOST": ["127.0.0.1", "::1", "[::1]", "0.0.0.0", "localhost", "sigap.example"],
        "ALLOWED_HOSTS": ["a.example, b.example", ".example", "*", "[::1],10.0.0.5"],
        "CSRF_TRUSTED_ORIGINS": [
            "https://x",
            "https://x:8443,http://127.0.0.1",
            "https://*.example",
            "https://[::1]:8443",
        ],
        "DATABASE_URL": [
            "postgresql://a:b@h:5432/x",
            "postgres://h/x",
            "postgresql://a@/x?host=%2FVar%2FRun",
            "postgresql://%2Fvar%2Frun/x",
        ],
        "REDIS_URL": [
            "redis://h",
            "redis://:p@h:6379/1",
            "rediss://h/0",
            "unix:///run/valkey.sock?db=1",
            "redis://[::1]:6379/0",
        ],
        "DEFAULT_FROM_EMAIL": ["sigap@localhost", "Sigap <sigap@sumenepkab.go.id>"],
        "TIME_ZONE": ["Asia/Jakarta", "UTC", "Asia/Makassar"],
        "LOG_LEVEL": ["info", "DEBUG"],
        "EMAIL_BACKEND": ["django.core.mail.backends.console.EmailBackend"],
        "BACKUP_DIR": ["/tmp", "/no/such/disk/yet"],
        "FORWARDED_ALLOW_IPS": ["*", "10.0.0.0/8,127.0.0.1"],
    }.items(),
)
def test_good_values_are_taken(name, values, tmp_path):
    for value in values:
        assert checks.problems({"SIGAP_HOME": str(tmp_path), name: value}) == []


def test_all_problems_are_listed_at_once_and_no_secret_is_shown(tmp_path):
    environ = {
        "SIGAP_HOME": str(tmp_path),
        "PORT": "x",
        "TIME_ZONE": "Mars",
        "SECRET_KEY": "hush",
        "SIGAP_TEST_CLOCK": str(tmp_path / "c"),
    }
    lines = checks.problems_at_start(environ)
    assert [line.split()[0] for line in lines] == ["TIME_ZONE", "PORT", "SECRET_KEY", "SIGAP_TEST_CLOCK"]
    assert "hush" not in "\n".join(lines)


def test_pairs_that_disagree_are_listed(tmp_path):
    readable = tmp_path / "file"
    readable.touch()
    pairs = [
        ({"SIGAP_TLS_CERT": str(readable)}, "SIGAP_TLS_KEY"),
        ({"DATABASE_PASSWORD": "x"}, "DATABASE_PASSWORD"),
        ({"DEBUG": "1", "SIGAP_PLACE": "live"}, "DEBUG"),
        ({"SIGAP_WEB_PROCESSES": "60"}, "SIGAP_WEB_PROCESSES"),
        ({"SECRET_KEY": "x" * 3, "SECRET_KEY_FILE": str(readable)}, "SECRET_KEY"),
        ({"WEBHOOK_SECRET_FILE": "/no/such/file"}, "WEBHOOK_SECRET_FILE"),
    ]
    for more, name in pairs:
        (line,) = checks.problems({"SIGAP_HOME": str(tmp_path), **more})
        assert line.startswith(name)


def test_a_database_out_of_reach_is_one_line_without_its_password(tmp_path):
    url = "postgresql://app:hush@127.0.0.1:1/x"
    (line,) = checks.problems_at_start({"SIGAP_HOME": str(tmp_path), "PORT": "0", "DATABASE_URL": url})
    assert line.startswith("DATABASE_URL: ")
    assert "hush" not in line


def test_each_kind_of_place_has_its_own_port(tmp_path):
    assert instance.address({})[1] == 8112
    assert instance.address({"SIGAP_PLACE": "live"})[1] == 8113
    assert instance.address({"SIGAP_PLACE": "live", "PORT": "80"})[1] == 80


def test_an_unknown_name_can_not_be_read():
    with pytest.raises(KeyError):
        variables.get({}, "NOT_IN_THE_TABLE")


def test_refusing_names_each_line():
    with pytest.raises(LauncherError) as caught:
        checks.refuse(["one", "two"])
    assert str(caught.value) == "one\ntwo"
    checks.refuse([])


@pytest.mark.parametrize("command", [("up",), ("check",), ("-m", "launcher.programs", "worker")], ids=" ".join)
def test_a_real_start_ends_with_one_line_each_and_no_traceback(command, tmp_path):
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("SIGAP_", "DJANGO_"))}
    environ |= {"LANG": "C", "SIGAP_HOME": str(tmp_path), "PORT": "٨١١٢", "EMAIL_BACKEND": "smtp", "SIGAP_TLS": "maybe"}
    arguments = command if command[0] == "-m" else ("manage.py", *command)
    done = subprocess.run(
        (sys.executable, *arguments), cwd=ROOT, env=environ, text=True, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert re.findall(r"^sigap: (\w+)", done.stderr, re.MULTILINE) == ["PORT", "SIGAP_TLS", "EMAIL_BACKEND"]
    assert len(done.stderr.splitlines()) == 3


def test_the_example_names_every_variable_with_its_default():
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^# ([A-Z][A-Z_]+)=(.*)$", text, re.MULTILINE))
    assert shown == {variable.name: variable.default for variable in variables.TABLE if not variable.own}


def test_no_program_reads_a_variable_that_the_table_lacks():
    """The system's own (PATH, LANG ...) aside; `.get` on an `environ` and what is asked of the table."""
    systems = {
        "PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "LC_MESSAGES",
        "DJANGO_SETTINGS_MODULE",
        "DJANGO_ALLOW_ASYNC_UNSAFE",
        "CELERY_SKIP_CHECKS",
    }
    found = set()
    for path in [
        ROOT / "manage.py",
        *(one for app in PACKAGES for one in (ROOT / app).rglob("*.py")),
    ]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                ("environ.get", "getenv", "variables.get", "connection.value", "launcher.value")
            ):
                found |= {
                    word.value for word in node.args if isinstance(word, ast.Constant) and isinstance(word.value, str)
                }
            if (
                isinstance(node, ast.Subscript)
                and ast.unparse(node.value).endswith("environ")
                and isinstance(node.slice, ast.Constant)
            ):
                found.add(node.slice.value)
    assert {name for name in found if isinstance(name, str) and name.isupper()} - systems - set(
        variables.BY_NAME
    ) == set()
    assert tuple(variables.DEFAULT_PORTS) == connection.PLACES
