"""The plans app."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Names the app; registers nothing."""

    name = "plans"
    default_auto_field = "django.db.models.BigAutoField"
