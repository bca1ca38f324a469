"""A worker with the tests' own domain: `celery -A tests.config.worker worker`."""

from __future__ import annotations

import django

django.setup()

from config.worker import Application  # noqa: E402
from tests.core.registries import SampleDomain  # noqa: E402

app = Application(SampleDomain().registry())
