"""The core app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Names the app; registers nothing."""

    name = "core"
    default_auto_field = "django.db.models.BigAutoField"
