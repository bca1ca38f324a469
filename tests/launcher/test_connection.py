"""Where database, broker and state are, by environment."""

import pytest

from launcher import connection, dotenv, instance


def test_a_url_gives_every_piece_of_the_database():
    environ = {"DATABASE_URL": "postgresql://sigap_app:p%40ss@db.example:6432/sigap_live?sslmode=require"}
    assert connection.database(environ, "app") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "sigap_live",
        "USER": "sigap_app",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
    }


def test_the_owner_has_a_url_of_its_own_and_without_one_is_the_same_role():
    environ = {"DATABASE_URL": "postgresql://app@db/x"}
    assert connection.database(environ, "owner")["USER"] == "app"
    environ["DATABASE_OWNER_URL"] = "postgresql://boss@db/x"
    assert connection.database(environ, "owner")["USER"] == "boss"
    assert connection.database(environ, "app")["USER"] == "app"


def test_a_password_may_stand_in_a_secret_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hush\n")
    environ = {"DATABASE_URL": "postgresql://app@db/x", "DATABASE_PASSWORD_FILE": str(secret)}
    assert connection.database(environ, "app")["PASSWORD"] == "hush"


def test_a_socket_folder_in_a_url_keeps_its_letters_case():
    for url in ("postgresql://app@%2FVar%2FRun/x", "postgresql://app@/x?host=%2FVar%2FRun"):
        found = connection.database({"DATABASE_URL": url}, "app")
        assert (found["HOST"], found["OPTIONS"]) == ("/Var/Run", {})


def test_an_address_of_internet_protocol_six_is_understood():
    found = connection.database({"DATABASE_URL": "postgresql://app@[::1]:5433/x"}, "app")
    assert (found["HOST"], found["PORT"]) == ("::1", "5433")


@pytest.mark.parametrize("url", ["mysql://a@b/c", "postgresql://host", "postgresql://host:port/x", "nonsense"])
def test_a_url_of_another_kind_is_one_clear_line(url):
    with pytest.raises(connection.BadValue, match="DATABASE_URL") as caught:
        connection.database({"DATABASE_URL": url}, "app")
    assert "\n" not in str(caught.value)


def test_without_urls_both_servers_are_embedded_and_each_place_has_its_own_database(tmp_path):
    environ = {"SIGAP_HOME": str(tmp_path)}
    assert connection.embedded(environ) == ("postgres", "valkey")
    assert connection.database(environ, "app")["NAME"] == "sigap_training"
    assert connection.database({**environ, "SIGAP_PLACE": "live"}, "owner")["NAME"] == "sigap_live"
    assert connection.redis_url(environ) != connection.redis_url({**environ, "SIGAP_PLACE": "live"})


def test_one_url_leaves_the_other_server_embedded(tmp_path):
    environ = {"SIGAP_HOME": str(tmp_path), "REDIS_URL": "redis://cache:6379/1"}
    assert connection.embedded(environ) == ("postgres",)
    assert connection.broker_url(environ) == connection.redis_url(environ) == "redis://cache:6379/1"


def test_celery_gets_its_own_spelling_of_a_socket(tmp_path):
    environ = {"SIGAP_HOME": str(tmp_path / "with blank")}
    assert connection.redis_url(environ).startswith("unix:///")
    assert connection.broker_url(environ).endswith("with%20blank/valkey/socket/valkey.sock?virtual_host=0")


@pytest.mark.parametrize(
    ("name", "text"), [("SIGAP_PLACE", "attic"), ("SIGAP_DB_ROLE", "root"), ("REDIS_URL", "http://x")]
)
def test_a_bad_value_names_its_variable(name, text):
    ask = {"SIGAP_PLACE": connection.place, "SIGAP_DB_ROLE": connection.role, "REDIS_URL": connection.redis_url}[name]
    with pytest.raises(connection.BadValue, match=name):
        ask({name: text})


def test_a_secret_file_that_is_missing_or_doubled_is_refused(tmp_path):
    with pytest.raises(connection.BadValue, match="SECRET_KEY_FILE"):
        connection.value({"SECRET_KEY_FILE": str(tmp_path / "none")}, "SECRET_KEY")
    with pytest.raises(connection.BadValue, match="both"):
        connection.value({"SECRET_KEY": "x", "SECRET_KEY_FILE": str(tmp_path)}, "SECRET_KEY")


def test_a_path_too_long_for_a_socket_gets_a_private_folder_and_keeps_it(tmp_path):
    deep = tmp_path / ("d" * 100)
    folder = connection.make_socket_folder(deep, "postgres")
    assert len(str(folder / ".s.PGSQL.5432")) <= connection.LONGEST_SOCKET_PATH
    assert folder.stat().st_mode & 0o777 == 0o700
    assert connection.make_socket_folder(deep, "postgres") == folder == connection.socket_folder(deep, "postgres")
    folder.rmdir()
    anew = connection.make_socket_folder(deep, "postgres")
    assert anew.is_dir()
    anew.rmdir()


def test_only_loopback_counts_as_this_machine():
    assert all(map(instance.is_loopback, ("127.0.0.1", "127.9.9.9", "::1", "localhost")))
    assert not any(map(instance.is_loopback, ("0.0.0.0", "::", "10.0.0.5", "sigap.example")))


@pytest.mark.parametrize("port", ["http", "-1", "70000"])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(connection.BadValue, match="PORT"):
        instance.address({"PORT": port})


def test_dotenv_fills_only_what_the_environment_leaves_open(tmp_path):
    path = tmp_path / ".env"
    path.write_text("# comment\n\nPORT=9000\nTIME_ZONE='Asia/Makassar'\n")
    environ = {"PORT": "8000"}
    dotenv.load(path, environ)
    assert environ == {"PORT": "8000", "TIME_ZONE": "Asia/Makassar"}
    path.write_text("PORT\n")
    with pytest.raises(connection.BadValue, match="line 1"):
        dotenv.load(path, environ)
