"""Signing in, second factors, and the choices of a reader."""

from accounts.pages.decorators import PageRequest, page_for

__all__ = ["PageRequest", "page_for"]
