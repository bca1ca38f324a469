"""Everything people read is there in each language of the pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils.translation import to_locale

from config.translations import gather, translated, untranslated

ROOT = Path(__file__).resolve().parent.parent.parent
NAMED = re.compile(r"%\((\w+)\)s")


@pytest.fixture(scope="module", params=translated())
def translation(request):
    file = ROOT / "locale" / to_locale(request.param) / "LC_MESSAGES" / "django.po"
    return read_po(file.read_bytes().splitlines(keepends=True), locale=to_locale(request.param))


def test_every_text_of_the_code_is_translated(translation):
    missing = [
        message.id for message in gather(ROOT) if message.id and translation.get(message.id, message.context) is None
    ]
    assert not missing, "run ./sigap update_messages, then translate"
    assert not untranslated(translation)


def test_no_text_is_translated_that_no_code_uses_any_more(translation):
    used = gather(ROOT)
    assert not [message.id for message in translation if message.id and used.get(message.id, message.context) is None]


def test_a_translation_names_the_same_things_as_its_source(translation):
    for message in translation:
        if message.id:
            source = message.id if isinstance(message.id, str) else message.id[-1]
            words = message.string if isinstance(message.string, str) else message.string[0]
            assert set(NAMED.findall(words)) == set(NAMED.findall(source)), source
