"""A real worker with the bench's domain: `celery -A bench.timers_worker worker`."""

from __future__ import annotations

import django

django.setup()

from bench.timers_fixture import REGISTRY  # noqa: E402 - needs the apps
from config.worker import Application  # noqa: E402

app = Application(REGISTRY)
