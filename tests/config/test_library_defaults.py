"""What libraries would do by themselves, and what is set instead (docs/decisions/0015-library-defaults.md)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.account import app_settings as account
from allauth.mfa import app_settings as mfa
from django.conf import settings

from config.worker import SETTINGS as CELERY

PAGE = Path(__file__).resolve().parents[2] / "docs/decisions/0015-library-defaults.md"
ROW = re.compile(r"^\| `([A-Z_]+)` \|[^|]*\| `([^`]+)` \|", re.MULTILINE)


@pytest.mark.parametrize(("name", "value"), ROW.findall(PAGE.read_text(encoding="utf-8")))
def test_the_page_of_defaults_states_what_is_set(name, value):
    assert repr(getattr(settings, name)) == value


def test_allauth_counts_nothing_of_its_own_and_opens_no_other_way_in():
    assert account.RATE_LIMITS == {}
    assert not account.LOGIN_BY_CODE_ENABLED
    assert not mfa.PASSKEY_LOGIN_ENABLED
    assert not mfa.TRUST_ENABLED


def test_uploads_wait_below_the_sites_own_folder():
    folder = settings.FILE_UPLOAD_TEMP_DIR
    assert folder.parent == settings.SIGAP_HOME
    assert folder.stat().st_mode & 0o077 == 0


def test_nobody_but_a_proxy_states_that_a_request_came_by_https(tmp_path):
    asked = (
        "from django.test import RequestFactory as R; print(R().get('/', HTTP_X_FORWARDED_PROTO='https').is_secure())"
    )
    done = subprocess.run(
        (sys.executable, "manage.py", "shell", "--no-imports", "-c", asked),
        cwd=PAGE.parents[2],
        env={**os.environ, "SIGAP_HOME": str(tmp_path), "SIGAP_TLS": "1"},
        text=True,
        capture_output=True,
        check=True,
    )
    assert done.stdout == "False\n"


def test_celery_reads_json_alone():
    assert CELERY["accept_content"] == [CELERY["task_serializer"]] == ["json"]
