"""The kinds of values that environment variables hold: each reads a text or names what it must be. Without Django."""

import ipaddress
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LONGEST = 4096
LONGEST_HOST = 253
# Django's own bounds for a key that signs sessions (security.W009).
SECRET_LENGTH, SECRET_VARIETY = 50, 5
TRUE, FALSE = ("1", "true", "yes"), ("0", "false", "no")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


class Unfit(ValueError):
    """A text is not of the kind; its two texts say what to give, in English and Indonesian."""

    def __init__(self, english: str, indonesian: str) -> None:
        super().__init__(english)
        self.english, self.indonesian = english, indonesian


@dataclass(frozen=True)
class Kind:
    """A kind of value: its name in the documentation and what reads a text of it, or raises Unfit."""

    name: str
    read: Callable[[str], Any]


def plain(text: str) -> str:
    """Return the text; refuse control and direction characters, blanks around it and more than 4,096 characters."""
    if _CONTROL.search(text):
        raise Unfit("text without control characters", "teks tanpa karakter kendali")
    if text != text.strip():
        raise Unfit("the value without blanks around it", "nilai tanpa spasi di kedua ujungnya")
    if len(text) > LONGEST:
        raise Unfit(f"at most {LONGEST} characters", f"paling banyak {LONGEST} karakter")
    return text


def choice(*options: str, fold: bool = False) -> Kind:
    """Return the kind of one of some words; with `fold` in any case."""

    def read(text: str) -> str:
        found = text.upper() if fold and text.isascii() else text
        if found not in options:
            raise Unfit(" or ".join(options), " atau ".join(options))
        return found

    return Kind(" or ".join(f"`{option}`" for option in options), read)


def _flag(text: str) -> bool:
    lower = text.lower() if text.isascii() else ""
    if lower not in TRUE + FALSE:
        raise Unfit("0 or 1", "0 atau 1")
    return lower in TRUE


FLAG = Kind("0 or 1", _flag)


def number(low: int, high: int) -> Kind:
    """Return the kind of a whole number within bounds, in the digits 0 to 9 and nothing else."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
            raise Unfit(f"a whole number from {low} to {high}", f"bilangan bulat dari {low} sampai {high}")
        return int(text)

    return Kind(f"{low} to {high}", read)


def secret(length: int = 1, variety: int = 1) -> Kind:
    """Return the kind of a secret with a least length and a least number of different characters."""

    def read(text: str) -> str:
        if _CONTROL.search(text):
            raise Unfit("text without control characters", "teks tanpa karakter kendali")
        if len(text) < length or len(set(text)) < variety or len(text) > LONGEST:
            raise Unfit(
                f"{length} to {LONGEST} characters, {variety} of them different",
                f"{length} sampai {LONGEST} karakter, {variety} di antaranya berbeda",
            )
        return text

    return Kind(f"secret of {length} characters or more" if length > 1 else "secret", read)


def _host(text: str) -> str:
    if not is_host(text):
        raise Unfit("an address or a host name without scheme and port", "alamat atau nama host tanpa skema dan port")
    return text


def is_host(text: str) -> bool:
    """Say whether the text is an IP address or a host name."""
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        ipaddress.ip_address(bare)
    except ValueError:
        labels = text.split(".")
        named = len(text) <= LONGEST_HOST and all(map(_LABEL.fullmatch, labels))
        return named and not labels[-1].isdecimal()
    return "%" not in bare


HOST = Kind("address or host name", _host)


def _items(text: str) -> list[str]:
    return [item for item in (part.strip() for part in text.split(",")) if item]


def _hosts(text: str) -> list[str]:
    items = _items(text)
    if not items or not all(item == "*" or is_host(item.removeprefix(".")) for item in items):
        raise Unfit(
            "host names by comma, without scheme and port, such as 127.0.0.1,sigap.example",
            "nama host dipisah koma, tanpa skema dan port, misalnya 127.0.0.1,sigap.example",
        )
    return items


def _private_hosts(text: str) -> list[str]:
    items = _items(text)
    if not items or not all(map(is_host, items)):
        raise Unfit("host names by comma, without scheme and port", "nama host dipisah koma, tanpa skema dan port")
    return items


HOSTS = Kind("host names by comma; `.example` stands for all below it, `*` for any", _hosts)
PRIVATE_HOSTS = Kind("host names by comma", _private_hosts)


def _origins(text: str) -> list[str]:
    items = _items(text)
    if not items or not all(map(_is_origin, items)):
        raise Unfit(
            "origins by comma, scheme and host only, such as https://sigap.example",
            "asal dipisah koma, hanya skema dan host, misalnya https://sigap.example",
        )
    return items


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        return False
    host = (parts.hostname or "").removeprefix("*.")
    bare = not (parts.path or parts.query or parts.fragment or "@" in parts.netloc or "?" in text or "#" in text)
    return parts.scheme in {"http", "https"} and bare and port_fits and is_host(host)


ORIGINS = Kind("origins (scheme and host) by comma", _origins)


def _networks(text: str) -> str:
    try:
        for item in _items(text) if text != "*" else []:
            ipaddress.ip_network(item)
    except ValueError:
        raise Unfit("* or addresses and networks by comma", "* atau alamat dan jaringan dipisah koma") from None
    if not _items(text):
        raise Unfit("* or addresses and networks by comma", "* atau alamat dan jaringan dipisah koma")
    return text


NETWORKS = Kind("`*`, or addresses and networks by comma", _networks)


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Unfit("a time zone such as Asia/Jakarta", "zona waktu misalnya Asia/Jakarta") from None
    return text


ZONE = Kind("time zone", _zone)


def _readable(text: str) -> str:
    path = Path(text)
    if not (path.is_file() and os.access(path, os.R_OK)):
        raise Unfit("a file that can be read", "berkas yang dapat dibaca")
    return text


def _executable(text: str) -> str:
    path = Path(text)
    if not (path.is_file() and os.access(path, os.X_OK)):
        raise Unfit("a program that can be run", "program yang dapat dijalankan")
    return text


READABLE = Kind("file", _readable)
EXECUTABLE = Kind("program", _executable)


def _file_to_come(text: str) -> str:
    if not Path(text).parent.is_dir() or Path(text).is_dir():
        raise Unfit("a file in a folder that exists", "berkas dalam folder yang ada")
    return text


FILE = Kind("file", _file_to_come)


def _folder(text: str) -> str:
    """A folder that exists or may come to exist: the nearest thing above it that exists is a folder."""
    path = Path.cwd() / text
    try:
        above = next(one for one in (path, *path.parents) if one.exists())
        fits = above.is_dir()
    except OSError:  # a name that is too long
        fits = False
    if not fits:
        raise Unfit("a folder", "folder")
    return text


def _absolute_folder(text: str) -> str:
    """A folder that need not be there now: a disk that is not mounted must not keep the system from starting."""
    if not text.startswith("/") or "/../" in f"{text}/" or text.rstrip("/") == "":
        raise Unfit("a folder, its whole path from /", "folder, jalur lengkap dari /")
    return _folder(text)


FOLDER = Kind("folder", _folder)
ABSOLUTE_FOLDER = Kind("folder, from `/`", _absolute_folder)


def _email(text: str) -> str:
    address = text[text.rindex("<") + 1 : -1] if text.endswith(">") and "<" in text else text
    if not _ADDRESS.fullmatch(address) or ".." in address:
        raise Unfit("an e-mail address", "alamat surel")
    return text


EMAIL = Kind("e-mail address", _email)


def _email_backend(text: str) -> str:
    module, _, name = text.rpartition(".")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError, TypeError):
        found = None
    if not (isinstance(found, type) and hasattr(found, "send_messages")):
        raise Unfit(
            "a class of Django, such as django.core.mail.backends.smtp.EmailBackend",
            "kelas Django, misalnya django.core.mail.backends.smtp.EmailBackend",
        )
    return text


EMAIL_BACKEND = Kind("e-mail backend of Django", _email_backend)
TEXT = Kind("text", plain)
