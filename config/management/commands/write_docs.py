"""`write_docs`: make the pages of docs/ that are made from tables."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.diagrams import domain_page, settings_page


class Command(BaseCommand):
    """Writes docs/domain.md and docs/settings.md."""

    help = "Write docs/domain.md from the tables of states and docs/settings.md from the table of variables."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own shape

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Write the pages."""
        docs = settings.BASE_DIR / "docs"
        (docs / "domain.md").write_text(domain_page(), encoding="utf-8")
        (docs / "settings.md").write_text(settings_page(), encoding="utf-8")
