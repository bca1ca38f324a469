"""`write_docs`: write the documents that are made from tables."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.diagrams import settings_page, states_page
from config.rule_tables import with_tables


class Command(BaseCommand):
    """Writes docs/rules/states.md, docs/settings.md, and the tables of docs/architecture.md and docs/rules/."""

    help = "Write docs/rules/states.md, docs/settings.md and the marked tables in the other pages, all from the code."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own shape

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Write the pages."""
        docs = settings.BASE_DIR / "docs"
        (docs / "rules" / "states.md").write_text(states_page(), encoding="utf-8")
        (docs / "settings.md").write_text(settings_page(), encoding="utf-8")
        for page in (docs / "architecture.md", *sorted((docs / "rules").glob("*.md"))):
            page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")
