"""The dispatch app."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """Names the app; registers nothing."""

    name = "dispatch"
    default_auto_field = "django.db.models.BigAutoField"
