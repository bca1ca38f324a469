"""`write_docs`: write the documents and types that are made from the code."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.browser_types import browser_types
from config.diagrams import events_page, settings_page, states_page
from config.rule_tables import with_tables


class Command(BaseCommand):
    """Writes the pages of docs that are made from the code, the marked tables of others and types/api.d.ts."""

    help = "Write the pages of docs that are made from the code, and types/api.d.ts."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own shape

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Write the pages."""
        docs = settings.BASE_DIR / "docs"
        (docs / "rules" / "states.md").write_text(states_page(), encoding="utf-8")
        (docs / "events.md").write_text(events_page(), encoding="utf-8")
        (docs / "settings.md").write_text(settings_page(), encoding="utf-8")
        (settings.BASE_DIR / "types" / "api.d.ts").write_text(browser_types(), encoding="utf-8")
        for page in (docs / "architecture.md", *sorted((docs / "rules").glob("*.md"))):
            page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")
