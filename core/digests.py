"""Sealing words: the log keeps a digest of salt and text, the row keeps both, so that words can be forgotten."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sealed:
    """A text with the salt (hex) and the SHA-256 (hex) of salt and text that the log may keep."""

    text: str
    salt: str
    digest: str


def seal(text: str) -> Sealed:
    """Seal a text with a fresh salt of 16 bytes."""
    salt = secrets.token_hex(16)
    return Sealed(text, salt, digest(salt, text))


def digest(salt: str, text: str) -> str:
    """SHA-256 (hex) of salt and text."""
    return hashlib.sha256((salt + text).encode()).hexdigest()
