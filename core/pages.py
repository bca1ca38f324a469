"""Template context of every page: the kind of site, and how the page looks."""

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
