"""The places app."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Names the app; registers nothing."""

    name = "places"
    default_auto_field = "django.db.models.BigAutoField"
