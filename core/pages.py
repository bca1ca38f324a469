"""What every page is told: which kind of place this is, and how it shall look."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

THEMES = ("dark", "light")
THEME_COOKIE = "theme"


def place(request: HttpRequest) -> dict[str, Any]:
    """Context of all templates: `training` (striped), `theme`, `language`, `languages`."""
    theme = request.COOKIES.get(THEME_COOKIE)
    return {
        "training": settings.SIGAP_PLACE == "training",
        "theme": theme if theme in THEMES else THEMES[0],
        "language": get_language() or settings.LANGUAGE_CODE,
        "languages": settings.LANGUAGES,
    }
