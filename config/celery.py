"""What `celery -A config.celery worker` and `beat` run."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# `check` has looked before; a worker that was killed should be back half a second sooner.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
django.setup()

from config.registry import registry  # noqa: E402 - needs the apps
from config.worker import Application  # noqa: E402

app = Application(registry)
