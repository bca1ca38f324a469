"""The staff app."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Names the app; registers nothing."""

    name = "staff"
    default_auto_field = "django.db.models.BigAutoField"
