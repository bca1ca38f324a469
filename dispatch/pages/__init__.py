"""The pages of dispatch."""

from dispatch.pages.board import board

__all__ = ["board"]
