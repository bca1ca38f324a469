"""The calls app."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    """Names the app; registers nothing."""

    name = "calls"
    default_auto_field = "django.db.models.BigAutoField"
