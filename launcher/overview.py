"""The product's own commands, each with one line, for whoever types `./sigap` alone."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import django
from django.core.management import get_commands

from launcher.console_output import words

BASE_DIR = Path(__file__).resolve().parents[1]


def own_commands() -> dict[str, str]:
    """The commands of the product's own apps, by name, with the text of their `help`."""
    django.setup()  # without it Django knows only its own
    found = {}
    for name, app in sorted(get_commands().items()):
        if (BASE_DIR / app / "management" / "commands" / f"{name}.py").exists():
            found[name] = str(import_module(f"{app}.management.commands.{name}").Command.help)
    return found


def overview() -> str:
    """The text that `./sigap` alone prints: the command to begin with, the own commands, where the others are."""
    commands = own_commands()
    width = max(map(len, commands))
    head = words(
        "Usage: ./sigap COMMAND [options]. To begin: ./sigap up",
        "Pemakaian: ./sigap PERINTAH [opsi]. Untuk mulai: ./sigap up",
    )
    foot = words(
        "./sigap COMMAND --help shows a command's options; ./sigap help lists Django's own commands too.",
        "./sigap PERINTAH --help menampilkan opsinya; ./sigap help juga menampilkan perintah Django.",
    )
    lines = (f"  {name:{width}}  {text}" for name, text in commands.items())
    return "\n".join([head, "", *lines, "", foot])
