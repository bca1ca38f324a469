"""A worker with the tests' own trade: `celery -A tests.config.worker worker`."""

from __future__ import annotations

import django

django.setup()

from config.worker import Application  # noqa: E402
from tests.core.registries import Trade  # noqa: E402

app = Application(Trade().registry())
