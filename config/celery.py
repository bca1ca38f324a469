"""What `celery -A config.celery worker` and `beat` run."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from config.registry import registry  # noqa: E402 - needs the apps
from core.worker import Application  # noqa: E402

app = Application(registry)
