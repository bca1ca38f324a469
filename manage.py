#!/usr/bin/env python
"""Runs a management command, with the embedded servers up for its length where it needs them."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from launcher import build_stamp, connection, dotenv, instance, modes, servers, suite, up
from launcher.bytecode import keep_bytecode
from launcher.console_output import LauncherError, say, words
from launcher.overview import overview

# These sign in as the owner of the tables; all others as the application, whose rights are fewer.
OWNER_COMMANDS = {"up", "migrate", "load_defaults", "flush", "sqlmigrate", "showmigrations", "backup", "restore"}
# These need no server at all.
SERVERLESS_COMMANDS = {
    *("help", "version", "--help", "--version", "check", "test", "bench", "makemessages", "compilemessages"),
    *("collectstatic", "findstatic", "makemigrations", "diffsettings"),
    "restore",  # starts them itself, once it has looked at the backup and at the folder of state
}
# These write in the checkout, for others to read.
DEVELOPER_COMMANDS = {"makemigrations", "makemessages", "compilemessages", "test", "update_messages", "write_docs"}


def main(argv: list[str]) -> int:
    """Run the command that the words name and return the exit code."""
    command = next(iter(argv[1:]), "help")
    flags = set(argv[2:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        if command == "test":  # before .env is read: the suite's places are its own
            suite.run(argv[2:])
        dotenv.load(connection.BASE_DIR / ".env", os.environ)
        if len(argv) == 1:
            sys.stdout.write(f"{overview()}\n")
            return 0
        _choose_place(command, flags)
        if command == "up" and not flags & {"--prepare-only", "-h", "--help"}:
            keep_bytecode(os.environ, connection.home(os.environ))
            return up.run(os.environ)  # without Django, which its children load
        os.environ.setdefault("SIGAP_DB_ROLE", "owner" if command in OWNER_COMMANDS else "app")
        if command not in DEVELOPER_COMMANDS:
            modes.keep_private()
        if command in SERVERLESS_COMMANDS or flags & {"-h", "--help"} or (command == "backup" and "--check" in flags):
            execute_from_command_line(argv)
            return 0
        with servers.using(os.environ, say=say):
            if command in OWNER_COMMANDS - {"up", "backup"}:
                build_stamp.forget(connection.home(os.environ))
            execute_from_command_line(argv)
    except (LauncherError, ImproperlyConfigured) as error:
        say(str(error))
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def _choose_place(command: str, flags: set[str]) -> None:
    """Let `up --live` mean the live place, and other commands the place that runs, unless the environment names one."""
    given = os.environ.get("SIGAP_PLACE")
    if command == "up" and "--live" in flags:
        if given not in {None, "", "live"}:
            raise LauncherError(
                words(
                    "SIGAP_PLACE and --live disagree: drop one of them.",
                    "SIGAP_PLACE dan --live bertentangan: hapus salah satu.",
                )
            )
        os.environ["SIGAP_PLACE"] = "live"
    elif command != "up" and not given and (at_work := instance.running(connection.home(os.environ))):
        os.environ["SIGAP_PLACE"] = at_work.place


if __name__ == "__main__":
    sys.exit(main(sys.argv))
