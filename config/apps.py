"""The composition root is an app of its own for the commands that touch every other app."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Names the app; registers nothing."""

    name = "config"
