"""The directory app."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Names the app; registers nothing."""

    name = "directory"
    default_auto_field = "django.db.models.BigAutoField"
