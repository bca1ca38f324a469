"""A real worker with the bench's trade: `celery -A bench.timers_worker worker`."""

from __future__ import annotations

import django

django.setup()

from bench.timers_trade import REGISTRY  # noqa: E402 - needs the apps
from core.worker import Application  # noqa: E402

app = Application(REGISTRY)
