"""Everything people read is there in Indonesian too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from config.translations import gather, untranslated

ROOT = Path(__file__).resolve().parent.parent.parent
FILE = ROOT / "locale" / "id" / "LC_MESSAGES" / "django.po"
NAMED = re.compile(r"%\((\w+)\)s")


@pytest.fixture(scope="module")
def indonesian():
    with FILE.open("rb") as file:
        return read_po(file, locale="id")


def test_every_text_of_the_code_has_its_indonesian(indonesian):
    missing = [
        message.id for message in gather(ROOT) if message.id and indonesian.get(message.id, message.context) is None
    ]
    assert not missing, "run ./sigap update_messages, then translate"
    assert not untranslated(indonesian)


def test_no_text_is_translated_that_no_code_uses_any_more(indonesian):
    used = gather(ROOT)
    assert not [message.id for message in indonesian if message.id and used.get(message.id, message.context) is None]


def test_a_translation_names_the_same_things_as_its_source(indonesian):
    for message in indonesian:
        if message.id:
            source = message.id if isinstance(message.id, str) else message.id[-1]
            words = message.string if isinstance(message.string, str) else message.string[0]
            assert set(NAMED.findall(words)) == set(NAMED.findall(source)), source
