"""`write_docs`: make the pages of docs/ that are made from tables."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.diagrams import domain_page


class Command(BaseCommand):
    """Writes docs/domain.md."""

    help = "Write docs/domain.md from the tables of states."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own shape

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Write the page."""
        (settings.BASE_DIR / "docs" / "domain.md").write_text(domain_page(), encoding="utf-8")
