"""The alarms app."""

from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    """Names the app; registers nothing."""

    name = "alarms"
    default_auto_field = "django.db.models.BigAutoField"
