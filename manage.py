#!/usr/bin/env python
"""Runs a management command, with the embedded servers up for its length where it needs them."""

import os
import sys
from contextlib import ExitStack

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from core.launcher import connection, instance, servers
from core.launcher.words import LauncherError, say

# These sign in as the owner of the tables; all others as the application, whose rights are fewer.
OWNER_COMMANDS = {"up", "migrate", "load_defaults", "flush", "sqlmigrate", "showmigrations", "backup", "restore"}
# These need no server at all.
SERVERLESS_COMMANDS = {"help", "version", "--help", "--version", "check", "test", "bench", "makemessages",
                       "compilemessages", "collectstatic", "findstatic", "makemigrations", "diffsettings"}


def main(argv: list[str]) -> int:
    """Run the command that the words name and return the exit code."""
    command = next(iter(argv[1:]), "help")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SIGAP_DB_ROLE", "owner" if command in OWNER_COMMANDS else "app")
    try:
        _choose_place(command, argv)
        with ExitStack() as stack:
            if command not in SERVERLESS_COMMANDS and not {"-h", "--help"} & set(argv):
                stack.enter_context(servers.using(os.environ, say=say, wait=command == "up"))
            execute_from_command_line(argv)
    except (LauncherError, ImproperlyConfigured) as error:
        say(str(error))
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def _choose_place(command: str, argv: list[str]) -> None:
    """Let `up --live` mean the live place, and other commands the place that runs, unless the environment says."""
    if command == "up" and "--live" in argv:
        if os.environ.get("SIGAP_PLACE") not in {None, "", "live"}:
            raise LauncherError("SIGAP_PLACE and --live disagree: drop one of them.")
        os.environ["SIGAP_PLACE"] = "live"
    elif command != "up" and not os.environ.get("SIGAP_PLACE"):
        at_work = instance.running(connection.home(os.environ))
        if at_work is not None:
            os.environ["SIGAP_PLACE"] = at_work.place


if __name__ == "__main__":
    sys.exit(main(sys.argv))
