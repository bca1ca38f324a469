"""The units app."""

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """Names the app; registers nothing."""

    name = "units"
    default_auto_field = "django.db.models.BigAutoField"
